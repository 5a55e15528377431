import { InvalidArgumentError, Option, type Command } from 'commander';
import { scopes } from '../access/scope.js';
import { StartupError } from '../errors.js';
import { namedHub } from '../named-hub.js';
import { say } from '../terminal/say.js';
import { timeOf } from '../terminal/time-of.js';
import type { KeyDesk, KeyLine } from './key-desk.js';

/**
 * `npx stamdata key`: on the database of the environment, or with `--url` through a running hub. STAMDATA_URL alone does not
 * turn it to the hub: the first keys are made where that stands already, and no key is there yet to ask with.
 */
export function addKeyCommands(program: Command): void {
  const key = program.command('key').description('api keys');
  verb(key, 'create', 'make a key and print it, this once')
    .requiredOption('--owner <codes...>', 'owners it covers')
    .option('--name <name>', 'for people, and the origin of events', 'command line')
    .option('--scopes <scopes>', 'parted by commas', scopes.join(','))
    .option('--expires <time>', 'RFC 3339; default: never')
    .action(create);
  verb(key, 'list', 'the keys there are; never their text').action(list);
  verb(key, 'revoke', 'end a key for good').argument('<id>', numberShown).action(revoke);
  verb(key, 'rotate', 'print a new key, this once, that takes the place of an old one')
    .argument('<id>', numberShown)
    .option('--grace-hours <hours>', 'for how long the old one is still taken; 0: not at all', hoursOf, 24)
    .action(rotate);
}

const numberShown = 'the number that key list shows';

const verb = (key: Command, name: string, description: string): Command =>
  key
    .command(name)
    .description(description)
    .addOption(new Option('--url <url>', 'a running hub; without it: the database of the environment'))
    .addOption(new Option('--key <key>', 'a key with admin, for --url').env('STAMDATA_KEY'));

interface Words {
  url?: string;
  key?: string;
}

interface CreateWords extends Words {
  owner: string[];
  name: string;
  scopes: string;
  expires?: string;
}

function create({ owner, name, scopes, expires, ...hub }: CreateWords, command: Command): Promise<void> {
  const expiresAt = expires === undefined ? null : timeOf(expires, '--expires');
  const owners = owner.flatMap((codes) => codes.split(','));
  return atDesk(hub, command, async (desk) =>
    say(await desk.create({ name, owners, scopes: scopes.split(','), expiresAt })),
  );
}

function list(hub: Words, command: Command): Promise<void> {
  return atDesk(hub, command, async (desk) => {
    const keys = await desk.list();
    if (keys.length === 0) say('no keys yet: stamdata key create --owner CODE');
    for (const key of keys) say(lineOf(key));
  });
}

function revoke(id: string, hub: Words, command: Command): Promise<void> {
  demandId(id);
  return atDesk(hub, command, async (desk) => {
    await desk.revoke(id);
    say(`key ${id} is revoked`);
  });
}

function rotate(id: string, { graceHours, ...hub }: Words & { graceHours: number }, command: Command): Promise<void> {
  demandId(id);
  return atDesk(hub, command, async (desk) => say(await desk.rotate(id, graceHours)));
}

async function atDesk(given: Words, command: Command, work: (desk: KeyDesk) => Promise<void>): Promise<void> {
  const hub = namedHub(given, command);
  if (hub) return work((await import('./hub-keys.js')).hubKeys(hub));
  const { withDatabase } = await import('../with-database.js');
  const { ownKeys } = await import('./own-keys.js');
  await withDatabase(({ db }) => work(ownKeys(db)));
}

function lineOf({ id, publicId, name, owners, scopes: held, ...key }: KeyLine): string {
  const { revokedAt, expiresAt, lastUsedAt, replacedBy } = key;
  return [
    `${id}  stam_live_${publicId}_…  ${JSON.stringify(name)}  ${owners.join(',')}  ${held.join(',')}`,
    revokedAt ? `revoked ${revokedAt.toISOString()}` : expiresAt ? `expires ${expiresAt.toISOString()}` : 'live',
    ...(replacedBy ? [`replaced by ${replacedBy}`] : []),
    lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used',
  ].join('  ');
}

function demandId(id: string): void {
  if (!/^[1-9]\d{0,17}$/.test(id)) throw new StartupError(`not an id of a key: ${id}`, 2);
}

function hoursOf(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('not a number of hours');
  return Number(text);
}
