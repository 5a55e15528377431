import { setTimeout as sleep } from 'node:timers/promises';
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
 * A key that has spent its points waits until it has some again.
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
  const response = await untilServed({ url, headers, body, signal });
  const answer = (await response.json().catch(() => ({}))) as { data?: Data | null; errors?: { message: string }[] };
  if (answer.data && !answer.errors) return answer.data;
  if (!answer.errors) throw new HubSilent(url);
  throw new StartupError(answer.errors.map(({ message }) => message).join('\n'));
}

interface Request {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal | null;
}

/** Asks again after as many seconds as the hub says, while the key has spent its points. */
async function untilServed({ url, headers, body, signal }: Request): Promise<Response> {
  for (let times = 1; ; times++) {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal }).catch(() => {
      throw new HubSilent(url);
    });
    const seconds = Number(response.headers.get('retry-after'));
    if (response.status !== 429 || !(seconds > 0) || times === mostTimes) return response;
    await response.body?.cancel();
    await sleep(seconds * 1_000, undefined, signal ? { signal } : {}).catch(() => {
      throw new HubSilent(url);
    });
  }
}

const mostTimes = 20;
