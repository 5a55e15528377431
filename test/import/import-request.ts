import type { TestHub, TestOwner } from '../hub.js';

export interface Told {
  status: number;
  /** Lines about rows. */
  problems: { line: number; code: string; action?: string; errors: string[] }[];
  /** The last line, or the body of a refusal. */
  last: {
    done?: true;
    operationId?: string;
    dryRun?: boolean;
    counts?: Record<'rows' | 'created' | 'updated' | 'unchanged' | 'skipped' | 'rejected', number>;
    error?: { code: string; message: string; line?: number };
  };
}

export interface Sending {
  type?: string;
  /** Beside the owner. */
  query?: Record<string, string>;
  headers?: Record<string, string>;
  key?: string;
}

/** Sends a file over real HTTP and reads the whole answer. */
export async function importFile(
  hub: Pick<TestHub, 'url'>,
  owner: Pick<TestOwner, 'code' | 'key'>,
  body: string | Buffer | ReadableStream<Uint8Array>,
  { type = 'application/x-ndjson', query = {}, headers = {}, key = owner.key }: Sending = {},
): Promise<Told> {
  const response = await fetch(
    `${hub.url}/import/customers?${new URLSearchParams({ owner: owner.code, ...query }).toString()}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type, ...headers },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
    },
  );
  return told(response.status, await response.text());
}

export function told(status: number, text: string): Told {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told['problems'][number] & Told['last']);
  return { status, problems: lines.slice(0, -1), last: lines.at(-1)! };
}

export const csv = 'text/csv';

/** Rows `from` to `to`, each with its own code. */
export const customers = (from: number, to: number, more: (n: number) => object = () => ({})): object[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    code: `C-${from + i}`,
    name: `Name ${from + i}`,
    ...more(from + i),
  }));

export const ndjson = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Codes of all customers, in the order in which they were made. */
export const codesOf = async (hub: TestHub, owner: TestOwner): Promise<string[]> =>
  (await hub.clone.sql<{ code: string }>('SELECT code FROM customer WHERE owner_id = $1 ORDER BY id', [owner.id])).map(
    ({ code }) => code,
  );

export interface Operation {
  id: string;
  state: string;
  dryRun: boolean;
  requestedBy: string;
  idempotencyKey: string | null;
  rows: number;
  bytesRead: number;
  bytesExpected: number | null;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  rejected: number;
  note: string | null;
  startedAt: string;
  endedAt: string | null;
  resultPath: string;
}

export const operationFields = `id state dryRun requestedBy idempotencyKey rows bytesRead bytesExpected created updated unchanged
  skipped rejected note startedAt endedAt resultPath`;

export const operations = async (owner: TestOwner): Promise<Operation[]> =>
  (
    await owner.gql<{ bulkOperations: { nodes: Operation[] } }>(
      `{ bulkOperations(first: 100) { nodes { ${operationFields} } } }`,
    )
  ).bulkOperations.nodes;

/** Asks until it holds. @throws when it does not within half a minute */
export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean, patienceMs = 30_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
