import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerDesk, faults, identifier, type ShownCustomer } from '../customer/customer-desk.js';
import { startTestHub, type TestHub } from '../hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
});
afterAll(() => hub.stop());

const selection = `customer { version consents { channel accepted source evidence occurredAt }
  snapshot { acceptsMarketingEmail acceptsMarketingSms } }`;

async function desk() {
  const opened = await customerDesk(hub);
  await opened.create({ code: 'A', name: 'A' });
  await opened.events();
  const say = (input: object, code = 'A') =>
    opened.run<{ customer: ShownCustomer | null }>(
      'setMarketingConsent',
      { customer: [identifier, { code }], input: ['ConsentInput!', input] },
      selection,
    );
  return { ...opened, say };
}

const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T12:00:00.000Z`;
const shown = (acceptsMarketingEmail: boolean, acceptsMarketingSms = false) => ({
  snapshot: { acceptsMarketingEmail, acceptsMarketingSms },
});

describe('what was said', () => {
  test('T2, G28, G29: each channel apart, with source, evidence and time, and each an event', async () => {
    const { say, events, owner } = await desk();
    const before = Date.now();
    const first = await say({
      channel: 'EMAIL',
      accepted: true,
      source: ' Shop ',
      evidence: ' Form 7 ',
      occurredAt: at(1),
    });
    expect(first.customer).toMatchObject({
      version: 2,
      ...shown(true),
      consents: [{ channel: 'EMAIL', accepted: true, source: 'Shop', evidence: 'Form 7', occurredAt: at(1) }],
    });
    const second = await say({ channel: 'SMS', accepted: false });
    const consents = second.customer!.consents as { occurredAt: string }[];
    expect(consents[1]).toMatchObject({
      channel: 'SMS',
      accepted: false,
      source: `key of ${owner.code}`,
      evidence: null,
    });
    expect(Date.parse(consents[1]!.occurredAt)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(consents[1]!.occurredAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await events()).toEqual(['A CONSENT', 'A CONSENT']);
  });

  test('T2: of all statements the one that happened last counts, in whatever order they arrive', async () => {
    const { say } = await desk();
    await say({ channel: 'EMAIL', accepted: true, occurredAt: at(1) });
    expect((await say({ channel: 'EMAIL', accepted: false, occurredAt: at(9) })).customer).toMatchObject(shown(false));
    const late = await say({ channel: 'EMAIL', accepted: true, occurredAt: at(5) });
    expect(late.customer).toMatchObject(shown(false));
    expect(late.customer!.consents).toMatchObject([{ accepted: false, occurredAt: at(9) }]);
    expect((await say({ channel: 'EMAIL', accepted: true, occurredAt: at(10) })).customer).toMatchObject(shown(true));
    expect((await say({ channel: 'SMS', accepted: true, occurredAt: at(2) })).customer).toMatchObject(
      shown(true, true),
    );
  });

  test('T2: of two statements of the same moment the withdrawal counts, in either order', async () => {
    for (const order of [
      [true, false],
      [false, true],
    ]) {
      const { say } = await desk();
      for (const accepted of order) await say({ channel: 'EMAIL', accepted, occurredAt: at(3) });
      const again = await say({ channel: 'SMS', accepted: true, occurredAt: at(3) });
      expect(again.customer).toMatchObject(shown(false, true));
    }
  });

  test('the same statement twice is no event; another source or another time is', async () => {
    const { say, events } = await desk();
    const statement = { channel: 'EMAIL', accepted: true, source: 'Shop', occurredAt: at(1) };
    await say(statement);
    await events();
    expect((await say(statement)).customer).toMatchObject({ version: 2 });
    expect((await say({ ...statement, occurredAt: '2026-01-01T13:00:00+01:00' })).customer).toMatchObject({
      version: 2,
    });
    expect(await events()).toEqual([]);
    await say({ ...statement, source: 'Fair' });
    await say({ ...statement, occurredAt: at(2) });
    expect(await events()).toEqual(['A CONSENT', 'A CONSENT']);
  });

  test('the same statement several times at once is one event', async () => {
    const { say, events } = await desk();
    for (const time of [{}, { occurredAt: at(1) }]) {
      const statement = { channel: 'SMS', accepted: true, source: 'Shop', ...time };
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => say(statement)));
      expect(answers.flatMap(faults)).toEqual([]);
      expect(await events()).toEqual(['A CONSENT']);
    }
  });

  test('without a time it is as of now: news only when it differs from what is in force', async () => {
    const { say, events, update } = await desk();
    await say({ channel: 'EMAIL', accepted: true });
    expect(await events()).toEqual(['A CONSENT']);
    await say({ channel: 'EMAIL', accepted: true });
    await update({ code: 'A' }, { acceptsMarketingEmail: true, acceptsMarketingSms: null });
    expect(await events()).toEqual([]);
    await say({ channel: 'EMAIL', accepted: false });
    await say({ channel: 'EMAIL', accepted: true });
    expect(await events()).toEqual(['A CONSENT', 'A CONSENT']);
    await update({ code: 'A' }, { acceptsMarketingEmail: false, acceptsMarketingSms: true });
    expect(await events()).toEqual(['A CONSENT']);
  });
});

describe('what is refused', () => {
  test('a time in the future, beyond five minutes for clocks that run ahead', async () => {
    const { say, events } = await desk();
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    for (const occurredAt of [inMinutes(10), '9999-12-31T23:59:59Z'])
      expect(faults(await say({ channel: 'EMAIL', accepted: true, occurredAt }))).toEqual(['OUT_OF_RANGE occurredAt']);
    expect(await events()).toEqual([]);
    expect(faults(await say({ channel: 'EMAIL', accepted: true, occurredAt: inMinutes(2) }))).toEqual([]);
  });

  test('texts that are too long or no text, and a customer that is nobody', async () => {
    const { say, events } = await desk();
    const statement = { channel: 'EMAIL', accepted: true };
    const wrong: [object, string[]][] = [
      [{ source: 'x'.repeat(256), evidence: 'x'.repeat(1_001) }, ['TOO_LONG source', 'TOO_LONG evidence']],
      [{ source: 'a\0b', evidence: 'half \ud800' }, ['INVALID source', 'INVALID evidence']],
    ];
    for (const [texts, expected] of wrong) expect(faults(await say({ ...statement, ...texts }))).toEqual(expected);
    expect(faults(await say(statement, 'B'))).toEqual(['NOT_FOUND customer']);
    expect(await events()).toEqual([]);
    const longest = { source: '😀'.repeat(255), evidence: '😀'.repeat(1_000) };
    expect(faults(await say({ ...statement, ...longest }))).toEqual([]);
  });

  test('what is no statement: no channel, no answer, null for it, no time', async () => {
    const { owner } = await desk();
    const query =
      'mutation ($input: ConsentInput!) { setMarketingConsent(customer: { code: "A" }, input: $input) { customer { id } } }';
    const ok = { channel: 'EMAIL', accepted: true };
    const wrong = [{ accepted: true }, { channel: 'EMAIL' }, { ...ok, accepted: null }, { ...ok, channel: 'POST' }];
    const noTimes = ['yesterday', '2026-01-01', '2026-02-30T00:00:00Z', 0, ''].map((occurredAt) => ({
      ...ok,
      occurredAt,
    }));
    for (const input of [...wrong, ...noTimes]) {
      const answer = await hub.request(query, { input }, { key: owner.key });
      expect([input, answer.errors?.[0]?.extensions.code]).toEqual([input, 'BAD_USER_INPUT']);
    }
  });
});
