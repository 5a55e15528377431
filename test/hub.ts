import type { FormattedExecutionResult } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import WebSocket from 'ws';
import type { Scope } from '../src/access/scope.js';
import type { Clock } from '../src/clock.js';
import { readConfig } from '../src/config.js';
import { openConnection } from '../src/database/open-database.js';
import type { Hub } from '../src/hub.js';
import type { Log } from '../src/log.js';
import { startHub, type RunningHub } from '../src/start-hub.js';
import { cloneDatabase, type Clone } from './database-clone.js';

export const adminKey = 'the-operators-key-in-every-test-file';

export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; requestId?: string } }[];
}

export interface TestOwner {
  id: string;
  code: string;
  /** A key of this owner; with every scope but admin unless told. */
  key: string;
  /** One request as this owner. @throws when the answer has top-level errors */
  gql: <Data = Record<string, unknown>>(query: string, variables?: object) => Promise<Data>;
  newKey: (scopes: Scope[], name?: string) => Promise<string>;
}

export interface TestHub extends RunningHub {
  /** Whole only with the parts api, webhooks or feeds. */
  hub: Hub;
  clone: Clone;
  /** Lines that the hub has logged. */
  logged: { level: string; message: string; fields: object }[];
  request: <Data = Record<string, unknown>>(
    query: string,
    variables?: object,
    options?: { key?: string | null; owner?: string },
  ) => Promise<Answer<Data>>;
  owner: (code?: string, input?: object) => Promise<TestOwner>;
  /** A graphql-ws client over a real socket; disposed with the hub. */
  subscriber: (key: string, owner?: string) => Client;
}

export interface TestHubOptions {
  clock?: Clock;
  /** Variables of the environment, as an operator would set them. */
  env?: Record<string, string>;
  /** A database that is there already: another process of the same hub. */
  clone?: Clone;
}

/** A real hub on a random port with a database of its own. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const clone = options.clone ?? (await cloneDatabase());
  const logged: TestHub['logged'] = [];
  const log: Log = (level, message, fields = {}) => {
    if (level !== 'debug') logged.push({ level, message, fields });
  };
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: clone.url,
    STAMDATA_ADMIN_KEY: adminKey,
    STAMDATA_SECRET: testSecret,
    STAMDATA_DATA_DIR: tmpdir(),
    WEBHOOK_ALLOW_HTTP: 'true',
    STAMDATA_WEBHOOK_CHANGES_PER_MINUTE: '100000', // a test's desk makes and changes many
    WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
    ...options.env,
  });
  const database = await openConnection(clone.connection, 'a test database', null, { poolSize: 10 });
  const running = await startHub(config, { database, log, ...(options.clock ? { clock: options.clock } : {}) });
  const clients: Client[] = [];
  const request: TestHub['request'] = (query, variables, { key = adminKey, owner } = {}) =>
    post(running.url, query, variables, key, owner);
  const stop = async () => {
    for (const client of clients) await client.dispose();
    await running.stop();
    if (!options.clone) await clone.drop();
  };
  return {
    ...running,
    hub: running.hub as Hub,
    stop,
    clone,
    logged,
    request,
    owner: (code = randomCode(), input = {}) => makeOwner(request, code, input),
    subscriber: (key, owner) => {
      const client = subscribe(running.url, key, owner);
      clients.push(client);
      return client;
    },
  };
}

export const testSecret = Buffer.alloc(32, 7).toString('base64');

export const randomCode = (): string => `T${randomBytes(4).toString('hex').toUpperCase()}`;

async function post<Data>(
  url: string,
  query: string,
  variables: object | undefined,
  key: string | null,
  owner: string | undefined,
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(owner === undefined ? {} : { 'stamdata-owner': owner }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<Data>, 'status'>) };
}

async function makeOwner(request: TestHub['request'], code: string, input: object): Promise<TestOwner> {
  const made = await request<{ createOwner: { owner: { id: string; code: string } | null; userErrors: object[] } }>(
    'mutation ($input: OwnerInput!) { createOwner(input: $input) { owner { id code } userErrors { message } } }',
    { input: { code, ...input } },
  );
  const { owner } = made.data.createOwner;
  if (!owner) throw new Error(JSON.stringify(made));
  const newKey = async (scopes: Scope[], name = `key of ${code}`) => {
    const answer = await request<{ createApiKey: { key: string | null } }>(
      'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { key userErrors { message } } }',
      { input: { name, owners: [code], scopes } },
    );
    if (!answer.data.createApiKey.key) throw new Error(JSON.stringify(answer));
    return answer.data.createApiKey.key;
  };
  const key = await newKey(everyScopeButAdmin);
  const gql = async <Data>(query: string, variables?: object): Promise<Data> => {
    const answer = await request<Data>(query, variables, { key });
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  return { ...owner, key, gql, newKey };
}

const everyScopeButAdmin: Scope[] = [
  'customers:read',
  'customers:write',
  'customers:bulk',
  'customers:erase',
  'orders:write',
  'bookings:write',
  'webhooks:manage',
  'changes:read',
  'schema:read',
];

function subscribe(url: string, key: string, owner: string | undefined): Client {
  return createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}`, ...(owner === undefined ? {} : { owner }) },
    retryAttempts: 0,
    lazy: true,
  });
}

/** The results of a subscription, one by one; `next` waits for the next one up to `patienceMs` and fails loudly. */
export function follow<Data>(client: Client, query: string, variables?: Record<string, unknown>, patienceMs = 10_000) {
  const iterator = client.iterate<Data>({ query, ...(variables ? { variables } : {}) });
  const nextResult = async (): Promise<FormattedExecutionResult<Data, unknown>> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`nothing came within ${patienceMs} ms`)), patienceMs);
    });
    try {
      const result = await Promise.race([iterator.next(), late]);
      if (result.done) throw new Error('the subscription ended');
      return result.value;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    nextResult,
    next: async (): Promise<Data> => {
      const result = await nextResult();
      if (result.errors || !result.data) throw new Error(JSON.stringify(result.errors));
      return result.data;
    },
    end: () => iterator.return?.(),
  };
}

/** A cursor behind everything that the owner's feed has right now: subscribe with it and miss nothing after. */
export async function endOfFeed(owner: TestOwner): Promise<string> {
  let cursor: string | null = null;
  for (;;) {
    const page: { customerEvents: { pageInfo: { endCursor: string; hasNextPage: boolean } } } = await owner.gql(
      'query ($after: String) { customerEvents(after: $after, first: 100) { pageInfo { endCursor hasNextPage } } }',
      { after: cursor },
    );
    cursor = page.customerEvents.pageInfo.endCursor;
    if (!page.customerEvents.pageInfo.hasNextPage) return cursor;
  }
}
