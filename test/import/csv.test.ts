import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { codesOf, csv, importFile } from './import-request.js';

let hub: TestHub;
let owner: TestOwner;
beforeAll(async () => {
  hub = await startTestHub();
});
beforeEach(async () => {
  owner = await hub.owner();
});
afterAll(() => hub.stop());

const nameOf = async (code: string): Promise<string | undefined> =>
  (
    await hub.clone.sql<{ name: string }>('SELECT name FROM customer WHERE owner_id = $1 AND code = $2', [
      owner.id,
      code,
    ])
  )[0]?.name;

test('api 6: a header in GraphQL’s names, quotes, line ends within them, and lists parted by |', async () => {
  const text = [
    'code,Name,adminUser.name,adminUser.email,adminUser.login,adminUser.password,tags,externalReferences,email',
    'A-1,"Jensen, ""Anna""\r\nof Odense",Ada,ada@example.org,ada99,secret-8,vip | new,WOOCOMMERCE:47:11|6x:1,',
    '',
    'A-2,,,,,,,,not an address',
    'A-3,Plain,,,,,,,',
    '',
  ].join('\r\n');
  const answer = await importFile(hub, owner, text, { type: csv });
  expect(answer.problems).toEqual([
    {
      line: 2,
      code: 'A-1',
      errors: ['invalid name', 'invalid externalReferences.1.system (unknown system)'],
    },
    { line: 5, code: 'A-2', errors: ['missing name', 'invalid email'] },
  ]);
  expect(answer.last.counts).toMatchObject({ rows: 3, created: 1, rejected: 2 });
});

test('api 6: what a table says is stored: login, tags, references, an empty cell is not given', async () => {
  const text = [
    'code;name;adminUser.name;adminUser.email;adminUser.login;adminUser.password;tags;externalReferences;birthDate',
    'A-1;"Jensen; ""Anna""";Ada;ada@example.org;ada99;secret-8;vip|new;WOOCOMMERCE:47:11;1970-01-02',
  ].join('\n');
  const answer = await importFile(hub, owner, text, { type: csv });
  expect(answer.last.counts).toMatchObject({ rows: 1, created: 1 });
  const found = await owner.gql(
    `{ customer(by: { code: "A-1" }) { name email birthDate { year month day } tags { name } users { login }
       externalReferences { system { code } identifier } } }`,
  );
  expect(found).toMatchObject({
    customer: {
      name: 'Jensen; "Anna"',
      email: null,
      birthDate: { year: 1970, month: 1, day: 2 },
      tags: expect.arrayContaining([{ name: 'vip' }, { name: 'new' }]) as object,
      users: [{ login: 'ada99' }],
      externalReferences: [{ system: { code: 'WOOCOMMERCE' }, identifier: '47:11' }],
    },
  });
});

test.each([
  ['UTF-8 with a byte order mark and semicolons', csv, Buffer.from('\ufeffcode;name\nA-1;Grød æøå €\n')],
  ['tabs', `${csv}; charset=utf-8`, Buffer.from('code\tname\nA-1\tGrød æøå €\n')],
  [
    'Latin-1',
    `${csv}; charset=iso-8859-1`,
    Buffer.concat([Buffer.from('code,name\nA-1,Grød æøå ', 'latin1'), Buffer.from([0x80, 0x0a])]),
  ],
  [
    'windows-1252',
    `${csv};charset="windows-1252"`,
    Buffer.concat([Buffer.from('code,name\nA-1,Grød æøå ', 'latin1'), Buffer.from([0x80])]),
  ],
])('api 6: a table in %s', async (_name, type, bytes) => {
  const answer = await importFile(hub, owner, bytes, { type });
  expect(answer.last.counts).toMatchObject({ rows: 1, created: 1 });
  expect(await nameOf('A-1')).toBe('Grød æøå €');
});

test('api 6: characters of several bytes survive however the file is cut into pieces', async () => {
  const bytes = Buffer.from('\ufeffcode,name\nA-1,"Grød 😀 €, ""æ"""\nA-2,Ålborg\n');
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
  const answer = await importFile(hub, owner, stream, { type: csv });
  expect(answer.last.counts).toMatchObject({ rows: 2, created: 2 });
  expect([await nameOf('A-1'), await nameOf('A-2')]).toEqual(['Grød 😀 €, "æ"', 'Ålborg']);
});

test("N2–N38: a header in Netstorming's names, and problems in them", async () => {
  const text =
    'CODE,name,address,zip,country,city,mailstaff,notify_lang,telephone,fax,currency,booking_online,blocked_in_deadline,credit_card,admin_user_name,admin_user_email,admin_user_login,admin_user_psw\n' +
    'NET1,Net,Via 1,00100,IT,ROM,x@example.org,it,06123,06123,EUR,yes,no,1,Ada,ada@example.org,ada1,secret8\n' +
    'NET2,Net,Via 1,A100,IT,ROM,x@example.org,it,06123,06123,EUR,perhaps,no,1,Ada,ada@example.org,ada2,secret8\n';
  const answer = await importFile(hub, owner, text, { type: csv, query: { profile: 'PARTNER' } });
  expect(answer.problems).toEqual([
    {
      line: 3,
      code: 'NET2',
      errors: ['invalid zip', 'invalid booking_online (valid values: yes, no, y, n, true, false, 1, 0)'],
    },
  ]);
  expect(await codesOf(hub, owner)).toEqual(['NET1']);
});

test('A15: too few or too many cells are a problem of their row', async () => {
  const answer = await importFile(hub, owner, 'code,name,email\nA,Anna\nB,Bo,,,\nC,Carl,\n', { type: csv });
  expect(answer.problems.map(({ line, errors }) => [line, ...errors])).toEqual([
    [2, 'invalid row (2 cells, the header has 3)'],
    [3, 'invalid row (5 cells, the header has 3)'],
  ]);
  expect(await codesOf(hub, owner)).toEqual(['C']);
});

test('api 6: lines are those of the file, also behind quoted line ends and empty lines', async () => {
  const text = '\n\ncode,name\n\nA,"a\nb\nc"\n\n\nB,\n"C",""\n';
  const answer = await importFile(hub, owner, text, { type: csv });
  expect(answer.problems.map(({ line, code }) => [line, code])).toEqual([
    [5, 'A'],
    [10, 'B'],
    [11, 'C'],
  ]);
});
