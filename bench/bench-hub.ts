import { createApiKey } from '../src/access/api-keys.js';
import { scopes } from '../src/access/scope.js';
import { readConfig } from '../src/config.js';
import { createOwner } from '../src/owner/owners.js';
import { startHub, type RunningHub } from '../src/start-hub.js';
import type { BenchData } from './bench-data.js';

export interface BenchHub extends RunningHub {
  /** Makes an owner with a key of every scope. */
  owner: () => Promise<BenchOwner>;
}

export interface BenchOwner {
  id: string;
  code: string;
  key: string;
  request: <Data>(query: string, variables?: object) => Promise<Data>;
  /** Sends a request that is text already, and gives the answer as text: for measures of the hub without its client. */
  send: (body: string) => Promise<string>;
}

/** A hub as an operator runs it, with everything durable, on a free port and an empty database. */
export async function startBenchHub(data: BenchData): Promise<BenchHub> {
  const running = await startHub(
    readConfig({
      ...{ PORT: '0', STAMDATA_DATA_DIR: data.directory, LOG_LEVEL: 'error' },
      STAMDATA_SOCKETS_PER_KEY: '100000',
      STAMDATA_COST_PER_SECOND: '0', // what the hub can do is measured, not what one key may have of it
      ...{ WEBHOOK_ALLOW_HTTP: 'true', WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' }, // receivers on this machine
    }),
    { database: await data.empty() },
  );
  let n = 0;
  const owner = () =>
    running.hub.db.asSystem(async (sql): Promise<BenchOwner> => {
      const made = await createOwner(sql, { code: `BENCH${++n}` });
      const { key } = await createApiKey(sql, { name: 'bench', owners: [made], scopes: [...scopes], expiresAt: null });
      return {
        id: made.id,
        code: made.code,
        key,
        request: async <Data>(query: string, variables?: object) =>
          dataOf<Data>(await post(running.url, key, JSON.stringify({ query, variables }))),
        send: (body) => post(running.url, key, body),
      };
    });
  return { ...running, owner };
}

async function post(url: string, key: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text();
}

/** @throws when the answer has errors */
export function dataOf<Data>(answer: string): Data {
  const { data, errors } = JSON.parse(answer) as { data: Data; errors?: object[] };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
