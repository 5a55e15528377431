import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stamdata-netstorming-'));
let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  owner = await hub.owner('ACME');
  const curl = join(scratch, 'curl');
  copyFileSync(new URL('../readme/curl.mjs', import.meta.url), curl);
  chmodSync(curl, 0o755);
});
afterAll(async () => {
  await hub.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** The commands of the examples' README, in their order. */
const commands = /```sh\n([\s\S]*?)```/
  .exec(readFileSync(join(root, 'examples/netstorming/README.md'), 'utf8'))![1]!
  .trim()
  .split('\n');

const answers = [
  '{"dry_run":true,"results":[{"code":"AGROMA01","customer":true,"user":true},{"code":"AGCPH01","customer":false,"user":false}],"errors":[{"line/index":2,"errors":["missing address","invalid notify_lang","invalid booking_online (valid values: yes, no, y, n, true, false, 1, 0)"]}]}',
  '{"dry_run":false,"results":[{"code":"AGROMA01","customer":true,"user":true},{"code":"AGCPH01","customer":false,"user":false}],"errors":[{"line/index":2,"errors":["missing address","invalid notify_lang","invalid booking_online (valid values: yes, no, y, n, true, false, 1, 0)"]}]}',
  '{"dry_run":false,"results":{"AGROMA01":true,"CRM-4711":true,"NOBODY":false},"errors":[{"line/index":3,"errors":["invalid code (no such customer)"]}]}',
  '{"dry_run":false,"results":{"AGROMA01":true,"CRM-4711":true,"NOBODY":false},"errors":[{"line/index":3,"errors":["invalid code (no such customer)"]}]}',
];

test('N1: the commands of the examples do what their README says, one after the other', async () => {
  expect(commands).toHaveLength(answers.length);
  for (const [n, command] of commands.entries()) expect(await sh(command), command).toBe(answers[n]);
  const { customer } = await owner.gql<{ customer: object }>(
    '{ customer(by: { code: "AGROMA01" }) { name enabled version users { login } } }',
  );
  expect(customer).toEqual({
    name: 'Viaggi "Da Gino" S.r.l. 🧳',
    enabled: true,
    version: 3,
    users: [{ login: 'gino01' }],
  });
});

/** What a command prints. Never synchronously: the hub that it talks to lives in this process. */
function sh(command: string): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${scratch}:${process.env.PATH}`,
    STAMDATA_URL: hub.url,
    STAMDATA_KEY: owner.key,
  };
  return new Promise((resolve, reject) => {
    execFile('sh', ['-ec', command], { cwd: root, env, timeout: 15_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}\n${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
