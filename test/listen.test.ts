import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './feed/events.js';
import { startTestHub, type TestHub, type TestOwner } from './hub.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-listen-'));
const started: ChildProcess[] = [];
let hub: TestHub;
let owner: TestOwner;

beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** `stamdata listen` with its lines as they come. */
function listen(...args: string[]) {
  const child = spawn(process.execPath, ['bin/stamdata.js', 'listen', '--url', hub.url, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, STAMDATA_KEY: owner.key },
  });
  started.push(child);
  const seen = { lines: [] as string[], errors: '' };
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop()!;
    seen.lines.push(...parts);
  });
  child.stderr.on('data', (chunk: Buffer) => (seen.errors += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { seen, ended, stop: () => child.kill('SIGINT') };
}

const create = (code: string) =>
  owner.gql(
    'mutation ($code: String) { createCustomer(input: { code: $code, name: "Ada" }) { userErrors { message } } }',
    {
      code,
    },
  );

test('prints a JSON line for each event, keeps its cursor in a file, and goes on from there the next time', async () => {
  const { feedCursor } = await owner.gql<{ feedCursor: string }>('{ feedCursor }');
  const file = join(scratch, 'cursor');
  const first = listen('--after', feedCursor, '--cursor-file', file);
  await create('A');
  await eventually(() => first.seen.lines.length === 1, 'the first line');
  const event = JSON.parse(first.seen.lines[0]!) as { cursor: string };
  expect(event).toMatchObject({ version: 1, reasons: ['CREATED'], snapshot: { code: 'A', name: 'Ada', tags: [] } });
  await eventually(() => existsSync(file) && readFileSync(file, 'utf8') === `${event.cursor}\n`, 'the cursor is kept');
  first.stop();
  expect(await first.ended).toBe(0);

  await create('B'); // while nobody listens
  const second = listen('--cursor-file', file, '--format', 'line');
  await eventually(() => second.seen.lines.length === 1, 'what was missed');
  expect(second.seen.lines[0]).toMatch(/^20\S+ {2}customer \d+ v1 {2}CREATED {2}B Ada {2}by /);
  second.stop();
  expect(await second.ended).toBe(0);
});

test('a refusal ends it with one line and 3, wrong usage with 2', async () => {
  const cases: [string[], number, RegExp][] = [
    [['--key', 'stam_live_wrong'], 3, /^stamdata: this key is unknown, revoked or expired\n$/],
    [['--after', 'nonsense'], 3, /^stamdata: after: this is not a cursor of this feed\n$/],
    [['--url', 'http://127.0.0.1:1'], 3, /^stamdata: no hub answers at http:\/\/127\.0\.0\.1:1\n$/],
    [['--format', 'xml'], 2, /^stamdata: --format: json or line\n$/],
  ];
  await Promise.all(
    cases.map(async ([args, code, line]) => {
      const { seen, ended } = listen(...args);
      expect(await ended).toBe(code);
      expect(seen.errors).toMatch(line);
    }),
  );
});
