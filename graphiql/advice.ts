/** The code under which the page itself answers an introspection that has no key to be sent with. */
export const NO_KEY = 'NO_KEY';
/** The code for a request that got no answer at all. */
export const UNREACHABLE = 'UNREACHABLE';

/** Takes GraphiQL's account of a failed introspection (JSON text); gives the line that tells a person what to do. */
export function adviceFor(fetchError: string): string {
  const { code, message } = firstError(fetchError);
  switch (code) {
    case NO_KEY:
      return 'Paste an API key to begin. “stamdata key create” makes one, and the demo prints one when it starts.';
    case 'UNAUTHENTICATED':
      return 'The hub refused this key: it is mistyped, expired or revoked. Paste another one.';
    case 'FORBIDDEN':
      return 'This key may not read the schema (scope schema:read). Operations run, without completion and documentation.';
    case UNREACHABLE:
      return `The hub does not answer (${message}). Check that it is running, then reload this page.`;
    default:
      return `The schema could not be loaded: ${message}`;
  }
}

function firstError(fetchError: string): { code?: string; message: string } {
  try {
    const { errors } = JSON.parse(fetchError) as {
      errors: { message: string; extensions?: { code?: string } }[];
    };
    return { code: errors[0]?.extensions?.code, message: errors[0]?.message ?? fetchError };
  } catch {
    return { message: fetchError };
  }
}
