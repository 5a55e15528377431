import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formFormat } from '../../../src/webhook/template/form-format.js';
import { jsonFault } from '../../../src/webhook/template/json-format.js';
import { xmlFault } from '../../../src/webhook/template/xml-fault.js';

/** Where a fault is, as the character there, and why. */
const shown = (text: string, fault: { offset: number; reason: string } | null) =>
  fault && [fault.offset, text[fault.offset] ?? 'end', fault.reason];

test.each<[string, [number, string, string]]>([
  ['', [0, 'end', 'a value is expected']],
  ['{"a":1 "b":2}', [7, '"', 'a comma or } is expected']],
  ['{"a":1,}', [7, '}', 'a name in quotes is expected']],
  ['[1,]', [3, ']', 'a value is expected']],
  ['{"a" 1}', [5, '1', 'a colon is expected']],
  ['{a:1}', [1, 'a', 'a name in quotes is expected']],
  ['{"a": Anna}', [6, 'A', 'a value is expected']],
  ['{"a": 07}', [6, '0', 'a value is expected']],
  ['"a\nb"', [2, '\n', 'a line break or tab within a string']],
  ['"a\\x"', [2, '\\', 'no such escape in a string']],
  ['"a', [2, 'end', 'a string is not closed']],
  ['{} {}', [3, '{', 'nothing may follow after the end of the JSON']],
  ['[', [1, 'end', 'a value is expected']],
])('A51: %j is no JSON, and where', (text, expected) => {
  expect(shown(text, jsonFault(text))).toEqual(expected);
});

test('A51: what is called JSON is what JSON.parse takes', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"a"',
    '"\\u00e5"',
    '0',
    '-1',
    '1.5e3',
    'true',
    'nul',
    ' ',
    '\n',
    'Å',
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
  const either = fc.oneof(
    texts,
    fc.json({ maxDepth: 4 }),
    fc.json().chain((text) => mangled(text)),
  );
  fc.assert(
    fc.property(either, (text) => {
      expect(jsonFault(text) === null, text).toBe(isJson(text));
    }),
    { numRuns: 3_000 },
  );
});

test('A51: JSON nested beyond any sense is refused, not a stack overflow', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(jsonFault(nested(60))).toBeNull();
  expect(jsonFault(nested(30_000))?.reason).toBe('more than 64 levels deep');
});

test.each([
  '<a/>',
  '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><?x y?>\n<a b="1" c=\'&lt;"\'>t &amp; &#229; &#xe5;<b:c>]]</b:c ></a >\n',
  '<ærø-1 x.y="å"/>',
])('A51: %j is XML', (text) => {
  expect(xmlFault(text)).toBeNull();
});

test.each<[string, [number, string, string]]>([
  ['', [0, 'end', 'an element is expected']],
  ['text', [0, 't', 'text outside the root element']],
  ['<a>', [3, 'end', 'an element is not closed']],
  ['<a><b></a>', [6, '<', 'this is not the end of the element that is open']],
  ['</a>', [0, '<', 'this is not the end of the element that is open']],
  ['<a/><b/>', [4, '<', 'a second root element']],
  ['<a>x < y</a>', [5, '<', '< must be written &lt;, or the element is not well formed']],
  ['<a>x & y</a>', [5, '&', '& must be written &amp;']],
  ['<a>&nbsp;</a>', [3, '&', '& must be written &amp;']],
  ['<a>&#0;</a>', [3, '&', '& must be written &amp;']],
  ['<a>&#xd800;</a>', [3, '&', '& must be written &amp;']],
  ['<a>&#9999999;</a>', [3, '&', '& must be written &amp;']],
  ['<a b="x & y"/>', [8, '&', '& must be written &amp;']],
  ['<a b=1/>', [0, '<', '< must be written &lt;, or the element is not well formed']],
  ['<a b="1"c="2"/>', [0, '<', '< must be written &lt;, or the element is not well formed']],
  ['<a b="1" b="2"/>', [0, '<', 'an attribute stands here twice']],
  ['<a>]]></a>', [5, '>', '> must be written &gt; here']],
  ['<a>\u0001</a>', [3, '\u0001', 'a character that XML cannot have']],
  ['<!DOCTYPE a [<!ENTITY x "y">]><a/>', [0, '<', 'of what begins with <! only comments are taken']],
  ['<a><![CDATA[x]]></a>', [3, '<', 'of what begins with <! only comments are taken']],
  ['<a><!-- x -- y --></a>', [3, '<', 'of what begins with <! only comments are taken']],
  [
    '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    [0, '<', '< must be written &lt;, or the element is not well formed'],
  ],
])('A51: %j is no XML, and where', (text, expected) => {
  expect(shown(text, xmlFault(text))).toEqual(expected);
});

test.each<[string, number | null]>([
  ['id=1&name=Anna+Maria&tags[]=%C3%A5', null],
  ['', null],
  ['name=Anna Maria', 9],
  ['name=å', 5],
  ['x=100%', 5],
  ['x=%4', 2],
  ['x=1#y', 3],
  ['x="1"', 2],
])('A51: as a form, %j', (text, offset) => {
  expect(formFormat.fault(text)?.offset ?? null).toBe(offset);
});

function mangled(text: string): fc.Arbitrary<string> {
  return fc.nat(text.length).map((at) => text.slice(0, at) + text.slice(at + 1));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
