import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { blockedIn, holdRows, type HeldRows } from '../faults/held-rows.js';
import { startTestHub, testSecret, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, customers, ndjson, operations, until } from '../import/import-request.js';
import { command, endStarted, type Command } from '../process/command.js';
import { FileDesk } from './file-desk.js';

const rows = customers(1, 8_000, (n) => (n < 5_001 ? {} : { tags: ['gate'] }));

let hub: TestHub;
const desk = new FileDesk();
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
  desk.clear();
});

/** From here on the import waits in the middle of the file, until the gate is opened. */
async function shutGate(owner: TestOwner): Promise<HeldRows> {
  const shut = `INSERT INTO tag (owner_id, name, name_key) VALUES ($1, 'gate', 'gate')`;
  const gate = await holdRows(hub.clone.connection, shut, [owner.id]);
  onTestFinished(() => gate.release());
  return gate;
}

const everyOne = async (owner: TestOwner): Promise<number[]> => {
  const codes = await codesOf(hub, owner);
  return [codes.length, new Set(codes).size];
};

test('issue 6.7: Ctrl-C in the middle stops behind a chunk; the command that it tells goes on to the end', async () => {
  const owner = await hub.owner();
  const file = desk.write("the owner's.ndjson", ndjson(rows));
  const gate = await shutGate(owner);
  const first = desk.start(hub, owner, 'import', file, '--owner', owner.code, '--key', owner.key);
  await blockedIn(hub.clone.sql, 'ensureTags');
  first.child.kill('SIGINT');
  await gate.release();
  const stopped = await first.ended;
  const [, done, next] =
    /^stamdata: stopped: ([\d,]+) rows done, which stay so\nstamdata: to go on: npx stamdata (.+)\n$/.exec(
      stopped.stderr,
    )!;
  const rowsDone = Number(done!.replace(',', ''));
  expect([stopped.code, stopped.stdout, rowsDone > 0 && rowsDone <= 8_000]).toEqual([3, '', true]);
  expect(next).toBe(`import '${file.replace("'", `'\\''`)}' --owner ${owner.code} --url ${hub.url} --key KEY`);
  const again = await desk.run(hub, owner, 'import', file, '--owner', owner.code, '--url', hub.url);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(': 8,000 rows: 8,000 created') as string });
  expect(await operations(owner)).toMatchObject([{ state: 'DONE', rows: 8_000 }]);
  expect(await everyOne(owner)).toEqual([8_000, 8_000]);
}, 90_000);

test('issue 6.7: what comes through a pipe is continued with its idempotency key, and only so', async () => {
  const owner = await hub.owner();
  const stopped = async (...key: string[]) => {
    const piped = desk.pipe(hub, owner, 'import', '-', '--problems', desk.path('p'), '--on-existing', 'skip', ...key);
    piped.child.stdin!.write(ndjson(rows.slice(0, 3_000)));
    const before = (await operations(owner)).length;
    await until(
      () => operations(owner),
      (all) => all.length > before && all[0]!.rows > 0,
    );
    piped.child.kill('SIGTERM');
    const { code, stderr } = await piped.ended;
    return { code, lines: stderr.trimEnd().split('\n') };
  };
  expect(await stopped()).toEqual({
    code: 3,
    lines: [
      expect.stringMatching(/^stamdata: stopped: [\d,]+ rows done, which stay so$/),
      'stamdata: what comes through a pipe is continued only with an --idempotency-key',
    ],
  });
  const { code, lines } = await stopped('--idempotency-key', 'my pipe');
  expect([code, lines[1]]).toEqual([
    3,
    `stamdata: to go on: npx stamdata import - --on-existing skip --idempotency-key 'my pipe' --problems ${desk.path('p')} --url ${hub.url}`,
  ]);
}, 90_000);

test('issue 6.7: a hub that is killed in the middle and comes back a while later is no matter: the command sees it through', async () => {
  const owner = await hub.owner();
  const file = desk.write('killed.ndjson', ndjson([...rows, { code: 'no name' }]));
  const port = await steadyPort();
  const doomed = await startProcess(port);
  const gate = await shutGate(owner);
  const importing = desk.start(doomed, owner, 'import', file);
  await blockedIn(hub.clone.sql, 'ensureTags');
  doomed.process.child.kill('SIGKILL');
  await doomed.process.ended;
  await gate.release();
  await startProcess(port);
  const ended = await importing.ended;
  expect(ended.code, ended.stderr).toBe(1);
  expect(ended.stdout).toContain(`${file}: 8,001 rows: 8,000 created, 0 updated, 0 unchanged, 0 skipped, 1 rejected\n`);
  expect(ended.stderr).toMatch(/: trying again\n/);
  expect(desk.read('killed.ndjson.problems.ndjson').trimEnd().split('\n')).toHaveLength(1);
  expect(await everyOne(owner)).toEqual([8_000, 8_000]);
}, 120_000);

test('issue 6.7: a hub that stays away is given up after --retry-seconds, and it is told how to go on', async () => {
  const owner = await hub.owner();
  const file = desk.write('lost.ndjson', ndjson(rows));
  const doomed = await startProcess(0);
  const gate = await shutGate(owner);
  const importing = desk.start(doomed, owner, 'import', file, '--retry-seconds', '1');
  await blockedIn(hub.clone.sql, 'ensureTags');
  doomed.process.child.kill('SIGKILL');
  const ended = await importing.ended;
  await gate.release();
  expect([ended.code, ended.stdout]).toEqual([3, '']);
  expect(ended.stderr).toMatch(
    /\nstamdata: the connection is lost \(ECONNREFUSED\): what was written stays written\nstamdata: to go on: npx stamdata import \S+lost\.ndjson --url \S+\n$/,
  );
}, 90_000);

/** A hub in a process of its own, on the same database. */
async function startProcess(port: number): Promise<{ process: Command; url: string }> {
  const started = command('dist/src/main.js', [], {
    ...{ PORT: String(port), DATABASE_URL: hub.clone.url, STAMDATA_SECRET: testSecret },
    ...{ STAMDATA_ROLES: 'api', LOG_LEVEL: 'fatal' },
  });
  return { process: started, url: /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0] };
}

/** A free port below those that the system gives out by itself: so it is still free when the hub comes back. */
async function steadyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
