import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from './hub.js';
import { cli, type Ended } from './process/command.js';
import { changeEndpoint, makeCustomers, makeEndpoint } from './webhook/operator-desk.js';
import { answering, startReceiver, type Receiver } from './webhook/receiver.js';

vi.setConfig({ testTimeout: 60_000 }); // every command is a process of a second or two

let hub: TestHub;
let owner: TestOwner;
let receiver: Receiver;
let endpoint: string;
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
  receiver = await startReceiver();
  endpoint = (await makeEndpoint(owner, receiver)).id;
  await makeCustomers(owner, ['A', 'B', 'C']);
  await receiver.until((requests) => requests.length === 3);
});
afterAll(async () => {
  await receiver.close();
  await hub.stop();
});

const replay = (...args: string[]): Promise<Ended> =>
  cli(['replay', ...args], { STAMDATA_URL: hub.url, STAMDATA_KEY: owner.key });

test('api 7: replay sends what it was asked for, tells each step, and ends with 0 when it is done', async () => {
  const before = receiver.requests.length;
  const state = await replay('--endpoint', endpoint, '--current-state');
  expect(state).toMatchObject({ code: 0, stderr: '' });
  const lines = state.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(new RegExp(`^replay \\d+ to endpoint ${endpoint}  (RUNNING|DONE)  3 customers: `));
  expect(lines.at(-1)).toMatch(/ {2}DONE {2}3 customers: 3 sent, 0 left to the retries, 0 not wanted$/);
  const one = await replay('--endpoint', endpoint, '--customer', 'b', '--since', '2026-01-01T00:00:00Z');
  expect(one.stdout).toMatch(/DONE {2}1 events: 1 sent/);
  expect(receiver.requests.length - before).toBe(4);
  expect((await replay('--endpoint', endpoint, '--dead')).stdout).toMatch(/DONE {2}0 dead deliveries: 0 sent/);
});

test('api 7: with --detach it does not wait, and says why nothing is sent; --cancel ends the replay', async () => {
  receiver.answer(answering(204));
  await changeEndpoint(owner, endpoint, receiver, { active: false });
  const asked = await replay('--endpoint', endpoint, '--current-state', '--detach');
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(asked.stdout).toMatch(/RUNNING {2}3 customers: 0 sent.* {2}\(the endpoint is paused: the replay goes on when/);
  const [, id] = /^replay (\d+)/.exec(asked.stdout)!;
  const watched = replay('--endpoint', endpoint, '--customer', 'A');
  expect((await replay('--cancel', id!)).stdout).toMatch(new RegExp(`^replay ${id!} .*  CANCELLED  3 customers`));
  await changeEndpoint(owner, endpoint, receiver, { active: true });
  expect(await watched).toMatchObject({ code: 0 });
  expect(await replay('--cancel', id!)).toMatchObject({
    ...{ code: 2, stdout: '', stderr: 'stamdata: invalid id (this replay is CANCELLED already)\n' },
  });
});

test('api 7: wrong usage ends with 2, a refusal with 3, each with a line that says what is wrong', async () => {
  const cases: [string[], number, RegExp][] = [
    [['--dead'], 2, /^stamdata: --endpoint: say which endpoint\n$/],
    [['--endpoint', endpoint], 2, /^stamdata: say what to replay: deadOnly, currentState/],
    [['--endpoint', endpoint, '--since', 'yesterday'], 2, /^stamdata: --since: not a time: yesterday\n$/],
    [['--endpoint', '987654321', '--dead'], 2, /^stamdata: invalid endpointId \(no such webhook endpoint\)\n$/],
    [['--endpoint', endpoint, '--dead', '--key', 'stam_live_wrong'], 3, /^stamdata: this key is unknown/],
    [['--endpoint', endpoint, '--dead', '--url', 'http://127.0.0.1:1'], 3, /^stamdata: no hub answers at http/],
  ];
  await Promise.all(
    cases.map(async ([args, code, line]) => {
      const ended = await replay(...args);
      expect([ended.code, ended.stdout], args.join(' ')).toEqual([code, '']);
      expect(ended.stderr).toMatch(line);
    }),
  );
});
