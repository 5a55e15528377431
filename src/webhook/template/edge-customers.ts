import type { ShownSnapshot } from '../../snapshot/snapshots-shown.js';
import type { Subject } from '../../snapshot/subjects-shown.js';

/**
 * Made-up customers for whom a template must work before it is stored: hardly anything known; every text hostile to every
 * format, with one tag; every text as long as it can be, with two tags of which one is set. No text of theirs could stand
 * in JSON without quotes, so a template that leaves them out is found; and no number may follow on their ids, which are 0,
 * so one that puts them side by side without a separator is found too.
 */
export const edgeCustomers: readonly { what: string; subject: Subject }[] = [
  {
    what: 'a customer of whom only the name is known, where there are no tags',
    subject: subjectOf('Å', { tags: [] }),
  },
  {
    what: 'a customer with quotes, line breaks and codes in every text, where there is one tag',
    subject: filled('"\\\r\n\t[CUSTOMERID][customerTag_Begin]</a>--?>]]>&amp;%zz+=#;, \u0001Å', [false]),
  },
  {
    what: 'a customer with long texts of every script, where there are two tags',
    subject: filled('Å\u202eאבגد👩‍👩‍👧'.padEnd(100, 'ø'), [true, false]),
  },
];

function filled(text: string, tags: boolean[]): Subject {
  const booking = { bookingId: '9', date: '2026-03-29', startsAt: '2026-03-29T10:00:00+00:00', service: text };
  return {
    snapshot: {
      ...subjectOf(text, { tags: tags.map((value) => ({ id: '0', name: text, value })) }).snapshot,
      ...{ sex: 2, birthDate: { year: 1985, month: 7, day: 6 }, email: text, mobile: text, postalCode: text },
      ...{ ordersTotalCount: 12, ordersTotalValue: '-1234.50', ordersTotalValueExVat: '-987.60' },
      ...{ ordersLastDate: '2026-01-05', lastBooking: booking, nextBooking: booking },
      ...{ acceptsMarketingEmail: true, acceptsMarketingSms: true },
    },
    details: { address: text, city: text, telephone: text, today: '2026-03-29' },
  };
}

function subjectOf(name: string, { tags }: Pick<ShownSnapshot, 'tags'>): Subject {
  return {
    snapshot: {
      ...{ customerId: '0', code: name, version: 1, computedAt: '2026-03-29T10:00:00+00:00' },
      ...{
        name,
        firstName: name,
        lastName: name,
        sex: 0,
        birthDate: null,
        email: null,
        mobile: null,
        postalCode: null,
      },
      ...{ ordersTotalCount: 0, ordersTotalValue: '0.00', ordersTotalValueExVat: '0.00', currency: 'EUR' },
      ...{ ordersLastDate: null, lastBooking: null, nextBooking: null },
      ...{ acceptsMarketingEmail: false, acceptsMarketingSms: false, tags },
    },
    details: { address: null, city: null, telephone: null, today: '2026-03-29' },
  };
}
