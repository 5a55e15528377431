import { expect, test } from 'vitest';
import { guessFormat } from '../../src/import-command/guess-format.js';
import { problemTable } from '../../src/import-command/problem-table.js';
import { textLines } from '../../src/import-command/text-lines.js';
import { Retry } from '../../src/retry.js';

test('issue 6.7: the format is guessed from the first bytes, then from the name', () => {
  const cases: [name: string, head: string, format: string][] = [
    ['a.csv', 'code,name', 'csv'],
    ['a.ndjson', '{"code":1}', 'ndjson'],
    ['rows', '\ufeff \n{"code":1}', 'ndjson'],
    ['misnamed.csv', '{"code":1}', 'ndjson'],
    ['-', 'code;name', 'csv'],
    ['a.jsonl', '', 'ndjson'],
    ['a.txt', '"code"\t"name"', 'csv'],
    ['list.json', ' [', 'ndjson'],
  ];
  for (const [name, head, format] of cases) expect(guessFormat(name, Buffer.from(head)), name).toBe(format);
});

test('issue 6.7: the table of problems fits the terminal, and the text of a file cannot steer it', () => {
  const problems = [
    { line: 7, code: 'A', errors: ['missing name', 'invalid email'] },
    { line: 1_234, code: `B\u001b[31m\u202e${'x'.repeat(30)}`, action: 'CREATE', errors: ['invalid login'] },
  ];
  expect(problemTable(problems, null)).toEqual([
    'line  code                      problems',
    '   7  A                         missing name; invalid email',
    '1234  B\ufffd[31m\ufffdxxxxxxxxxxxxxxxx…  invalid login (the customer was written: CREATE)',
  ]);
  expect(problemTable(problems, 40).map((line) => line.length)).toEqual([40, 40, 40]);
  expect(problemTable(problems, 40)[1]).toBe('   7  A                         missing…');
});

test('issue 6.7: lines are whole wherever the connection parts them, also within a character', async () => {
  const bytes = Buffer.from('{"a":"Ærø"}\n\n{"b":1}\nlast');
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const lines: string[] = [];
    for await (const line of textLines(ReadableStream.from(pieces))) lines.push(line);
    expect(lines, `pieces of ${size}`).toEqual(['{"a":"Ærø"}', '{"b":1}', 'last']);
  }
});

test('issue 6.7: tries go on as long as something is gained, and end when told to stop', async () => {
  const { signal } = new AbortController();
  const none = new Retry(0);
  expect(await none.pause(signal)).toBe(false);
  const patient = new Retry(60_000);
  expect(await patient.pause(signal)).toBe(true);
  const stopped = new AbortController();
  const waiting = patient.pause(stopped.signal);
  stopped.abort();
  expect(await waiting).toBe(false);
  const hasty = new Retry(1);
  hasty.gained(5);
  while (await hasty.pause(signal)); // nothing more is gained
  hasty.gained(5);
  expect(await hasty.pause(signal)).toBe(false);
  hasty.gained(6);
  expect(await hasty.pause(signal)).toBe(true); // however long it had got no further before
});
