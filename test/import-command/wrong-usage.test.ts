import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../hub.js';
import { customers, ndjson, operations } from '../import/import-request.js';
import { cli, endStarted } from '../process/command.js';
import { FileDesk } from './file-desk.js';

vi.setConfig({ testTimeout: 90_000 }); // every command is a process of a second or two

let hub: TestHub;
let owner: TestOwner;
const desk = new FileDesk();
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner('ACME');
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
  desk.clear();
});

/** Runs each, two at a time, and expects its code, one line on standard error, and nothing else. */
async function refused(cases: [args: string[], code: number, line: RegExp][]): Promise<void> {
  const left = [...cases];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [args, code, line] = next;
      const ended = await desk.run(hub, owner, ...args);
      expect([ended.code, ended.stdout, ended.stderr], args.join(' ')).toEqual([code, '', expect.stringMatching(line)]);
      expect(ended.stderr).not.toContain(owner.key);
    }
  };
  await Promise.all([worker(), worker()]);
}

test('api 7: a wrong key, URL, owner or option is told in a line: 2 for wrong usage, 3 for what the hub refuses', async () => {
  const file = desk.write('good.ndjson', ndjson(customers(1, 2)));
  const reader = await owner.newKey(['customers:read']);
  const closed = 'http://127.0.0.1:1';
  await refused([
    [['import', file, '--key', 'stam_live_wrong'], 3, /^stamdata: this key is unknown, revoked or expired\n$/],
    [['import', file, '--key', reader], 3, /^stamdata: this key lacks the scope customers:bulk\n$/],
    [['import', file, '--url', closed], 3, /^stamdata: no hub answers at http:\/\/127\.0\.0\.1:1\n$/],
    [['import', file, '--url', 'localhost:4000'], 2, /^stamdata: --url: not the URL of a hub .*: localhost:4000\n$/],
    [['import', file, '--owner', 'OTHER'], 2, /^stamdata: --owner: no such owner: OTHER \(there is ACME\)\n$/],
    [['import', file, '--format', 'xml'], 2, /'xml' is invalid. Allowed choices are ndjson, csv/],
    [['import', file, '--retry-seconds', 'long'], 2, /^stamdata: --retry-seconds: not a number of seconds: long\n$/],
    [['import'], 2, /missing required argument 'file'/],
  ]);
  const both = await hub.owner('BOTH');
  const { createApiKey } = (
    await hub.request<{ createApiKey: { key: string } }>(
      'mutation ($input: ApiKeyInput!) { createApiKey(input: $input) { key } }',
      { input: { name: 'of two', owners: ['ACME', both.code], scopes: ['customers:bulk'] } },
    )
  ).data;
  await refused([
    [['import', file, '--key', createApiKey.key], 2, /^stamdata: --owner: say which one of ACME, BOTH\n$/],
  ]);
  const keyless = await cli(['import', file], { STAMDATA_URL: hub.url });
  expect(keyless).toMatchObject({ code: 2, stderr: 'stamdata: --key: give a key, or set STAMDATA_KEY\n' });
  const homeless = await cli(['import', file, '--key', owner.key], {});
  expect([homeless.code, homeless.stderr]).toEqual([2, expect.stringMatching(/name it with --url/)]);
  expect(await operations(owner)).toEqual([]);
});

test('issue 6.7: what is no file of customers is told with its place, exit code 2', async () => {
  const broken = `${ndjson(customers(1, 2))}{"code":"X`;
  await refused([
    [['import', desk.path('missing.csv')], 2, /^stamdata: cannot read .*missing\.csv: ENOENT/],
    [['import', desk.path('.')], 2, /^stamdata: cannot read .*: this is a folder\n$/],
    [['import', desk.write('empty.csv', '')], 2, /^stamdata: .*empty\.csv: the file is empty\n$/],
    [['import', desk.write('table.xlsx', Buffer.from('PK\u0003\u0004…'))], 2, /zip archive or a spreadsheet/],
    [['import', desk.write('rows.csv.gz', gzipSync('code,name'))], 2, /this is gzip: unpack it/],
    [['import', desk.write('wide.csv', Buffer.from('\ufeffcode', 'utf16le'))], 2, /this is UTF-16: save it as UTF-8/],
    [
      ['import', desk.write('names.csv', 'code,nmae\nA,B\n')],
      2,
      /: line 1: unknown column "nmae" \(did you mean name\?\)/,
    ],
    [
      ['import', desk.write('list.json', '[{"code":"A"}]')],
      2,
      /: line 1: this is a JSON list: send one object per line/,
    ],
    [['import', desk.write('broken.ndjson', broken)], 2, /: line 3: the file breaks off in the middle of this line\n$/],
    [['import', desk.write('latin.csv', Buffer.from('code,name\nA,Æ\n', 'latin1'))], 2, /is not UTF-8/],
    [['import', desk.write('rows.ndjson', '{"code":"A"}'), '--problems', desk.path('no/p')], 2, /cannot write .*no\/p/],
  ]);
});

test('issue 6.7: a file that is broken further on keeps what came before, and says how to go on when it is mended', async () => {
  const other = await hub.owner();
  const rows = customers(1, 6_000);
  const file = desk.write('long.ndjson', `${ndjson(rows)}{"code":"X`);
  const ended = await desk.run(hub, other, 'import', file);
  expect(ended.stderr.split('\n').slice(0, 2)).toEqual([
    `stamdata: ${file}: line 6001: the file breaks off in the middle of this line`,
    'stamdata: 6,000 rows done, which stay so',
  ]);
  const [, next] = /^stamdata: once it is mended from there, to go on: npx stamdata (.+)$/m.exec(ended.stderr)!;
  expect([ended.code, next]).toEqual([2, expect.stringMatching(/^import \S+ --idempotency-key file-\S+ --url \S+$/)]);
  desk.write('long.ndjson', `${ndjson(rows)}{"code":"X","name":"Xenia"}\n`);
  const mended = await desk.run(hub, other, ...next!.split(' '));
  expect(mended).toMatchObject({ code: 0, stdout: expect.stringContaining(': 6,001 rows: 6,001 created') as string });
});
