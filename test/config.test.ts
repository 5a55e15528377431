import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parts, readConfig } from '../src/config.js';
import { StartupError } from '../src/errors.js';

const secret = Buffer.alloc(32, 1).toString('base64');

test('api 1: an empty environment is a hub on 127.0.0.1:4000 with its own database and every part', () => {
  expect(readConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: null,
    dataDir: './.stamdata',
    adminKey: null,
    openId: null,
    secret: null,
    oldSecrets: [],
    parts: new Set(parts),
    webhookAllowCidrs: [],
    webhookAllowHttp: false,
    auditDays: 365,
    production: false,
    graphiql: true,
    queryMs: 10_000,
    socketsPerKey: 20,
    messagesPerSecond: 20,
    webhookChangesPerMinute: 10,
    costBurst: 50_000,
    costPerSecond: 10_000,
    stallMs: 60_000,
    drainMs: 0,
    persistedOperations: null,
    logLevel: 'info',
  });
});

test.each([
  ['PORT', '0', { port: 0 }],
  ['PORT', '65535', { port: 65535 }],
  ['HOST', '::', { host: '::' }],
  ['DATABASE_URL', 'postgres://u:p@h/d', { databaseUrl: 'postgres://u:p@h/d' }],
  ['DATABASE_URL', 'postgresql://h/d', { databaseUrl: 'postgresql://h/d' }],
  ['STAMDATA_DATA_DIR', '/var/lib/stamdata', { dataDir: '/var/lib/stamdata' }],
  ['STAMDATA_ADMIN_KEY', 'k'.repeat(32), { adminKey: 'k'.repeat(32) }],
  ['STAMDATA_SECRET', secret, { secret: Buffer.alloc(32, 1) }],
  ['STAMDATA_OLD_SECRETS', `${secret}, ${secret}`, { oldSecrets: [Buffer.alloc(32, 1), Buffer.alloc(32, 1)] }],
  ['STAMDATA_ROLES', 'all', { parts: new Set(parts) }],
  ['STAMDATA_ROLES', ' api, relay ,api', { parts: new Set(['api', 'relay']) }],
  [
    'WEBHOOK_ALLOW_CIDRS',
    '10.1.0.0/16, fd00::/8 192.168.0.0/24',
    { webhookAllowCidrs: ['10.1.0.0/16', 'fd00::/8', '192.168.0.0/24'] },
  ],
  ['WEBHOOK_ALLOW_HTTP', 'true', { webhookAllowHttp: true }],
  ['STAMDATA_GRAPHIQL', 'false', { graphiql: false }],
  ['STAMDATA_STALL_SECONDS', '5', { stallMs: 5_000 }],
  ['STAMDATA_DRAIN_SECONDS', '8', { drainMs: 8_000 }],
  ['STAMDATA_AUDIT_DAYS', '30', { auditDays: 30 }],
  ['STAMDATA_SOCKETS_PER_KEY', '1000', { socketsPerKey: 1_000 }],
  ['STAMDATA_MESSAGES_PER_SECOND', '5', { messagesPerSecond: 5 }],
  ['STAMDATA_WEBHOOK_CHANGES_PER_MINUTE', '1', { webhookChangesPerMinute: 1 }],
  ['STAMDATA_QUERY_SECONDS', '2', { queryMs: 2_000 }],
  ['STAMDATA_COST_BURST', '5000', { costBurst: 5_000 }],
  ['STAMDATA_COST_PER_SECOND', '0', { costPerSecond: 0 }],
  ['LOG_LEVEL', 'debug', { logLevel: 'debug' }],
])('api 1: %s=%s is read', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toMatchObject(expected);
});

test.each([
  ...['-1', '65536', '80.5', '0x10', '1e3', ' ', 'http', '4000 '].map((value) => ['PORT', value]),
  ...['mysql://h/d', 'h/d', '5432'].map((value) => ['DATABASE_URL', value]),
  ['STAMDATA_ADMIN_KEY', 'k'.repeat(31)],
  ...[
    'secret',
    'k'.repeat(32),
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    'ab'.repeat(32),
  ].map((value) => ['STAMDATA_SECRET', value]),
  ['STAMDATA_OLD_SECRETS', `${Buffer.alloc(32).toString('base64')},short`],
  ...['web', 'api,web', ',', 'API'].map((value) => ['STAMDATA_ROLES', value]),
  ...['10.0.0.0', '10.0.0.0/33', '300.0.0.0/8', 'localhost', '10.0.0.0/8;fd00::/8'].map((value) => [
    'WEBHOOK_ALLOW_CIDRS',
    value,
  ]),
  ...['yes', '1', 'TRUE'].flatMap((value) => [
    ['WEBHOOK_ALLOW_HTTP', value],
    ['STAMDATA_GRAPHIQL', value],
  ]),
  ...['9', '-1', '2.5', 'off'].map((value) => ['STAMDATA_DRAIN_SECONDS', value]),
  ...['0', '-1', '1.5', 'ever'].map((value) => ['STAMDATA_AUDIT_DAYS', value]),
  ...['on', 'Log', 'true'].map((value) => ['STAMDATA_PERSISTED_OPERATIONS', value]),
  ['LOG_LEVEL', 'loud'],
  ...['example.org', 'http://example.org', 'https://u:p@example.org', 'https://example.org/?a', 'ftp://127.0.0.1'].map(
    (value) => ['OIDC_ISSUER', value],
  ),
])('api 1: %s=%j is refused by name, in one line, without its value', (name, value) => {
  const error = mistakes({ [name]: value, ...(name === 'OIDC_ISSUER' ? { OIDC_AUDIENCE: 'hub' } : {}) });
  expect(error.exitCode).toBe(2);
  expect(error.message).toMatch(new RegExp(`^${name} must [^\n]+$`));
  if (/SECRET|ADMIN_KEY|DATABASE_URL/.test(name)) expect(error.message).not.toContain(` ${value}`);
});

test('api 1: an empty variable counts as unset', () => {
  const names = [
    'PORT',
    'DATABASE_URL',
    'STAMDATA_ADMIN_KEY',
    'STAMDATA_SECRET',
    'STAMDATA_ROLES',
    'WEBHOOK_ALLOW_HTTP',
    'LOG_LEVEL',
  ];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
});

test('api 1: STAMDATA_SECRET is required in production', () => {
  const env = { NODE_ENV: 'production' };
  expect(mistakes(env).message).toMatch(/^STAMDATA_SECRET is required with NODE_ENV=production/);
  expect(readConfig({ ...env, STAMDATA_SECRET: secret })).toMatchObject({ production: true, graphiql: false });
});

test('D 13: in production a stop is noticed before it is felt, unless told otherwise', () => {
  const env = { NODE_ENV: 'production', STAMDATA_SECRET: secret };
  expect(readConfig(env)).toMatchObject({ drainMs: 5_000 });
  expect(readConfig({ ...env, STAMDATA_DRAIN_SECONDS: '0' })).toMatchObject({ drainMs: 0 });
});

test('api 1: all mistakes are told at once, by name, and the process ends with 2', () => {
  const env = {
    ...{
      PORT: 'http',
      DATABASE_URL: 'mysql://h',
      STAMDATA_ADMIN_KEY: 'short',
      STAMDATA_ROLES: 'web',
      WEBHOOK_ALLOW_CIDRS: 'x',
    },
    ...{ WEBHOOK_ALLOW_HTTP: 'yes', STAMDATA_GRAPHIQL: 'no', LOG_LEVEL: 'loud', NODE_ENV: 'production' },
  };
  const names = [...Object.keys(env).filter((name) => name !== 'NODE_ENV'), 'STAMDATA_SECRET'];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/src/main.js'], {
    env,
    encoding: 'utf8',
    timeout: 15_000,
  });
  expect([status, stdout]).toEqual([2, '']);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.map((line) => /^stamdata: (\w+) /.exec(line)?.[1]).sort()).toEqual(names.sort());
});

function mistakes(env: Record<string, string>): StartupError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(env)} was accepted`);
}

test.each(['log', 'enforce'] as const)('issue 8: %s needs a manifest of operations, and off needs none', (mode) => {
  const env = { STAMDATA_PERSISTED_OPERATIONS: mode };
  expect(mistakes(env).message).toBe(
    `STAMDATA_PERSISTED_OPERATIONS_FILE is required with STAMDATA_PERSISTED_OPERATIONS=${mode}: the manifest of operations`,
  );
  const file = { STAMDATA_PERSISTED_OPERATIONS_FILE: './operations.json' };
  expect(readConfig({ ...env, ...file }).persistedOperations).toEqual({ mode, file: './operations.json' });
  expect(readConfig(file).persistedOperations).toBeNull();
  expect(readConfig({ STAMDATA_PERSISTED_OPERATIONS: 'off' }).persistedOperations).toBeNull();
});

test('api 1: an issuer and an audience go together', () => {
  const env = { OIDC_ISSUER: 'https://login.example.org/realms/shop', OIDC_AUDIENCE: 'stamdata' };
  expect(readConfig(env).openId).toEqual({ issuer: env.OIDC_ISSUER, audience: 'stamdata' });
  expect(readConfig({ ...env, OIDC_ISSUER: 'http://127.0.0.1:8080' }).openId).toMatchObject({
    issuer: 'http://127.0.0.1:8080',
  });
  expect(mistakes({ OIDC_ISSUER: env.OIDC_ISSUER }).message).toMatch(/^OIDC_AUDIENCE is required with OIDC_ISSUER/);
  expect(mistakes({ OIDC_AUDIENCE: 'stamdata' }).message).toMatch(/^OIDC_ISSUER is required with OIDC_AUDIENCE/);
});
