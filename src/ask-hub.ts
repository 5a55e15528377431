import { StartupError } from './errors.js';

/** A running hub, and who asks. */
export interface Asking {
  /** http://host:port of the hub. */
  url: string;
  key: string;
  /** Where the key covers several owners. */
  owner?: string;
}

/** No hub answered: it may do so in a moment. */
export class HubSilent extends StartupError {
  constructor(url: string) {
    super(`no hub answers at ${url}`);
  }
}

/**
 * What a running hub answers to an operation: for commands, which talk to it as any client. `signal` ends the waiting.
 * @throws HubSilent, or StartupError with what it refuses, a line each
 */
export async function askHub<Data>(
  { url, key, owner }: Asking,
  query: string,
  variables: object = {},
  signal: AbortSignal | null = null,
): Promise<Data> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    ...(owner === undefined ? {} : { 'stamdata-owner': owner }),
  };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal }).catch(() => {
    throw new HubSilent(url);
  });
  const answer = (await response.json().catch(() => ({}))) as { data?: Data | null; errors?: { message: string }[] };
  if (answer.data && !answer.errors) return answer.data;
  if (!answer.errors) throw new HubSilent(url);
  throw new StartupError(answer.errors.map(({ message }) => message).join('\n'));
}
