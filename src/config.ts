import { z } from 'zod';
import { isIssuerUrl } from './access/issuer-url.js';
import { StartupError } from './errors.js';
import { limits } from './limits/limits.js';
import type { PersistedMode } from './limits/persisted-operations.js';

export const parts = ['api', 'relay', 'clock', 'webhooks', 'feeds'] as const;
/** The parts a process can run (STAMDATA_ROLES). Any number of processes may run any of them over one database. */
export type Part = (typeof parts)[number];

export interface Config {
  port: number;
  host: string;
  /** PostgreSQL 15 or newer; null: the embedded server in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** A key with every scope on every owner; null: none. */
  adminKey: string | null;
  /** Whose tokens are taken for keys, and for whom they must be meant; null: nobody's. */
  openId: { issuer: string; audience: string } | null;
  /** 32 bytes; null: read from, or generated once into, the data directory. */
  secret: Buffer | null;
  /** Those before it, which open what was sealed under them. */
  oldSecrets: Buffer[];
  parts: ReadonlySet<Part>;
  webhookAllowCidrs: string[];
  webhookAllowHttp: boolean;
  /** How long entries of the audit log are kept. */
  auditDays: number;
  production: boolean;
  graphiql: boolean;
  /** After how long a subscriber that does not take what it is sent is closed. */
  stallMs: number;
  /** For how long a hub that was told to stop still takes requests, and then again for how long it parts with its sockets. */
  drainMs: number;
  /** How many points a key may spend at once, and how many come back each second; 0: no key is rationed. */
  costBurst: number;
  costPerSecond: number;
  /** After how long a query is given up. */
  queryMs: number;
  /** How many sockets a key may have open on one process, and how many messages a second may come on each. */
  socketsPerKey: number;
  messagesPerSecond: number;
  /** How often a key may change webhook endpoints or have one tested. */
  webhookChangesPerMinute: number;
  /** The manifest of the operations that clients may send, and what becomes of others; null: any may be sent. */
  persistedOperations: { mode: PersistedMode; file: string } | null;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
}

const portRule = 'must be a port number, 0 to 65535';
const partsRule = `must be "all" or some of ${parts.join(',')}`;
const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

const secretRule = 'must be 32 random bytes in base64 (openssl rand -base64 32)';
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
const isSecret = (bytes: Buffer): boolean => bytes.length === 32;

const count = (usual: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a number, 1 or more')
    .transform(Number)
    .default(usual);

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, portRule)
    .transform(Number)
    .refine((port) => port <= 65_535, portRule)
    .default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  STAMDATA_DATA_DIR: z.string().default('./.stamdata'),
  STAMDATA_ADMIN_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  OIDC_ISSUER: z
    .string()
    .refine(isIssuerUrl, 'must be the https URL of an OpenID Connect issuer, as its tokens have it in iss')
    .optional(),
  OIDC_AUDIENCE: z.string().optional(),
  STAMDATA_SECRET: z.string().transform(bytesOf).refine(isSecret, secretRule).optional(),
  STAMDATA_OLD_SECRETS: z
    .string()
    .default('')
    .transform((text) => words(text).map(bytesOf))
    .refine((secrets) => secrets.every(isSecret), 'must be secrets as STAMDATA_SECRET was, parted by commas'),
  STAMDATA_ROLES: z
    .string()
    .default('all')
    .transform((text) => (text === 'all' ? [...parts] : words(text)))
    .pipe(z.array(z.enum(parts, partsRule)).min(1, partsRule)),
  WEBHOOK_ALLOW_CIDRS: z
    .string()
    .default('')
    .transform(words)
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be networks such as 10.1.0.0/16, parted by commas'))),
  WEBHOOK_ALLOW_HTTP: z.enum(['true', 'false'], 'must be true or false').default('false'),
  NODE_ENV: z.string().default('development'),
  STAMDATA_GRAPHIQL: z.enum(['true', 'false'], 'must be true or false').optional(),
  STAMDATA_STALL_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a number of seconds, 1 or more')
    .transform(Number)
    .default(60),
  STAMDATA_DRAIN_SECONDS: z
    .string()
    .regex(/^[0-8]$/, 'must be a whole number of seconds, 0 to 8')
    .transform(Number)
    .optional(),
  STAMDATA_COST_BURST: z
    .string()
    .regex(/^\d{4,9}$/, `must be a number of points, ${limits.cost.most} or more`)
    .transform(Number)
    .refine((points) => points >= limits.cost.most, `must be a number of points, ${limits.cost.most} or more`)
    .default(50_000),
  STAMDATA_COST_PER_SECOND: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of points, or 0 to ration nobody')
    .transform(Number)
    .default(10_000),
  STAMDATA_QUERY_SECONDS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of seconds, 1 or more')
    .transform(Number)
    .default(10),
  STAMDATA_SOCKETS_PER_KEY: count(20),
  STAMDATA_MESSAGES_PER_SECOND: count(20),
  STAMDATA_WEBHOOK_CHANGES_PER_MINUTE: count(10),
  STAMDATA_PERSISTED_OPERATIONS: z.enum(['off', 'log', 'enforce'], 'must be off, log or enforce').default('off'),
  STAMDATA_PERSISTED_OPERATIONS_FILE: z.string().optional(),
  STAMDATA_AUDIT_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a number of days, 1 or more')
    .transform(Number)
    .default(365),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('info'),
});

/**
 * The only reader of the environment. Empty variables count as unset.
 * @throws StartupError (exit code 2) that names every mistake at once.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Readonly<Config> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  const lines = [
    ...(result.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`),
    ...missing(given),
  ];
  if (!result.success || lines.length > 0) throw new StartupError([...new Set(lines)].join('\n'), 2);
  const read = result.data;
  const production = read.NODE_ENV === 'production';
  const mode = read.STAMDATA_PERSISTED_OPERATIONS;
  return Object.freeze({
    port: read.PORT,
    host: read.HOST,
    databaseUrl: read.DATABASE_URL ?? null,
    dataDir: read.STAMDATA_DATA_DIR,
    adminKey: read.STAMDATA_ADMIN_KEY ?? null,
    openId: read.OIDC_ISSUER ? { issuer: read.OIDC_ISSUER, audience: read.OIDC_AUDIENCE! } : null,
    secret: read.STAMDATA_SECRET ?? null,
    oldSecrets: read.STAMDATA_OLD_SECRETS,
    parts: new Set(read.STAMDATA_ROLES),
    webhookAllowCidrs: read.WEBHOOK_ALLOW_CIDRS,
    webhookAllowHttp: read.WEBHOOK_ALLOW_HTTP === 'true',
    auditDays: read.STAMDATA_AUDIT_DAYS,
    production,
    graphiql: read.STAMDATA_GRAPHIQL ? read.STAMDATA_GRAPHIQL === 'true' : !production,
    stallMs: read.STAMDATA_STALL_SECONDS * 1_000,
    // where a person stops it with Ctrl-C, nobody has to notice first
    drainMs: (read.STAMDATA_DRAIN_SECONDS ?? (production ? 5 : 0)) * 1_000,
    costBurst: read.STAMDATA_COST_BURST,
    costPerSecond: read.STAMDATA_COST_PER_SECOND,
    queryMs: read.STAMDATA_QUERY_SECONDS * 1_000,
    socketsPerKey: read.STAMDATA_SOCKETS_PER_KEY,
    messagesPerSecond: read.STAMDATA_MESSAGES_PER_SECOND,
    webhookChangesPerMinute: read.STAMDATA_WEBHOOK_CHANGES_PER_MINUTE,
    persistedOperations: mode === 'off' ? null : { mode, file: read.STAMDATA_PERSISTED_OPERATIONS_FILE! },
    logLevel: read.LOG_LEVEL,
  });
}

/**
 * In production nothing secret is made up, and an issuer's tokens for others are not for the hub. Looked for beside the schema,
 * which judges no combinations while values are wrong.
 */
function missing(env: NodeJS.ProcessEnv): string[] {
  const lines: string[] = [];
  if (env.NODE_ENV === 'production' && !env.STAMDATA_SECRET)
    lines.push(
      'STAMDATA_SECRET is required with NODE_ENV=production: 32 random bytes in base64 (openssl rand -base64 32)',
    );
  if (env.OIDC_ISSUER && !env.OIDC_AUDIENCE)
    lines.push('OIDC_AUDIENCE is required with OIDC_ISSUER: what tokens for this hub have in aud');
  const mode = env.STAMDATA_PERSISTED_OPERATIONS;
  if ((mode === 'log' || mode === 'enforce') && !env.STAMDATA_PERSISTED_OPERATIONS_FILE)
    lines.push(
      `STAMDATA_PERSISTED_OPERATIONS_FILE is required with STAMDATA_PERSISTED_OPERATIONS=${mode}: the manifest of operations`,
    );
  if (env.OIDC_AUDIENCE && !env.OIDC_ISSUER) lines.push('OIDC_ISSUER is required with OIDC_AUDIENCE');
  return lines;
}
