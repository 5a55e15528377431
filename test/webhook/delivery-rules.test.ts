import { expect, test } from 'vitest';
import type { EventDelivery } from '../../src/event-delivery.js';
import type { Conditions } from '../../src/webhook/conditions.js';
import {
  eventParameters,
  explainRules,
  judge,
  passesEvents,
  passingEvents,
  type DeliveryFilter,
} from '../../src/webhook/delivery-rules.js';
import type { JudgedCustomer } from '../../src/webhook/judged-customers.js';
import type { Subject } from '../../src/snapshot/subjects-shown.js';
import { webhookFixture } from './webhook-fixture.js';

const hub = webhookFixture();

const all: DeliveryFilter = { reasons: null, exceptOrigins: null, conditions: null };
const change = { reasons: ['TAG'], origin: 'shop' };

function customer(snapshot: object = {}, more: Partial<JudgedCustomer> = {}): JudgedCustomer {
  const shown = {
    ...{ email: 'ada@example.com', mobile: null, acceptsMarketingEmail: true, acceptsMarketingSms: false },
    tags: [
      { id: '1', name: 'VIP', value: true },
      { id: '2', name: 'Press', value: false },
    ],
    ...snapshot,
  };
  return {
    subject: { snapshot: shown } as unknown as Subject,
    systems: ['WOOCOMMERCE', 'POSTI'],
    told: false,
    ...more,
  };
}

const met: Conditions[] = [
  ...[{ hasEmail: true }, { hasMobile: false }, { acceptsMarketingEmail: true }, { acceptsMarketingSms: false }],
  ...[{ hasAnyTag: ['1', '2'] }, { hasAllTags: ['1'] }, { hasNoTag: ['2'] }, { hasNoTag: ['9'] }],
  ...[{ fromAnySystem: ['MAESTRO', 'POSTI'] }, { hasEmail: true, hasAllTags: ['1'], fromAnySystem: ['POSTI'] }],
];
const unmet: Conditions[] = [
  ...[{ hasEmail: false }, { hasMobile: true }, { acceptsMarketingEmail: false }, { acceptsMarketingSms: true }],
  ...[{ hasAnyTag: ['2', '9'] }, { hasAllTags: ['1', '2'] }, { hasNoTag: ['1', '9'] }, { hasAllTags: ['9'] }],
  ...[{ fromAnySystem: ['MAESTRO'] }, { hasEmail: true, hasAllTags: ['1'], fromAnySystem: ['MAESTRO'] }],
];

test.each(met)('B.6: %j holds', (conditions) => {
  expect(judge({ ...all, conditions }, change, customer())).toBe('SEND');
  expect(explainRules({ ...all, conditions }, change, customer()).every(({ holds }) => holds)).toBe(true);
});

test.each(unmet)('B.6: %j does not hold', (conditions) => {
  expect(judge({ ...all, conditions }, change, customer())).toBe('PASS');
  expect(judge({ ...all, conditions }, change, customer({}, { told: true }))).toBe('SEND_LEFT');
  const names = explainRules({ ...all, conditions }, change, customer()).filter(({ holds }) => !holds);
  expect(names.map(({ rule }) => rule)).toEqual([Object.keys(conditions).at(-1), 'toldBefore']);
});

test('leaving goes before the reasons, not before the origins; a customer that is not shown meets nothing', () => {
  const conditions = { hasEmail: true };
  const gone = customer({}, { subject: null, told: true });
  expect(judge({ ...all, conditions, reasons: ['ORDER'] }, change, customer())).toBe('PASS');
  expect(judge({ ...all, conditions, reasons: ['ORDER'] }, change, gone)).toBe('SEND_LEFT');
  expect(judge({ ...all, conditions, exceptOrigins: ['shop'] }, change, gone)).toBe('PASS');
  expect(judge({ ...all, conditions: { hasMobile: false } }, change, { ...gone, told: false })).toBe('PASS');
  expect(judge(all, change, undefined)).toBe('SEND');
});

test('explainDelivery: values tell what is so and what is wanted, and never the data', () => {
  const conditions = { hasEmail: true, hasAnyTag: ['2', '9'], fromAnySystem: ['MAESTRO'] };
  const filter = { conditions, reasons: ['TAG', 'ORDER'], exceptOrigins: ['crm'] };
  const verdicts = explainRules(filter, change, customer({}, { told: true }));
  expect(verdicts).toEqual([
    { rule: 'exceptOrigins', value: 'written by shop; left out: crm', holds: true },
    { rule: 'reasons', value: 'TAG; wanted: TAG, ORDER', holds: true },
    { rule: 'hasEmail', value: 'has an e-mail address; wanted: yes', holds: true },
    { rule: 'hasAnyTag', value: 'carries none; asked for: Press, deleted tag 9', holds: false },
    { rule: 'fromAnySystem', value: 'has a reference in none; wanted: any of MAESTRO', holds: false },
    { rule: 'toldBefore', value: expect.stringContaining('has left') as string, holds: true },
  ]);
  expect(JSON.stringify(verdicts)).not.toContain('example.com');
});

test('what SQL says of an event is what the rules say, for every mixture', async () => {
  const events = [['TAG'], ['ORDER', 'TAG'], ['CLOCK']].flatMap((reasons) =>
    [null, 'crm', 'shop'].flatMap((origin) =>
      [null, 'LATEST', 'SUMMARY'].map((delivery) => ({ reasons, origin, delivery: delivery as EventDelivery | null })),
    ),
  );
  for (const conditions of [null, { hasEmail: true }])
    for (const reasons of [null, ['TAG'], ['ORDER', 'CLOCK']])
      for (const exceptOrigins of [null, ['crm'], ['crm', 'shop']]) {
        const filter = { reasons, exceptOrigins, conditions };
        for (const event of events) {
          const [row] = await hub.rows<{ passes: boolean }>(
            `SELECT ${passingEvents('$1', '$2', '$3')} AS passes
             FROM (SELECT $4::text[] AS reasons, $5::text AS origin, $6::text AS delivery) AS feed`,
            [...eventParameters(filter), event.reasons, event.origin, event.delivery],
          );
          expect(row!.passes, JSON.stringify({ filter, event })).toBe(passesEvents(filter, event));
        }
      }
});
