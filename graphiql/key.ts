/** The content of GraphiQL's header editor, parsed. */
export type Headers = Record<string, unknown>;

/** What a fresh tab's header editor holds: the place of the key. */
export const blankHeaders = '{ "authorization": "Bearer " }';

/** Takes the hash of an address (`#key=…`, as the demo prints it); gives the key in it, or null. */
export function keyInHash(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('key')?.trim() || null;
}

/** Takes the headers and a key as a person pastes it, with or without `Bearer`; gives the same headers with that key. */
export function withKey(headers: Headers, pasted: string): Headers {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return { authorization: `Bearer ${bare(pasted)}`, ...Object.fromEntries(others) };
}

/** Gives the key that the headers carry, or null while there is only the place for one. */
export function keyIn(headers: Headers): string | null {
  return bare(valueOf(headers, 'authorization') ?? '') || null;
}

/** Takes the headers; gives what the same caller sends when a WebSocket opens (api-contract, section 1). */
export function connectionParams(headers: Headers): { authorization?: string; owner?: string } {
  const authorization = valueOf(headers, 'authorization');
  const owner = valueOf(headers, 'stamdata-owner');
  return { ...(authorization && { authorization }), ...(owner && { owner }) };
}

function valueOf(headers: Headers, wanted: string): string | undefined {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return typeof found === 'string' ? found.trim() : undefined;
}

const bare = (credentials: string): string => credentials.trim().replace(/^bearer(\s+|$)/i, '');
