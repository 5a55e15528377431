import { expect, test } from 'vitest';
import { changeEndpoint, makeCustomers, makeEndpoint, operatorDesk, rename } from './operator-desk.js';
import { answering } from './receiver.js';

const desk = operatorDesk();
type Owner = Awaited<ReturnType<typeof desk.owner>>;

interface Explanation {
  willSend: boolean;
  rules: { rule: string; value: string; holds: boolean }[];
  nextAttemptAt: string | null;
  lastDelivery: { state: string; version: number; status: number | null } | null;
}
const query = `query ($endpoint: ID!, $customer: ID!) { explainDelivery(endpointId: $endpoint, customerId: $customer) {
  willSend rules { rule value holds } nextAttemptAt lastDelivery { state version status } } }`;

async function explain(owner: Owner, endpoint: string, customer: string) {
  const { explainDelivery } = await owner.gql<{ explainDelivery: Explanation }>(query, { endpoint, customer });
  return {
    ...explainDelivery,
    against: explainDelivery.rules.filter(({ holds }) => !holds).map(({ rule }) => rule),
    value: (rule: string) => explainDelivery.rules.find((verdict) => verdict.rule === rule)?.value,
  };
}

/** Once the event of the customer is in the feed. */
const explained = (owner: Owner, endpoint: string, customer: string, version = 1) =>
  desk.eventually(async () => {
    const found = await explain(owner, endpoint, customer);
    return found.value('event')?.startsWith(`version ${version},`) && found;
  });

test('issue 5.2: what waits is due now; once it is accepted there is nothing to send, and it says when that was', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver);
  const [first, second] = await makeCustomers(owner, ['A', 'B']);
  const waiting = await explained(owner, id, second!);
  expect(waiting).toMatchObject({ willSend: true, against: [], lastDelivery: null });
  expect(waiting.value('notSentBefore')).toBe('waits: 2 events of the feed to go, this one the last');
  expect((await explain(owner, id, first!)).value('notSentBefore')).toBe(
    'waits: the next event of the feed to be sent',
  );
  expect(Math.abs(Date.parse(waiting.nextAttemptAt!) - Date.now())).toBeLessThan(60_000);
  expect(waiting.rules.map(({ rule }) => rule)).toEqual([
    ...['endpointActive', 'feedReachesBack', 'breaker', 'pace', 'event', 'exceptOrigins', 'reasons', 'content'],
    ...['notSentBefore', 'notDead'],
  ]);
  expect(waiting.value('content')).toMatch(/^the default body, \d+ bytes$/);
  expect(waiting.value('pace')).toBe('up to 10000 requests per second, 8 at once');
  desk.dispatcher();
  const sent = await desk.eventually(async () => {
    const found = await explain(owner, id, second!);
    return !found.willSend && found;
  });
  expect(sent).toMatchObject({
    ...{ against: ['notSentBefore'], nextAttemptAt: null },
    lastDelivery: { state: 'SUCCEEDED', version: 1, status: 204 },
  });
  expect(sent.value('notSentBefore')).toMatch(/^accepted \d{4}-/);
  await rename(owner, second!, 'Another name');
  await explained(owner, id, second!, 2);
});

test('issue 5.3: filters are told by the rules of the dispatcher, with what is wanted and what is so', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const byReason = await makeEndpoint(owner, receiver, { reasons: ['CREATED'] });
  const byCondition = await makeEndpoint(owner, receiver, { conditions: { hasEmail: true } });
  const [customer] = await makeCustomers(owner, ['A']);
  expect((await explained(owner, byReason.id, customer!)).willSend).toBe(true);
  await rename(owner, customer!, 'Another name');
  const updated = await explained(owner, byReason.id, customer!, 2);
  expect(updated).toMatchObject({ willSend: false, against: ['reasons'], nextAttemptAt: null });
  expect(updated.value('reasons')).toBe('UPDATED; wanted: CREATED');
  const unmet = await explain(owner, byCondition.id, customer!);
  expect(unmet).toMatchObject({ willSend: false, against: ['hasEmail', 'toldBefore'] });
  await desk.hub.clone.sql('INSERT INTO webhook_told (owner_id, endpoint_id, customer_id) VALUES ($1, $2, $3)', [
    owner.id,
    byCondition.id,
    customer,
  ]);
  const leaving = await explain(owner, byCondition.id, customer!);
  expect(leaving).toMatchObject({ willSend: true, against: ['hasEmail'] });
  expect(leaving.nextAttemptAt).not.toBeNull();
});

test('B.7: a refused customer is told with its attempts and the next one, then as dead, with what revives it', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver(answering(422));
  const { id } = await makeEndpoint(owner, receiver);
  const blocking = await makeEndpoint(owner, receiver, { onDead: 'BLOCK' });
  const [customer] = await makeCustomers(owner, ['A']);
  const first = desk.dispatcher({ retryScheduleMs: [600_000] });
  const parked = await desk.eventually(async () => {
    const found = await explain(owner, id, customer!);
    return found.lastDelivery && found;
  });
  expect(parked).toMatchObject({ willSend: true, against: [], lastDelivery: { state: 'RETRYING', status: 422 } });
  const { webhookParked } = await owner.gql<{ webhookParked: { nodes: { nextAttemptAt: string }[] } }>(
    'query ($id: ID!) { webhookParked(endpointId: $id, first: 1) { nodes { nextAttemptAt } } }',
    { id },
  );
  expect(parked.nextAttemptAt).toBe(webhookParked.nodes[0]!.nextAttemptAt);
  expect(parked.value('notDead')).toBe(
    `1 of 10 attempts failed, the last one: answered 422; the next ${parked.nextAttemptAt}`,
  );
  await first.stop();
  await desk.hub.clone.sql('UPDATE webhook_parked SET next_at = now() WHERE owner_id = $1', [owner.id]);
  const second = desk.dispatcher({ retryScheduleMs: [] });
  for (const endpoint of [id, blocking.id]) {
    const dead = await desk.eventually(async () => {
      const found = await explain(owner, endpoint, customer!);
      return found.lastDelivery?.state === 'DEAD' && found;
    });
    expect(dead).toMatchObject({ willSend: false, against: ['notDead'], nextAttemptAt: null });
    expect(dead.value('notDead')).toContain('answered 422; dead since ');
  }
  await second.stop();
  await rename(owner, customer!, 'Another name');
  const revived = await explained(owner, id, customer!, 2);
  expect(revived).toMatchObject({ willSend: true, against: [] });
  expect(revived.value('notDead')).toContain('revived by the newest change');
  expect(await explain(owner, blocking.id, customer!)).toMatchObject({ willSend: false, against: ['notDead'] });
});

test('B.7: a paused endpoint, an open breaker and a missed part of the feed are told; a breaker with its next probe', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const { id } = await makeEndpoint(owner, receiver);
  const [customer] = await makeCustomers(owner, ['A']);
  await explained(owner, id, customer!);
  await desk.hub.clone.sql(
    `UPDATE webhook_cursor SET breaker = 'OPEN', fail_since = now(), probe_at = now() + interval '1 hour' WHERE endpoint_id = $1`,
    [id],
  );
  const open = await explain(owner, id, customer!);
  expect(open).toMatchObject({ willSend: false, against: ['breaker'] });
  expect(open.value('breaker')).toMatch(/^open, failing since .*; the next probe .*/);
  expect(open.value('breaker')).toContain(open.nextAttemptAt);
  await changeEndpoint(owner, id, receiver, { active: false });
  const paused = await explain(owner, id, customer!);
  expect(paused).toMatchObject({ willSend: false, against: ['endpointActive', 'breaker'], nextAttemptAt: null });
  expect(paused.value('endpointActive')).toBe('PAUSED');
  await desk.hub.clone.sql('UPDATE feed_head SET min_pos = 2 WHERE owner_id = $1', [owner.id]);
  expect((await explain(owner, id, customer!)).against).toContain('feedReachesBack');
});

test('A44: of an excluded customer a tombstone is sent; what is older than the endpoint is not sent', async () => {
  const owner = await desk.owner();
  const receiver = await desk.receiver();
  const before = await makeEndpoint(owner, receiver);
  const [customer] = await makeCustomers(owner, ['A']);
  await explained(owner, before.id, customer!);
  const after = await makeEndpoint(owner, receiver);
  const late = await explain(owner, after.id, customer!);
  expect(late).toMatchObject({ willSend: false, against: ['notSentBefore'] });
  expect(late.value('notSentBefore')).toMatch(/^older than the endpoint, which is of /);
  await owner.gql(
    'mutation ($by: CustomerIdentifierInput!) { setCustomerExcluded(customer: $by, excluded: true) { userErrors { message } } }',
    { by: { id: customer } },
  );
  const gone = await explained(owner, before.id, customer!, 2);
  expect(gone).toMatchObject({ willSend: true, against: [] });
  expect(gone.value('content')).toBe('a tombstone: the customer is excluded or erased');
});

test('issue 5.2: an unknown endpoint or customer is BAD_USER_INPUT', async () => {
  const owner = await desk.owner();
  const { id } = await makeEndpoint(owner, await desk.receiver());
  const [customer] = await makeCustomers(owner, ['A']);
  for (const [endpoint, named] of [
    ['987654321', customer],
    [id, '987654321'],
    ['x', customer],
    [id, '-1'],
  ]) {
    const answer = await desk.hub.request(query, { endpoint, customer: named }, { key: owner.key });
    expect(answer.errors?.[0]?.extensions.code, `${endpoint} ${named}`).toBe('BAD_USER_INPUT');
  }
});
