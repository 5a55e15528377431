/** What became of a request. `unsent`: it reached nobody. `unknown`: nobody can tell whether it was done. */
export type Reply<Data> =
  | { kind: 'answer'; data: Data }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'unsent' }
  | { kind: 'unknown'; why: string };

const patienceMs = 30_000;

/** One GraphQL request to a hub that may die or lose its database at any moment. Never throws. */
export async function ask<Data>(
  url: string,
  { key, owner }: { key: string; owner?: string },
  query: string,
  variables: object = {},
): Promise<Reply<Data>> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        ...(owner === undefined ? {} : { 'stamdata-owner': owner }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: RequestError[] };
    const [error] = errors ?? [];
    if (!error) return { kind: 'answer', data: data! };
    const code = error.extensions?.code ?? 'none';
    // It failed on the hub's side: before the commit, after it, or in it.
    if (code === 'INTERNAL_SERVER_ERROR') return { kind: 'unknown', why: code };
    return { kind: 'refused', code, message: error.message };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return cause?.code === 'ECONNREFUSED' ? { kind: 'unsent' } : { kind: 'unknown', why: cause?.code ?? message };
  }
}

interface RequestError {
  message: string;
  extensions?: { code?: string };
}
