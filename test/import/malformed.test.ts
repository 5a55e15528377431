import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, csv, customers, importFile, ndjson, operations } from './import-request.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const nd = 'application/x-ndjson';
const two = ndjson(customers(1, 2));
const broken: [string, string, string | Buffer, number, string, RegExp, number?][] = [
  ['an empty file', nd, '', 400, 'MALFORMED_FILE', /^the file is empty$/],
  ['an empty table', csv, '', 400, 'MALFORMED_FILE', /^line 1: .*the column code is missing|^the file is empty$/],
  ['nothing but blank lines', nd, '\n \n', 400, 'MALFORMED_FILE', /^the file has no rows$/],
  ['only a header', csv, 'code,name\n', 400, 'MALFORMED_FILE', /^the file has no rows, only a header$/],
  ['only a header without an end', csv, 'code,name', 400, 'MALFORMED_FILE', /only a header$/],
  ['an unknown column', csv, 'code,name,emial\nA,B,\n', 400, 'MALFORMED_FILE', /^line 1: unknown column "emial" \(did you mean email\?\)$/, 1],
  ['a column of the other style', csv, 'code,name,email,zip\nA,B,,\n', 400, 'MALFORMED_FILE', /"(zip|email)" \(did you mean (postalCode|mailstaff)\?\)/, 1],
  ['a column twice, one without a name, one missing', csv, 'name,NAME,\nA,B,\n', 400, 'MALFORMED_FILE', /^line 1: column 3 has no name; the column name is there twice; the column code is missing$/, 1],
  ['a truncated last line', nd, `${two}{"code":"C-3","na`, 400, 'TRUNCATED', /^line 3: the file breaks off/, 3],
  ['a truncated last row', csv, 'code,name,email\nA,Anna,\nB,Bo', 400, 'TRUNCATED', /^line 3: the file breaks off/, 3],
  ['a quote that is not closed', csv, 'code,name\nA,Anna\nB,"Bo\nC,Carl\n', 400, 'TRUNCATED', /^line 3: the file ends within a quote/, 3],
  ['text behind a closing quote', csv, 'code,name\nA,Anna\nB,"Bo"x\n', 400, 'MALFORMED_FILE', /^line 3: something follows/, 3],
  ['a quote in the middle of a cell', csv, 'code,name\nA,An"na\n', 400, 'MALFORMED_FILE', /^line 2: a quote within/, 2],
  ['invalid UTF-8', nd, Buffer.concat([Buffer.from(`${two}{"code":"`), Buffer.from([0xe6]), Buffer.from('","name":"x"}\n')]), 400, 'MALFORMED_FILE', new RegExp(`^line 3: byte ${two.length + 9} of the file is not UTF-8 \\(for a Latin-1`), 3],
  ['UTF-8 that ends within a character', csv, Buffer.concat([Buffer.from('code,name\nA,Gr'), Buffer.from([0xc3])]), 400, 'MALFORMED_FILE', /^line 2: byte 14 of the file is not UTF-8/, 2],
  ['a JSON list', nd, '[{"code":"A","name":"B"}]', 400, 'MALFORMED_FILE', /^line 1: this is a JSON list/, 1],
  ['a pretty JSON list', nd, '[\n{"code":"A","name":"B"}]', 400, 'MALFORMED_FILE', /^line 1: this is a JSON list/, 1],
  ['a row of 5 MB', csv, `code,name\nA,Anna\nB,"${'x'.repeat(5_000_000)}"\n`, 413, 'LIMIT_EXCEEDED', /^line 3: a row longer than a megabyte; is a quote not closed\?$/, 3],
  ['a header of 5 MB', csv, 'x'.repeat(5_000_000), 413, 'LIMIT_EXCEEDED', /^line 1: a row longer/, 1],
]; // prettier-ignore

test.each(broken)(
  'api 6: %s is refused as a whole, by what is wrong and where',
  async (_name, type, body, status, code, message, line) => {
    const answer = await importFile(hub, owner, body, { type });
    expect(answer).toMatchObject({
      status,
      problems: [],
      last: { error: { code, message: expect.stringMatching(message) as string } },
    });
    expect(answer.last.error!.line).toBe(line);
    expect(await codesOf(hub, owner)).toEqual([]);
    expect(await operations(owner)).toEqual([]);
  },
);

test('api 6: a file that breaks behind its first chunk keeps what came before, and goes on with the same key once it is mended', async () => {
  const good = ndjson(customers(1, 6_000));
  const sending = { query: { idempotencyKey: 'mended' } };
  const broke = await importFile(hub, owner, Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0x0a])]), sending);
  expect(broke).toMatchObject({ status: 200, last: { error: { code: 'MALFORMED_FILE', line: 6_001 } } });
  const [failed] = await operations(owner);
  expect(failed).toMatchObject({
    state: 'FAILED',
    rows: 6_000,
    created: 6_000,
    note: expect.stringMatching(/not UTF-8/) as string,
  });
  const mended = await importFile(hub, owner, good + ndjson(customers(6_001, 6_002)), sending);
  expect(mended.last).toMatchObject({
    done: true,
    operationId: failed!.id,
    counts: { rows: 6_002, created: 6_002, rejected: 0 },
  });
  expect((await codesOf(hub, owner)).length).toBe(6_002);
  expect(await operations(owner)).toMatchObject([{ state: 'DONE', note: null }]);
});

const refusals: [string, Parameters<typeof importFile>[3], number, string, RegExp][] = [
  ['gzip', { headers: { 'content-encoding': 'gzip' } }, 415, 'UNSUPPORTED', /without content-encoding/],
  ['another content type', { type: 'application/json' }, 415, 'UNSUPPORTED', /application\/x-ndjson or text\/csv/],
  ['an unknown charset', { type: 'text/csv; charset=utf-16' }, 415, 'UNSUPPORTED', /charset must be/],
  ['JSON in Latin-1', { type: 'application/x-ndjson; charset=latin1' }, 415, 'UNSUPPORTED', /JSON is UTF-8/],
  ['all wrong parameters at once', { query: { dryrun: '1', profile: 'x', onExisting: 'y', dryRun: 'perhaps' } }, 400, 'BAD_USER_INPUT',
    /unknown parameter "dryrun" \(did you mean dryRun\?\); invalid dryRun \(valid.*invalid profile \(valid values: STANDARD, PARTNER\); invalid onExisting \(valid values: reject, update, skip\)/],
  ['two keys that differ', { query: { idempotencyKey: 'a' }, headers: { 'idempotency-key': 'b' } }, 400, 'BAD_USER_INPUT', /differ/],
  ['a key that is too long', { query: { idempotencyKey: 'a'.repeat(256) } }, 400, 'BAD_USER_INPUT', /1 to 255/],
  ['a wrong key', { key: 'nobody' }, 401, 'UNAUTHENTICATED', /key/],
  ['an owner that is not covered', { query: { owner: 'NOBODY' } }, 403, 'FORBIDDEN', /does not cover/],
]; // prettier-ignore

test.each(refusals)('api 6: %s is refused before anything is read', async (_name, sending, status, code, message) => {
  const answer = await importFile(hub, owner, two, sending);
  expect(answer).toMatchObject({
    status,
    last: { error: { code, message: expect.stringMatching(message) as string } },
  });
  expect(await codesOf(hub, owner)).toEqual([]);
});

test('api 1: the scope is customers:bulk, the method POST', async () => {
  const key = await owner.newKey(['customers:write', 'customers:read']);
  expect(await importFile(hub, owner, two, { key })).toMatchObject({
    status: 403,
    last: { error: { code: 'FORBIDDEN' } },
  });
  const got = await fetch(`${hub.url}/import/customers`, { headers: { authorization: `Bearer ${owner.key}` } });
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
});
