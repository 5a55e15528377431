import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  templateProblems,
  templateWarnings,
  type TemplateSettings,
} from '../../../src/webhook/template/check-template.js';
import { edgeCustomers } from '../../../src/webhook/template/edge-customers.js';

const problemsOf = (template: string, settings: Partial<TemplateSettings> = {}) =>
  templateProblems({
    template,
    method: 'POST',
    contentType: 'application/json',
    moneyDecimalComma: false,
    ...settings,
  });
const messageOf = (template: string, settings: Partial<TemplateSettings> = {}) =>
  problemsOf(template, settings)[0]?.message;

test('G3: the sample of Gecko Booking is taken as it stands, without a warning', () => {
  const template = readFileSync(new URL('../../../examples/gecko/customer-updated.template', import.meta.url), 'utf8');
  expect(problemsOf(template)).toEqual([]);
  const settings = { method: 'POST', contentType: 'application/json', moneyDecimalComma: false };
  expect(templateWarnings({ ...settings, template })).toEqual([]);
});

describe('A47, A51: a template that cannot give JSON for every customer is refused, with its place', () => {
  test.each([
    ['a name without quotes', '{\n  "name": [customerName]\n}', 'line 2, column 11: a value is expected'],
    ['a blank where a value must be', '{"mail":[customerEmail]}', 'line 1, column 24: a value is expected'],
    ['a day of two digits without quotes', '{"d": [customerBirthdateDay_DD]}', 'line 1, column 7: a value is expected'],
    ['money with a comma without quotes', '[0, [ordersTotalValue]]', 'line 1, column 5: a value is expected'],
    ['a backslash before a value', '{"n":"\\[customerName]"}', 'line 1, column 7: no such escape in a string'],
    ['a line break in quotes', '{"a": "b\nc"}', 'line 1, column 9: a line break or tab within a string'],
    ['a comma too many', '{"a": 1,\n}', 'line 2, column 1: a name in quotes is expected'],
    ['an end too early', '{"a": {"b": 1}', 'line 1, column 15: a comma or } is expected'],
    ['two documents', '{}\n{}', 'line 2, column 1: nothing may follow after the end of the JSON'],
    [
      'items without a separator',
      '{"t": [[customerTag_Begin]{"i": [customerTagId]}\n[customerTag_End]]}',
      'line 1, column 27: a comma or ] is expected',
    ],
    [
      'a separator before its item',
      '[[customerTag_Begin][lineBreak][customerTagId][customerTag_End]]',
      'line 1, column 21: a value is expected',
    ],
  ])('%s', (_what, template, place) => {
    const message = messageOf(template, { moneyDecimalComma: true });
    expect(message).toContain(`invalid template (no valid JSON at ${place}; with a customer`);
  });

  test('who it fails for is told', () => {
    expect(messageOf('[[customerTag_Begin][customerTagId][customerTag_End]]')).toMatch(/where there are two tags\)$/);
    expect(messageOf('{"mail":[customerEmail]}')).toMatch(/of whom only the name is known, where there are no tags\)$/);
  });

  test('numbers need no quotes', () => {
    const template = '[[customerId],[customerSexValue],[customerBirthdateYear],[ordersTotalCount],[ordersTotalValue]]';
    expect(problemsOf(template)).toEqual([]);
  });
});

test.each<[string, string, Partial<TemplateSettings>, string | undefined]>([
  ['XML', '<c id="[customerId]"><n>[customerName]</n></c>', { contentType: 'application/xml' }, undefined],
  [
    'XML',
    '<c>[customerName]',
    { contentType: 'text/xml' },
    'no valid XML at line 1, column 18: an element is not closed',
  ],
  [
    'XML',
    '<c><!-- [customerName] --></c>',
    { contentType: 'text/xml' },
    'no valid XML at line 1, column 4: of what begins',
  ],
  ['XML', '<c n=[customerId]/>', { contentType: 'application/xml' }, 'no valid XML at line 1, column 1: < must'],
  [
    'a form',
    'id=[customerId]\n  &name=[customerName]\n',
    { contentType: 'application/x-www-form-urlencoded' },
    undefined,
  ],
  [
    'a form',
    'full name=[customerName]',
    { contentType: 'application/x-www-form-urlencoded' },
    'no valid form at line 1, column 5',
  ],
  ['a query', 'id=[customerId]\n&a=b c', { method: 'GET' }, 'no valid query at line 2, column 5: this character must'],
  ['a query, whatever the content type', 'id=[customerId]', { method: 'GET' }, undefined],
  ['a query that no server takes', `id=${'x'.repeat(8_192)}`, { method: 'GET' }, 'more than 8 KiB'],
  ['text', 'anything { < & [customerName]', { contentType: 'text/plain' }, undefined],
])('A51: as %s, %s', (_what, template, settings, wrong) => {
  if (wrong === undefined) expect(problemsOf(template, settings)).toEqual([]);
  else expect(messageOf(template, settings)).toContain(`invalid template (${wrong}`);
});

test('a template has at most 64 KiB, not nothing, and no NUL', () => {
  const plain = { contentType: 'text/plain' };
  expect(problemsOf('å'.repeat(32 * 1024), plain)).toEqual([]);
  expect(problemsOf('å'.repeat(32 * 1024) + 'x', plain)).toMatchObject([{ code: 'TOO_LONG', field: 'template' }]);
  for (const empty of ['', ' \n']) expect(messageOf(empty, plain)).toMatch(/it is empty; null gives the default body/);
  expect(messageOf('a\nb\0', plain)).toBe('invalid template (line 2, column 2: a NUL character)');
});

test('the edge customers are the ones that break templates: 0, 1 and 2 tags, every hostile character, 100 of them', () => {
  expect(edgeCustomers.map(({ subject }) => subject.snapshot.tags.map(({ value }) => value))).toEqual([
    [],
    [false],
    [true, false],
  ]);
  const [, hostile, long] = edgeCustomers.map(({ subject }) => subject.snapshot.name);
  for (const piece of ['"', '\\', '\n', '[CUSTOMERID]', '</', '&', '--', '?>', '%', '+', '=', '#'])
    expect(hostile).toContain(piece);
  expect(long).toMatch(/\p{Emoji_Presentation}/u);
  expect(long).toMatch(/\p{Script=Hebrew}/u);
  expect([...long!].length).toBeGreaterThan(90);
});
