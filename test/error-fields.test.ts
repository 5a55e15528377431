import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { GraphQLError, GraphQLInt } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorFields } from '../src/error-fields.js';
import { StartupError } from '../src/errors.js';
import { cloneDatabase, type Clone } from './database-clone.js';

const canary = 'zqCanary';
let clone: Clone;
beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(() => clone.drop());

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test.each([
  [`SELECT '${canary}'::int`, '22P02'],
  [`SELECT '${canary}'::zqcanary`, '42704'],
  [`INSERT INTO hub_setting VALUES ('${canary}', ''), ('${canary}', '')`, '23505'],
  [`INSERT INTO owner (code, name, currency) VALUES ('${canary}', '${canary}', '${canary}')`, '23502'],
  [
    `DO $$ BEGIN RAISE EXCEPTION '${canary}' USING DETAIL = '${canary}', HINT = '${canary}', TABLE = '${canary} x'; END $$`,
    'P0001',
  ],
])('design C: of what PostgreSQL says only the code and names of the schema are told: %s', async (sql, code) => {
  const error = await thrownBy(() => clone.sql(sql));
  expect(JSON.stringify(error) + String(error)).toMatch(/zqcanary/i);
  const fields = errorFields(error);
  expect(fields).toMatchObject({ code, error: `database error ${code}` });
  expect(JSON.stringify(fields)).not.toMatch(/zqcanary/i);
});

test('design C: the constraint is told, by which an operator finds the table', async () => {
  const error = await thrownBy(() => clone.sql(`INSERT INTO hub_setting VALUES ('a', ''), ('a', '')`));
  expect(errorFields(error)).toMatchObject({ constraint: 'hub_setting_pkey', table: 'hub_setting' });
});

const quoting: [string, () => unknown, string][] = [
  ['a JSON that breaks', (): unknown => JSON.parse(`{"name": ${canary}}`), 'SyntaxError'],
  ['a number', () => BigInt(canary), 'SyntaxError'],
  ['a zone', () => new Intl.DateTimeFormat('en', { timeZone: canary }), 'RangeError'],
  ['a property of a text', () => 'x' in (canary as unknown as object), 'TypeError'],
  ['an argument of Node', () => Buffer.alloc(canary as unknown as number), 'TypeError: ERR_INVALID_ARG_TYPE'],
  ['a URL', () => new URL(canary), 'TypeError: ERR_INVALID_URL'],
  ['a coercion', () => GraphQLInt.parseValue(canary), 'GraphQLError'],
  [
    'a text that looks like frames',
    () => Promise.reject(new GraphQLError(`x\n    at ${canary} (x:1:1)`)),
    'GraphQLError',
  ],
];

test.each(quoting)('design C: an error that quotes %s is told without it', async (_, work, told) => {
  const error = await thrownBy(work);
  expect(`${(error as Error).message} ${JSON.stringify(error)}`).toContain(canary);
  const fields = errorFields(error);
  expect(fields.error).toBe(told);
  expect(fields.stack).toMatch(/^\s+at /);
  expect(JSON.stringify(fields)).not.toContain(canary);
});

test('design C: what says something and quotes nothing is told', async () => {
  expect(errorFields(new Error('the operation has been answered')).error).toBe('the operation has been answered');
  expect(errorFields(new StartupError('port 1 is in use')).error).toBe('port 1 is in use');
  const missing = undefined as unknown as { name: string };
  expect(errorFields(await thrownBy(() => missing.name)).error).toBe('TypeError: Cannot read properties of undefined');
  const refused = await new Promise<Error>((resolve) => connect(1, '127.0.0.1').once('error', resolve));
  expect(errorFields(refused)).toMatchObject({ error: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED' });
  expect(errorFields(new TypeError('fetch failed', { cause: refused }))).toMatchObject({
    error: 'TypeError',
    cause: refused.message,
  });
  expect(errorFields(canary)).toEqual({ error: 'a thrown string' });
});

test('design C: a line of the log has the fields of its list alone, as short texts and numbers', async () => {
  const script = `const { createLog } = await import('./dist/src/log.js');
    const log = createLog('info');
    log('debug', 'not at this level');
    log('info', 'told', { requestId: 'r1', count: 2, name: '${canary}', body: { x: '${canary}' }, code: { x: '${canary}' }, path: 'p'.repeat(500) });
    log('error', 'failed', { error: Object.assign(new Error('plain'), { detail: '${canary}', parameters: ['${canary}'] }) });`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('');
  const [told, failed, ...more] = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(more).toEqual([]);
  const time = expect.any(String) as string;
  expect(told).toEqual({ level: 30, time, requestId: 'r1', count: 2, path: 'p'.repeat(100), msg: 'told' });
  expect(failed).toEqual({
    level: 50,
    time,
    error: 'plain',
    stack: expect.stringMatching(/^\s+at /) as string,
    msg: 'failed',
  });
});

test.each([
  ['thrown by nobody’s work', 'setTimeout(() => { throw error; });', 1],
  ['of a promise that nobody waits for', 'void Promise.reject(error); setTimeout(() => undefined, 10_000);', 1],
  ['that a library writes to the console', 'console.error("zqCanary", error, { row: "zqCanary" });', 0],
])('design C: an error %s is a line of the log without what it quotes', async (_, work, code) => {
  const script = `const { createLog } = await import('./dist/src/log.js');
    const { outliveAbandonedErrors } = await import('./dist/src/abandoned-errors.js');
    const { consoleToLog } = await import('./dist/src/console-to-log.js');
    const log = createLog('info');
    outliveAbandonedErrors(log);
    consoleToLog(log);
    const error = Object.assign(new Error('${canary}'), { code: '23505', detail: '${canary}', parameters: ['${canary}'] });
    ${work}`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const ended = await run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(JSON.parse(ended.stderr)).toMatchObject({ error: 'database error 23505', code: '23505' });
  expect(ended.stderr).not.toContain(canary);
});
