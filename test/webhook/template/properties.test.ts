import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { customerCodes } from '../../../src/webhook/template/codes.js';
import type { Subject } from '../../../src/snapshot/subjects-shown.js';
import { bare, form, json, rendered, withSnapshot, xml } from './subject.js';

const sample = readFileSync(new URL('../../../examples/gecko/customer-updated.template', import.meta.url), 'utf8');

/** Anything that PostgreSQL can hold, with what breaks templates more often than chance would have it. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        ...[
          '"',
          '\\',
          '\\"',
          '\n',
          '\r\n',
          '\t',
          '[CUSTOMERID]',
          '[customerTag_Begin]',
          '[lineBreak]',
          '", "admin": true, "',
        ],
        ...[
          '</a>',
          '&amp;',
          '<!--',
          ']]>',
          '%41',
          '&x=1',
          '+',
          '#',
          ';',
          '\u2028',
          '\u202eאב',
          '👩‍👩‍👧',
          '\u0001',
          '\u007f',
        ],
      ),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join('').replaceAll('\0', ''));
const known = fc.option(text, { nil: null });
const booking = fc.option(
  text.map((service) => ({ bookingId: '1', date: '2026-03-04', startsAt: '', service })),
  { nil: null },
);
const tags = fc.array(fc.record({ id: fc.nat().map(String), name: text, value: fc.boolean() }), { maxLength: 3 });

const subjects: fc.Arbitrary<Subject> = fc
  .record({
    snapshot: fc.record({
      ...{ code: text, name: text, firstName: text, lastName: text, email: known, mobile: known, postalCode: known },
      ...{ lastBooking: booking, nextBooking: booking, tags, acceptsMarketingSms: fc.boolean() },
    }),
    details: fc.record({ address: known, city: known, telephone: known, today: fc.constant('2026-07-05') }),
  })
  .map(({ snapshot, details }) => ({ snapshot: { ...bare.snapshot, ...snapshot }, details }));

test("G3: Gecko's sample template gives JSON for any customer, and gives back exactly the values", () => {
  fc.assert(
    fc.property(subjects, (subject) => {
      const { snapshot } = subject;
      expect(JSON.parse(rendered(sample, subject, json))).toEqual({
        CUSTOMERID: Number(snapshot.customerId),
        ...{ CUSTOMERNAME: snapshot.name, CUSTOMERFIRSTNAME: snapshot.firstName, CUSTOMERLASTNAME: snapshot.lastName },
        ...{ CUSTOMERSEXVALUE: '0', CUSTOMERBIRTHDAY: '0-00-00', CUSTOMEREMAIL: snapshot.email ?? '' },
        ...{ CUSTOMERMOBILE: snapshot.mobile ?? '', CUSTOMERPOSTALCODE: snapshot.postalCode ?? '' },
        ...{ ORDERSTOTALCOUNT: '0', ORDERSTOTALVALUE: '0.00', ORDERSTOTALVALUEEXVAT: '0.00', ORDERSLASTDATE: '' },
        CUSTOMERLASTBOOKINGDATE: snapshot.lastBooking?.date ?? '',
        CUSTOMERLASTBOOKINGSERVICE: snapshot.lastBooking?.service ?? '',
        CUSTOMERNEXTBOOKINGDATE: snapshot.nextBooking?.date ?? '',
        CUSTOMERNEXTBOOKINGSERVICE: snapshot.nextBooking?.service ?? '',
        CUSTOMERACCEPTSMARKETINGEMAIL: '0',
        CUSTOMERACCEPTSMARKETINGSMS: snapshot.acceptsMarketingSms ? '1' : '0',
        CUSTOMERTAGS: snapshot.tags.map(({ id, name, value }) => ({
          ...{ CUSTOMERTAGID: Number(id), CUSTOMERTAGNAME: name, CUSTOMERTAGVALUE: value ? '1' : '0' },
        })),
      });
    }),
    { numRuns: 500 },
  );
});

const codes = Object.keys(customerCodes);
const plainValues = (subject: Subject) => codes.map((code) => rendered(`[${code}]`, subject));

test('G33: every code stands safely in a form, and URLSearchParams gives back exactly the value', () => {
  const template = codes.map((code, i) => `f${i}=[${code}]`).join('\r\n  &');
  fc.assert(
    fc.property(subjects, (subject) => {
      expect([...new URLSearchParams(rendered(template, subject, form))]).toEqual(
        plainValues(subject).map((value, i) => [`f${i}`, value]),
      );
    }),
  );
});

test('G33: every code stands safely in XML, in an element and in an attribute', () => {
  const template = `<c>${codes.map((code) => `<v a="[${code}]">[${code}]</v>`).join('\n')}</c>`;
  fc.assert(
    fc.property(subjects, (subject) => {
      const read = [...rendered(template, subject, xml).matchAll(/<v a="([^"<]*)">([^<]*)<\/v>/g)];
      const values = plainValues(subject).map((value) =>
        value.replace(/[\u0000-\u0008\v\f\u000e-\u001f\ufffe\uffff]/g, '\ufffd'),
      );
      expect(read.map(([, attribute]) => unescaped(attribute!))).toEqual(values);
      expect(read.map(([, , content]) => unescaped(content!))).toEqual(values);
    }),
  );
});

test('G2: one pass: whatever a value contains, as plain text it stands there as it is', () => {
  fc.assert(
    fc.property(text, text, (name, tag) => {
      const subject = withSnapshot({ name, tags: [{ id: '1', name: tag, value: true }] });
      const template =
        '[customerName]|[customerTag_Begin][customerTagName][customerName][customerTag_End]|[CUSTOMERNAME]';
      expect(rendered(template, subject)).toBe(`${name}|${tag}${name}|${name}`);
    }),
  );
});

const unescaped = (value: string): string =>
  value.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
