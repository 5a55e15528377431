import { expect, test } from 'vitest';
import { shardOf, shardSql, shareOf } from '../../src/webhook/shard-slice.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, dataOf, versionsByCustomer } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

interface Cursor {
  shard: number;
  acked: number;
  leaseOwner: string | null;
  epoch: number;
}
const cursorsOf = (endpointId: string) =>
  hub.rows<Cursor>(
    `SELECT shard, acked_pos::int AS acked, lease_owner AS "leaseOwner", lease_epoch::int AS epoch
     FROM webhook_cursor WHERE endpoint_id = $1 ORDER BY shard`,
    [endpointId],
  );
const allAt = async (endpointId: string, pos: number): Promise<boolean> =>
  (await cursorsOf(endpointId)).every(({ acked }) => acked === pos);

test('B.6: SQL and the worker agree on the shard of a customer; ids of any stride are spread over all shards', async () => {
  for (const stride of [1, 2, 3, 16, 1_000_003]) {
    const ids = Array.from({ length: 160 }, (_, i) => String(1 + i * stride));
    for (const shards of [2, 3, 16]) {
      const rows = await hub.rows<{ shard: number }>(
        `SELECT ${shardSql('id', '$2::int')} AS shard FROM unnest($1::bigint[]) WITH ORDINALITY AS given (id, n) ORDER BY n`,
        [ids, shards],
      );
      expect(rows.map(({ shard }) => shard)).toEqual(ids.map((id) => shardOf(id, shards)));
      const sizes = Array.from({ length: shards }, (_, shard) => rows.filter((row) => row.shard === shard).length);
      expect(Math.min(...sizes), `stride ${stride}, ${shards} shards: ${sizes.join()}`).toBeGreaterThan(0);
    }
  }
});

test('the limits of an endpoint are divided: together the shards have exactly what it may do', () => {
  const parts = [0, 1, 2].map((shard) => shareOf({ maxInFlight: 8, ratePerSecond: 50 }, { shard, shards: 3 }));
  expect(parts.map(({ maxInFlight }) => maxInFlight)).toEqual([3, 3, 2]);
  expect(parts.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0)).toBeCloseTo(50);
});

test('several processes serve the shards of one endpoint side by side: every event once, in order per customer', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { shards: 8, maxInFlight: 16 });
  const customers = await owner.customers(40);
  for (const worker of [1, 2]) hub.dispatcher({ turnMs: 50 }, { version: `worker-${worker}` });
  const workers = () => new Set(receiver.requests.map(({ headers }) => headers['user-agent']));
  let rounds = 1;
  for (; rounds < 4 || workers().size < 2; rounds++) {
    await owner.change(customers);
    await hub.eventually(() => allAt(endpoint.id, 40 * (rounds + 1)));
  }
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 0);
  expect(receiver.requests).toHaveLength(40 * rounds);
  const expected = Array.from({ length: rounds }, (_, i) => i + 1);
  for (const versions of versionsByCustomer(receiver.requests).values()) expect(versions).toEqual(expected);
});

test('growing and shrinking while events are under way loses nothing, sends nothing twice and keeps the order', async () => {
  const owner = await hub.owner();
  const underWay = new Set<string>();
  const overlaps: string[] = [];
  const receiver = await hub.receiver((request, res) => {
    const { customerId } = dataOf(request);
    if (underWay.has(customerId)) overlaps.push(customerId);
    underWay.add(customerId);
    // Some customers are slow, so that the shards stand at different positions.
    setTimeout(
      () => {
        underWay.delete(customerId);
        res.writeHead(204).end();
      },
      Number(customerId) % 5 === 0 ? 25 : 1,
    );
  });
  const endpoint = await owner.endpoint(receiver, { maxInFlight: 16 });
  const customers = await owner.customers(40);
  for (const _worker of [1, 2]) hub.dispatcher();
  let rounds = 1;
  for (const shards of [4, 7, 2, 16, 1]) {
    for (let more = 0; more < 3; more++, rounds++) await owner.change(customers);
    await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, shards });
    // Not waited for to the end: the next change of the number finds events under way.
    const { length } = receiver.requests;
    await receiver.until((requests) => requests.length >= length + 20);
  }
  await hub.eventually(
    async () =>
      (await cursorsOf(endpoint.id)).length === 1 &&
      (await allAt(endpoint.id, 40 * rounds)) &&
      (await owner.parked(endpoint.id)).length === 0,
  );
  expect(overlaps).toEqual([]);
  const expected = Array.from({ length: rounds }, (_, i) => i + 1);
  for (const versions of versionsByCustomer(receiver.requests).values()) expect(versions).toEqual(expected);
  expect(receiver.requests).toHaveLength(40 * rounds);
});

test('customers that are tried again move with their shard; the epoch never goes back', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver(answering(422));
  const endpoint = await owner.endpoint(receiver, { shards: 3, maxInFlight: 9 });
  const customers = await owner.customers(12);
  hub.dispatcher({ retryScheduleMs: Array.from({ length: 1_000 }, () => 30) });
  await hub.eventually(async () => (await owner.parked(endpoint.id)).length === 12);
  await owner.change(customers);
  let epochs = (await cursorsOf(endpoint.id)).map(({ epoch }) => epoch);
  for (const shards of [5, 2, 3]) {
    await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, shards });
    await hub.eventually(async () => (await cursorsOf(endpoint.id)).length === shards);
    const now = (await cursorsOf(endpoint.id)).map(({ epoch }) => epoch);
    expect(Math.min(...now)).toBeGreaterThan(Math.max(...epochs));
    epochs = now;
  }
  receiver.answer(answering(204));
  await hub.eventually(async () => (await allAt(endpoint.id, 24)) && (await owner.parked(endpoint.id)).length === 0);
  const succeeded = (await owner.attempts(endpoint.id)).filter(({ state }) => state === 'SUCCEEDED');
  for (const customer of customers) {
    const positions = succeeded.filter(({ customerId }) => customerId === customer).map(({ pos }) => pos);
    expect(positions).toHaveLength(2);
    expect(positions[0]!).toBeLessThan(positions[1]!);
  }
});

test('the shards of an endpoint that was paused, or whose worker died, are made anew all the same', async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver, { active: false });
  await owner.customers(10);
  await hub.rows(
    `UPDATE webhook_cursor SET lease_owner = gen_random_uuid(), lease_until = clock_timestamp() + interval '300 ms'
     WHERE endpoint_id = $1`,
    [endpoint.id],
  );
  hub.dispatcher();
  await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, shards: 4, active: true });
  await hub.eventually(async () => (await cursorsOf(endpoint.id)).length === 4 && (await allAt(endpoint.id, 10)));
  expect(receiver.requests).toHaveLength(10);
});
