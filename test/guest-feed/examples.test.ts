import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../../src/access/scope.js';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-soferu-'));
let hub: TestHub;
let owner: TestOwner;
let env: NodeJS.ProcessEnv;
let service: { url: string; output: () => string; end: () => void };
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner('ACME');
  const curl = join(scratch, 'curl');
  copyFileSync(join(root, 'test', 'readme', 'curl.mjs'), curl);
  chmodSync(curl, 0o755);
  env = {
    ...process.env,
    ...{ PATH: `${scratch}:${process.env.PATH}`, STAMDATA_URL: hub.url, STAMDATA_KEY: await owner.newKey([...scopes]) },
    ...{ CA_HOTEL_ID: '4711', CA_ACCESS_KEY: 'secret' },
  };
  service = await startService();
});
afterAll(async () => {
  service.end();
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

test('C1–C9: the examples for Soferu do what their README says, in its order', async () => {
  const readme = readFileSync(join(root, 'examples', 'soferu', 'README.md'), 'utf8');
  const commands = /```sh\n([^`]*)```/
    .exec(readme)![1]!
    .split('\n')
    .filter((line) => line.startsWith('sh '))
    .map((line) => line.replace('http://127.0.0.1:8081/guests', service.url));
  expect(commands).toHaveLength(4);
  const answers: unknown[] = [];
  for (const command of commands) answers.push(JSON.parse(await sh(command)));
  expect(answers).toMatchObject([
    {
      data: {
        updateOwner: { owner: { guestFeedsActive: true, notifyNewBookings: true }, userErrors: [] },
        createGuestFeed: { guestFeed: { id: '1', schedule: '0 3 * * *' }, userErrors: [] },
      },
    },
    {
      data: {
        createCustomer: { userErrors: [] },
        recordBookings: { results: [{ number: 'STAY-1', action: 'CREATE' }], errors: [], userErrors: [] },
      },
    },
    { data: { runGuestFeed: { sent: 1, failed: 0, skipped: 0, stopped: false, reason: null } } },
    { data: { explainGuestFeed: { willSend: false, lastAttempt: { status: 200, error: null } } } },
  ]);
  expect(service.output()).toContain(
    'with a key: {"hotel_id":"4711","reservation_number":"STAY-1","name":"Jensen","first_name":"Anna","email":"anna@example.dk",' +
      '"gender":"f","language":"da","status":"CHECKED_OUT","arrival":"2026-05-01","departure":"2026-05-03"}',
  );
});

/** What a shell command prints. Never synchronously: the hub that it talks to lives in this process. */
function sh(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-ec', command], { cwd: root, env, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}\n${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

function startService(): Promise<typeof service> {
  const child = spawn(process.execPath, [join(root, 'examples', 'soferu', 'service.mjs')], {
    env: { ...process.env, PORT: '0' },
  });
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.stdout.on('data', (chunk: Buffer) => {
      output += String(chunk);
      const url = /http:\S+/.exec(output)?.[0];
      if (url) resolve({ url, output: () => output, end: () => void child.kill() });
    });
  });
}
