import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, testSecret, type TestHub } from '../hub.js';
import { codesOf, customers, ndjson, operations } from '../import/import-request.js';
import { cli, endStarted } from '../process/command.js';
import { FileDesk } from './file-desk.js';

vi.setConfig({ testTimeout: 60_000 }); // every command is a process of a second or two

let hub: TestHub;
const desk = new FileDesk();
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await endStarted();
  await hub.stop();
  desk.clear();
});

const counts = (numbers: string): string => {
  const [rows, created, updated, unchanged, skipped, rejected] = numbers.split(' ');
  return `${rows} rows: ${created} created, ${updated} updated, ${unchanged} unchanged, ${skipped} skipped, ${rejected} rejected`;
};

test('issue 6.7: a CSV file goes in; what is wrong is a table of the first 20 rows and a file of all, exit code 1', async () => {
  const owner = await hub.owner();
  const good = 'A-1;Ann;ann@example.com\nA-2;"Bo; the second";\n';
  const bad = Array.from({ length: 25 }, (_, n) => `B-${n};;${n === 0 ? 'no address' : ''}\n`).join('');
  const file = desk.write('partners.csv', `code;name;email\n${good}${bad}`);
  const ended = await desk.run(hub, owner, 'import', file, '--owner', owner.code.toLowerCase());
  const more = Array.from({ length: 19 }, (_, n) => `${n + 5}`.padStart(4) + `  B-${n + 1}`.padEnd(8) + 'missing name');
  expect(ended.stdout.split('\n')).toEqual([
    'line  code  problems',
    '   4  B-0   missing name; invalid email',
    ...more,
    `and 5 more: see ${file}.problems.ndjson`,
    `${file}: ${counts('27 2 0 0 0 25')}`,
    '',
  ]);
  expect(ended).toMatchObject({ code: 1, stderr: '' });
  const lines = desk.read('partners.csv.problems.ndjson').trimEnd().split('\n');
  expect(lines[0]).toBe('{"line":4,"code":"B-0","errors":["missing name","invalid email"]}');
  expect([lines.length, await codesOf(hub, owner)]).toEqual([25, ['A-1', 'A-2']]);
});

test('issue 6.7: the same command once more writes nothing and says so; with a key of its own it imports anew', async () => {
  const owner = await hub.owner();
  const file = desk.write('twice.ndjson', ndjson(customers(1, 3)));
  const first = await desk.run(hub, owner, 'import', file);
  expect(first).toMatchObject({ code: 0, stderr: '', stdout: `${file}: ${counts('3 3 0 0 0 0')}\n` });
  const again = await desk.run(hub, owner, 'import', file, '--owner', owner.code);
  const [{ id, idempotencyKey }] = (await operations(owner)) as unknown as [{ id: string; idempotencyKey: string }];
  expect(again.stdout).toBe(
    `${file}: ${counts('3 3 0 0 0 0')}\n` +
      `it was imported before (operation ${id}), so nothing was written now; to import it anew give an --idempotency-key\n`,
  );
  expect([again.code, idempotencyKey]).toEqual([0, expect.stringMatching(/^file-[0-9a-f]{40}$/)]);
  const settings = ['--on-existing', 'update', '--idempotency-key', 'anew'];
  const anew = await desk.run(hub, owner, 'import', file, ...settings);
  expect(anew).toMatchObject({ code: 0, stdout: `${file}: ${counts('3 0 0 3 0 0')}\n` });
  expect(existsSync(`${file}.problems.ndjson`)).toBe(false);
});

test('issue 6.7: options reach the hub: dry run, profile, what to do with existing ones, delivery, charset', async () => {
  const owner = await hub.owner();
  const file = desk.write('latin.csv', Buffer.from('code,name\nC-1,Hotel Ærø\nC-2,Åse\n', 'latin1'));
  const dry = await desk.run(hub, owner, 'import', file, '--charset', 'iso-8859-1', '--dry-run');
  expect(dry).toMatchObject({ code: 0, stdout: `${file} (dry run, nothing was written): ${counts('2 2 0 0 0 0')}\n` });
  expect(await codesOf(hub, owner)).toEqual([]);
  const options = ['--charset', 'iso-8859-1', '--idempotency-key', 'latin'];
  expect(await desk.run(hub, owner, 'import', file, ...options)).toMatchObject({ code: 0 });
  expect(await hub.clone.sql('SELECT name FROM customer WHERE owner_id = $1 ORDER BY id', [owner.id])).toEqual([
    { name: 'Hotel Ærø' },
    { name: 'Åse' },
  ]);
  const [summary, skipped, partner] = await Promise.all([
    desk.run(hub, owner, 'import', file, ...options, '--delivery', 'summary'), // another import, so not with this key
    desk.run(hub, owner, 'import', file, '--charset', 'windows-1252', '--on-existing', 'skip'),
    desk.run(hub, owner, 'import', file, '--charset', 'iso-8859-1', '--profile', 'partner', '--dry-run'),
  ]);
  expect(summary).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('was used with') as string });
  expect(skipped).toMatchObject({ code: 0, stdout: `${file}: ${counts('2 0 0 0 2 0')}\n` });
  expect([partner.code, partner.stdout]).toEqual([1, expect.stringMatching(/missing address; .*missing currency/)]);
});

test('issue 6.7: standard input is read to its end; problems go where --problems says', async () => {
  const owner = await hub.owner();
  const problems = desk.write('of-pipe.ndjson', 'what an earlier import left\n');
  const piped = desk.pipe(hub, owner, 'import', '-', '--problems', problems);
  piped.child.stdin!.write('{"code":"P-1","name":"Pia"}\n{"code":"P-2",');
  piped.child.stdin!.end('"name":""}\n');
  const ended = await piped.ended;
  expect(ended.stdout).toBe(
    `line  code  problems\n   2  P-2   missing name\nalso in ${problems}\nstandard input: ${counts('2 1 0 0 0 1')}\n`,
  );
  expect([ended.code, desk.read('of-pipe.ndjson')]).toEqual([1, '{"line":2,"code":"P-2","errors":["missing name"]}\n']);
});

test('issue 6.7: without a URL it works on the database, where a running hub finds events and customers', async () => {
  const owner = await hub.owner();
  const file = desk.write('direct.ndjson', ndjson(customers(1, 5)));
  const env = { DATABASE_URL: hub.clone.url, STAMDATA_SECRET: testSecret, STAMDATA_DATA_DIR: desk.path('data') };
  const ended = await cli(['import', file, '--owner', owner.code], env);
  expect(ended).toMatchObject({ code: 0, stderr: '', stdout: `${file}: ${counts('5 5 0 0 0 0')}\n` });
  const found = await owner.gql('{ customers(first: 10) { nodes { code snapshot { version } } } }');
  expect(found).toMatchObject({ customers: { nodes: customers(1, 5).map(() => ({ snapshot: { version: 1 } })) } });
  const again = await cli(['import', file, '--owner', owner.code], env);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('it was imported before') as string });
});
