import { expect, test } from 'vitest';
import type { TestOwner } from '../hub.js';
import { changeEndpoint, makeCustomers, makeEndpoint, operatorDesk, rename } from './operator-desk.js';
import { answering, dataOf, type Receiver } from './receiver.js';
import { askReplay, cancelReplay, replayOf, replaysOf, tryReplay } from './replay-request.js';

const desk = operatorDesk();
const done = (owner: TestOwner, id: string) =>
  desk.eventually(async () => {
    const replay = await replayOf(owner, id);
    return replay.state === 'DONE' && replay;
  });
const idsOf = (receiver: Receiver) => receiver.requests.map(({ headers }) => headers['webhook-id']);
const arrived = (receiver: Receiver, count: number) => receiver.until((requests) => requests.length >= count);

test('B.7, D4: a time range is sent once more: the same ids and order, marked as a replay, with the newest snapshot', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const endpoint = await makeEndpoint(owner, receiver, { maxInFlight: 1 });
  const [a] = await makeCustomers(owner, ['A', 'B']);
  await rename(owner, a!, 'Second');
  desk.dispatcher();
  await arrived(receiver, 3);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const asked = await askReplay(owner, { endpointId: endpoint.id, since, until: '2999-01-01T00:00:00Z' });
  expect(asked).toMatchObject({ endpointId: endpoint.id, kind: 'EVENTS', selected: 3, customerId: null });
  expect(asked.requestedBy).not.toBe('');
  const replay = await done(owner, asked.id);
  expect(replay).toMatchObject({ sent: 3, failed: 0, skipped: 0, waitingFor: null, note: null });
  expect(replay.finishedAt).not.toBeNull();
  const ids = idsOf(receiver);
  expect(ids).toHaveLength(6);
  expect(new Set(ids.slice(3))).toEqual(new Set(ids.slice(0, 3)));
  expect(receiver.requests.map(({ headers }) => headers['webhook-replay'])).toEqual([
    ...[undefined, undefined, undefined],
    ...['1', '1', '1'],
  ]);
  const ofA = receiver.requests.slice(3).filter((request) => dataOf(request).customerId === a);
  expect(ofA.map(({ headers }) => headers['webhook-event'])).toEqual(['customer.created', 'customer.updated']);
  expect(ofA.map((request) => dataOf(request).snapshot!.name)).toEqual(['Second', 'Second']);
});

test('B.7: one customer is replayed alone; a range that selects nothing is done at once', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const endpoint = await makeEndpoint(owner, receiver);
  const [, b] = await makeCustomers(owner, ['A', 'B', 'C']);
  desk.dispatcher();
  await arrived(receiver, 3);
  const asked = await askReplay(owner, { endpointId: endpoint.id, customer: { code: 'b' } });
  expect(asked).toMatchObject({ selected: 1, customerId: b });
  await done(owner, asked.id);
  expect(receiver.requests.slice(3).map((request) => dataOf(request).customerId)).toEqual([b]);
  const none = await askReplay(owner, { endpointId: endpoint.id, until: '2001-01-01T00:00:00Z' });
  expect(none).toMatchObject({ state: 'DONE', selected: 0 });
});

test('B.7: dead deliveries are tried anew, with all attempts, and what fails again goes on as a replay', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(422));
  const endpoint = await makeEndpoint(owner, receiver);
  const customers = await makeCustomers(owner, ['A', 'B']);
  desk.dispatcher({ retryScheduleMs: [10] });
  const parked = () =>
    desk.hub.clone.sql<{ state: string; attempt: number }>(
      'SELECT state, attempt FROM webhook_parked WHERE endpoint_id = $1',
      [endpoint.id],
    );
  await desk.eventually(async () => (await parked()).filter(({ state }) => state === 'DEAD').length === 2);
  await arrived(receiver, 4);
  let failing = true; // B fails once more, and is delivered by its retry
  receiver.answer((request, res) => {
    const refuse = failing && dataOf(request).customerId === customers[1];
    if (refuse) failing = false;
    res.writeHead(refuse ? 422 : 204).end();
  });
  const asked = await askReplay(owner, { endpointId: endpoint.id, deadOnly: true });
  expect(asked).toMatchObject({ kind: 'DEAD', selected: 2 });
  expect(await done(owner, asked.id)).toMatchObject({ sent: 1, failed: 1, skipped: 0 });
  await desk.eventually(async () => (await parked()).length === 0);
  const again = receiver.requests.slice(4);
  expect(again.map((request) => dataOf(request).customerId).sort()).toEqual([...customers, customers[1]!].sort());
  expect(again.map(({ headers }) => headers['webhook-replay'])).toEqual(['1', '1', '1']);
  expect(new Set(again.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(idsOf(receiver).slice(0, 4)));
  const attempts = await desk.hub.clone.sql<{ attempt: number }>(
    'SELECT attempt FROM webhook_attempt WHERE endpoint_id = $1 ORDER BY id',
    [endpoint.id],
  );
  expect(
    attempts
      .slice(4)
      .map(({ attempt }) => attempt)
      .sort(),
  ).toEqual([1, 1, 2]);
});

test('B.7: while the endpoint is paused a replay waits and says so; replays run one after the other', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const endpoint = await makeEndpoint(owner, receiver);
  await makeCustomers(owner, ['A', 'B']);
  desk.dispatcher();
  await arrived(receiver, 2);
  await changeEndpoint(owner, endpoint.id, receiver, { active: false });
  const first = await askReplay(owner, { endpointId: endpoint.id, customer: { code: 'A' } });
  expect(first.waitingFor).toBe('the endpoint is paused: the replay goes on when it is switched on');
  const second = await askReplay(owner, { endpointId: endpoint.id, currentState: true });
  const third = await askReplay(owner, { endpointId: endpoint.id, customer: { code: 'B' } });
  const cancelled = await cancelReplay(owner, second.id);
  expect(cancelled.replay).toMatchObject({ id: second.id, state: 'CANCELLED', waitingFor: null });
  expect((await cancelReplay(owner, second.id)).userErrors).toMatchObject([
    { code: 'INVALID', field: 'id', message: 'invalid id (this replay is CANCELLED already)' },
  ]);
  expect(receiver.requests).toHaveLength(2);
  await changeEndpoint(owner, endpoint.id, receiver, { active: true });
  await done(owner, third.id);
  expect(await replayOf(owner, first.id)).toMatchObject({ state: 'DONE', sent: 1 });
  expect(await replayOf(owner, second.id)).toMatchObject({ state: 'CANCELLED', sent: 0 });
  const codes = receiver.requests.slice(2).map((request) => dataOf(request).snapshot!.name);
  expect(codes).toEqual(['Name of A', 'Name of B']);
  const page = await replaysOf(owner, endpoint.id, { first: 2 });
  expect([page.totalCount, page.nodes.map(({ id }) => id)]).toEqual([3, [third.id, second.id]]);
  const rest = await replaysOf(owner, endpoint.id, { first: 2, after: page.pageInfo.endCursor });
  expect(rest.nodes.map(({ id }) => id)).toEqual([first.id]);
});

test("B.6, B.7: the endpoint's filters hold for events; a state has no reason or origin that they could judge", async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const endpoint = await makeEndpoint(owner, receiver, { reasons: ['UPDATED'] });
  const [a] = await makeCustomers(owner, ['A', 'B']);
  await rename(owner, a!, 'Second');
  desk.dispatcher();
  await arrived(receiver, 1);
  const events = await askReplay(owner, { endpointId: endpoint.id, since: new Date(Date.now() - 60_000) });
  expect(await done(owner, events.id)).toMatchObject({ selected: 3, sent: 1, skipped: 2 });
  const states = await askReplay(owner, { endpointId: endpoint.id, currentState: true });
  expect(await done(owner, states.id)).toMatchObject({ selected: 2, sent: 2, skipped: 0 });
  await changeEndpoint(owner, endpoint.id, receiver, { conditions: { hasEmail: true } });
  const withEmail = await askReplay(owner, { endpointId: endpoint.id, currentState: true, customer: { code: 'B' } });
  await done(owner, withEmail.id);
  const left = receiver.requests.at(-1)!; // it was told of B before: it is told once that B does not meet them
  expect([left.headers['webhook-filter'], dataOf(left).customerId === a]).toEqual(['left', false]);
  const again = await askReplay(owner, { endpointId: endpoint.id, currentState: true, customer: { code: 'B' } });
  expect(await done(owner, again.id)).toMatchObject({ selected: 1, sent: 0, skipped: 1 });
});

test('B.7: what cannot be replayed is told with code, field and what would do', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { id: endpointId } = await makeEndpoint(owner, receiver, { active: false });
  await makeCustomers(owner, ['A', 'B']);
  await desk.eventually(async () => {
    const [head] = await desk.hub.clone.sql<{ pos: string }>(
      'SELECT last_pos AS pos FROM feed_head WHERE owner_id = $1',
      [owner.id],
    );
    return Number(head!.pos) === 2;
  });
  const problem = async (input: object) => (await tryReplay(owner, { endpointId, ...input })).userErrors[0];
  expect(await problem({})).toMatchObject({ code: 'REQUIRED', field: null });
  expect(await problem({ deadOnly: true, currentState: true })).toMatchObject({ field: 'currentState' });
  expect(await problem({ deadOnly: true, since: '2026-01-01T00:00:00Z' })).toMatchObject({ field: 'since' });
  expect(await problem({ currentState: true, until: '2026-01-01T00:00:00Z' })).toMatchObject({ field: 'until' });
  expect(await problem({ since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' })).toMatchObject({
    message: 'invalid until (it is before since)',
  });
  expect(await problem({ customer: { code: 'nobody' } })).toMatchObject({ code: 'NOT_FOUND', field: 'customer' });
  expect(await problem({ endpointId: '987654321', deadOnly: true })).toMatchObject({
    ...{ code: 'NOT_FOUND', field: 'endpointId' },
  });
  for (let i = 0; i < 10; i++) await askReplay(owner, { endpointId, currentState: true });
  expect(await problem({ currentState: true })).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  await desk.hub.clone.sql('UPDATE feed_head SET min_pos = 2 WHERE owner_id = $1', [owner.id]);
  await desk.hub.clone.sql('UPDATE webhook_cursor SET acked_pos = 2 WHERE endpoint_id = $1', [endpointId]);
  await desk.hub.clone.sql(`UPDATE webhook_replay SET state = 'DONE', finished_at = now() WHERE endpoint_id = $1`, [
    endpointId,
  ]);
  expect(await problem({ since: '2026-01-01T00:00:00Z' })).toMatchObject({
    ...{ code: 'OUT_OF_RANGE', field: 'since' },
    message: expect.stringMatching(/^invalid since \(the feed reaches back to 20\d\d-.*currentState/) as string,
  });
});
