import { describe, expect, test } from 'vitest';
import { templateProblems, templateWarnings, templateOf } from '../../../src/webhook/template/check-template.js';
import { fillTemplate } from '../../../src/webhook/template/fill-template.js';
import { bare, form, full, json, rendered, withSnapshot, xml } from './subject.js';

const settings = { method: 'POST', contentType: 'text/plain', moneyDecimalComma: false };
const list = '[CUSTOMERTAG_BEGIN]<[CUSTOMERTAGID]:[CUSTOMERTAGNAME]:[CUSTOMERTAGVALUE]>[lineBreak][CUSTOMERTAG_END]';

describe('G30, G31, G32: the block runs over every tag that there is', () => {
  test('set or not, in the order of the tags', () => {
    expect(rendered(list, full)).toBe('<7:VIP:1>\n<8:Newsletter:0>');
  });

  test('of no tags it leaves nothing, of one no separator', () => {
    expect(rendered(`a${list}b`, bare)).toBe('ab');
    expect(rendered(`a${list}b`, withSnapshot({ tags: [{ id: '7', name: 'VIP', value: false }] }))).toBe('a<7:VIP:0>b');
  });

  test('G31: codes of the customer work within it, and there may be several blocks', () => {
    const template = '[customerTag_Begin][customerId]/[customerTagId] [customerTag_End]';
    expect(rendered(`${template}| ${template}`, full)).toBe('1042/7 1042/8 | 1042/7 1042/8 ');
  });
});

describe('A47: [lineBreak]', () => {
  test('in a block of JSON a comma and a newline, nothing after the last item; none at all: an empty array', () => {
    const template = '{"tags": [[customerTag_Begin]{"id": [customerTagId]}[lineBreak][customerTag_End]]}';
    expect(rendered(template, full, json)).toBe('{"tags": [{"id": 7},\n{"id": 8}]}');
    expect(rendered(template, bare, json)).toBe('{"tags": []}');
  });

  test('outside a block a newline, in JSON as well', () => {
    expect(rendered('a[lineBreak]b', full)).toBe('a\nb');
    expect(rendered('{"a":1,[lineBreak]"b":2}', full, json)).toBe('{"a":1,\n"b":2}');
  });

  test('within a JSON string it is a newline of the string, where a raw one could not be read', () => {
    const template = '{"tags": "[customerTag_Begin][customerTagName][lineBreak][customerTag_End]\\"[lineBreak]"}';
    expect(JSON.parse(rendered(template, full, json))).toEqual({ tags: 'VIP\nNewsletter"\n' });
  });

  test('in XML a newline, in a form an encoded one', () => {
    expect(rendered(`<a>[customerTag_Begin]<t/>[lineBreak][customerTag_End]</a>`, full, xml)).toBe('<a><t/>\n<t/></a>');
    const body = rendered('t=[customerTag_Begin][customerTagName][lineBreak][customerTag_End]', full, form);
    expect(new URLSearchParams(body).get('t')).toBe('VIP\nNewsletter');
  });
});

describe('A47: blocks that do not match are told with their place, all of them', () => {
  test.each([
    ['a\nb[customerTag_End]', ['line 2, column 2: [customerTag_End] without [customerTag_Begin]']],
    ['😀[CUSTOMERTAG_BEGIN]', ['line 1, column 2: [customerTag_Begin] without [customerTag_End]']],
    [
      '[customerTag_Begin]\r\n [customerTag_Begin][customerTag_End][customerTag_End]',
      [
        'line 2, column 2: [customerTag_Begin] within another block',
        'line 2, column 38: [customerTag_End] without [customerTag_Begin]',
      ],
    ],
  ])('%j', (template, places) => {
    expect(templateProblems({ ...settings, template })).toEqual(
      places.map((place) => ({ code: 'INVALID', field: 'template', message: `invalid template (${place})` })),
    );
    const { text, fault } = fillTemplate(templateOf({ ...settings, template }), full);
    expect([text, fault]).toEqual(['', places[0]]);
  });
});

describe('A51: what looks like a code and is none is left as it is, and warned about', () => {
  test('unknown codes, JSON words, CPR numbers, codes of a tag outside a block, with the first place of each', () => {
    const template = '[foo] [customerId]\n[foo] [KUNDECPR] [customerTagName]';
    expect(rendered(template, full)).toBe('[foo] 1042\n[foo] [KUNDECPR] [customerTagName]');
    expect(templateWarnings({ ...settings, template })).toEqual([
      '[foo] is no replacement code: left as it is (line 1, column 1)',
      '[KUNDECPR] is not served, as no CPR number is stored: left as it is (line 2, column 7)',
      '[customerTagName] means something only between [customerTag_Begin] and [customerTag_End]: left as it is (line 2, column 18)',
    ]);
    expect(rendered('{"a": [true], "b": [null]}', full, json)).toBe('{"a": [true], "b": [null]}');
    expect(templateWarnings({ ...settings, template: '[true]' })).toHaveLength(1);
  });

  test('what has no form of a code is no matter: numbers, spaces, other letters', () => {
    for (const template of ['[1]', '[ customerId ]', '[]', '["customerId"]', '[kundeKøn]', '[[', ']'])
      expect([rendered(template, full), templateWarnings({ ...settings, template })]).toEqual([template, []]);
    expect(rendered('[[customerId]]', full)).toBe('[1042]');
  });

  test('a template full of them warns about twenty', () => {
    const template = Array.from({ length: 50 }, (_, i) => `[x${i}]`).join('');
    const warnings = templateWarnings({ ...settings, template });
    expect([warnings.length, warnings.at(-1)]).toEqual([21, 'and 30 more']);
  });
});

test('A47: a block that repeats beyond all sense is given up, be it long or blank', () => {
  const tags = Array.from({ length: 20_000 }, (_, i) => ({ id: String(i + 1), name: '', value: false }));
  const of = (template: string) => fillTemplate(templateOf({ ...settings, template }), withSnapshot({ tags }));
  const began = performance.now();
  expect(of(`[customerTag_Begin]${'x'.repeat(60_000)}[customerTag_End]`).fault).toBe('more than 256 KiB');
  const blank = `[customerTag_Begin]${'[customerTagName]'.repeat(3_000)}[customerTag_End]`;
  expect(of(blank).fault).toBe('a block that repeats too often');
  expect(of('[customerTag_Begin][customerTag_End]'.repeat(1_000)).fault).toBe('a block that repeats too often');
  expect(of('[customerTag_Begin][customerTagId] [customerTag_End]').text).toHaveLength(128_894 - 20_000);
  expect(performance.now() - began).toBeLessThan(2_000);
});
