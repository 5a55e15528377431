import type { Subject } from '../../../src/snapshot/subjects-shown.js';
import type { ShownSnapshot } from '../../../src/snapshot/snapshots-shown.js';
import { templateOf, type TemplateSettings } from '../../../src/webhook/template/check-template.js';
import { fillTemplate } from '../../../src/webhook/template/fill-template.js';

const booking = (date: string, service: string) => ({ bookingId: '1', date, startsAt: `${date}T08:00:00Z`, service });

/** A customer of whom everything is known, two tags of which one is set. */
export const full: Subject = {
  snapshot: {
    ...{ customerId: '1042', code: 'C-1001', version: 3, computedAt: '2026-03-29T10:00:00Z' },
    ...{ name: 'Anna Maria Holm Jensen', firstName: 'Anna', lastName: 'Jensen', sex: 2 },
    ...{ birthDate: { year: 1985, month: 7, day: 6 }, email: 'anna@example.dk', mobile: '+45 70 27 16 99' },
    ...{ postalCode: '8000', ordersTotalCount: 12, ordersTotalValue: '1234.50', ordersTotalValueExVat: '987.60' },
    ...{ currency: 'DKK', ordersLastDate: '2026-01-05', acceptsMarketingEmail: true, acceptsMarketingSms: false },
    ...{ lastBooking: booking('2026-03-04', 'Massage'), nextBooking: booking('2026-12-31', 'Sauna') },
    tags: [
      { id: '7', name: 'VIP', value: true },
      { id: '8', name: 'Newsletter', value: false },
    ],
  },
  details: { address: 'Åboulevarden 1', city: 'Aarhus', telephone: '86 12 34 56', today: '2026-07-05' },
};

/** A customer of whom only the name is known, where there are no tags. */
export const bare: Subject = {
  snapshot: {
    ...full.snapshot,
    ...{ name: 'Plato', firstName: 'Plato', lastName: 'Plato', sex: 0, birthDate: null, email: null, mobile: null },
    ...{ postalCode: null, ordersTotalCount: 0, ordersTotalValue: '0.00', ordersTotalValueExVat: '0.00' },
    ...{ ordersLastDate: null, lastBooking: null, nextBooking: null, acceptsMarketingEmail: false, tags: [] },
  },
  details: { address: null, city: null, telephone: null, today: '2026-07-05' },
};

export const withSnapshot = (changed: Partial<ShownSnapshot>): Subject => ({
  ...full,
  snapshot: { ...full.snapshot, ...changed },
});

/** Filled in for a subject; plain text unless told. @throws when it could not be sent */
export function rendered(template: string, subject: Subject, settings: Partial<TemplateSettings> = {}): string {
  const { text, fault } = fillTemplate(
    templateOf({ template, method: 'POST', contentType: 'text/plain', moneyDecimalComma: false, ...settings }),
    subject,
  );
  if (fault) throw new Error(fault);
  return text;
}

export const json = { contentType: 'application/json' };
export const form = { contentType: 'application/x-www-form-urlencoded' };
export const xml = { contentType: 'application/xml' };
