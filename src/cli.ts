import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { scopes } from './access/scope.js';
import type { Sql } from './database/database.js';
import type { OpenDatabase } from './database/open-database.js';
import { Rejected, StartupError } from './errors.js';
import { addHubCommands } from './hub-commands.js';
import { complain, say } from './terminal/say.js';
import { timeOf } from './terminal/time-of.js';
import { addTransferCommands } from './transfer-commands.js';
import { version } from './version.js';

/**
 * `npx stamdata`: one verb, one function. Exit codes: 0 done, 1 rows were rejected, 2 wrong usage, 3 failed. A verb loads
 * what it needs when it is called: with all that a hub is made of, each would take ten times the processor time to start.
 */
const program = new Command('stamdata')
  .description('The customer data hub. Settings come from the environment; see the README.')
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command('serve')
  .description('run the hub (the same as npm start)')
  .action(async () => (await import('./serve.js')).serve());

program
  .command('migrate')
  .description('bring the database up to date and stop')
  .action(() =>
    withDatabase(({ migrated, place }) => {
      say(migrated.length > 0 ? `${place}: ran ${migrated.join(', ')}` : `${place}: is up to date`);
      return Promise.resolve();
    }),
  );

program
  .command('owner')
  .description('owners')
  .command('create')
  .description('make an owner')
  .requiredOption('--code <code>', '3 to 12 letters or digits')
  .option('--name <name>', 'default: the code')
  .option('--time-zone <name>', 'IANA name', 'UTC')
  .option('--currency <code>', 'ISO 4217', 'EUR')
  .option('--language <code>', 'ISO 639-1', 'en')
  .action((input: { code: string; name?: string; timeZone: string; currency: string; language: string }) =>
    asSystem(async (sql) => {
      const { createOwner } = await import('./owner/owners.js');
      const owner = await createOwner(sql, input);
      say(`owner ${owner.code} (id ${owner.id}, ${owner.timeZone}, ${owner.currency})`);
    }),
  );

const key = program.command('key').description('api keys');

key
  .command('create')
  .description('make a key and print it, this once')
  .requiredOption('--owner <codes...>', 'owners it covers')
  .option('--name <name>', 'for people, and the origin of events', 'command line')
  .option('--scopes <scopes>', 'parted by commas', scopes.join(','))
  .option('--expires <time>', 'RFC 3339; default: never')
  .action((input: { owner: string[]; name: string; scopes: string; expires?: string }) =>
    asSystem(async (sql) => {
      const [{ createApiKey }, { ownersNamed }] = await Promise.all([
        import('./access/api-keys.js'),
        import('./owner/owners-named.js'),
      ]);
      const owners = await ownersNamed(
        sql,
        input.owner.flatMap((codes) => codes.split(',')),
      );
      const expiresAt = input.expires === undefined ? null : timeOf(input.expires, '--expires');
      const made = await createApiKey(sql, { name: input.name, owners, scopes: input.scopes.split(','), expiresAt });
      say(made.key);
    }),
  );

key
  .command('list')
  .description('the keys there are; never their text')
  .action(() =>
    asSystem(async (sql) => {
      const { findApiKeys } = await import('./access/api-keys.js');
      const keys = await findApiKeys(sql, 'every');
      if (keys.length === 0) say('no keys yet: stamdata key create --owner CODE');
      for (const { id, publicId, name, owners, scopes: held, expiresAt, revokedAt, lastUsedAt } of keys)
        say(
          [
            `${id}  stam_live_${publicId}_…  ${JSON.stringify(name)}  ${owners.join(',')}  ${held.join(',')}`,
            revokedAt
              ? `revoked ${revokedAt.toISOString()}`
              : expiresAt
                ? `expires ${expiresAt.toISOString()}`
                : 'live',
            lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used',
          ].join('  '),
        );
    }),
  );

key
  .command('revoke')
  .description('end a key for good')
  .argument('<id>', 'the number that key list shows')
  .action((id: string) =>
    asSystem(async (sql) => {
      if (!/^[1-9]\d{0,17}$/.test(id)) throw new StartupError(`not an id of a key: ${id}`, 2);
      const { revokeApiKey } = await import('./access/api-keys.js');
      await revokeApiKey(sql, id, 'every');
      say(`key ${id} is revoked`);
    }),
  );

addHubCommands(program);
addTransferCommands(program);

program
  .command('schema')
  .description('print the GraphQL schema')
  .option('--out <file>', 'write it to a file')
  .option('--check <file>', 'fail when the file is not this schema')
  .action(async ({ out, check }: { out?: string; check?: string }) => {
    const text = await (await import('./schema.js')).schemaText();
    if (check !== undefined && file(check, () => readFileSync(check, 'utf8')) !== text)
      throw new StartupError(`${check} is out of date: npm run schema`);
    if (out !== undefined) file(out, () => writeFileSync(out, text));
    if (out === undefined && check === undefined) process.stdout.write(text);
  });

await program.parseAsync().catch(fail);

async function withDatabase(work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const { readConfig } = await import('./config.js');
  const { openDatabase } = await import('./database/open-database.js');
  const database = await openDatabase(readConfig(), { beside: true, poolSize: 2, sqlOnly: true });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function asSystem(work: (sql: Sql) => Promise<void>): Promise<void> {
  return withDatabase(({ db }) => db.asSystem(work));
}

/** @throws StartupError (wrong usage) when there is no such file, or it cannot be written */
function file<T>(name: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw new StartupError(`${name}: ${(error as Error).message}`, 2);
  }
}

/** One line per mistake of the operator; of everything else the stack, for whoever mends it. */
function fail(error: unknown): void {
  if (error instanceof Rejected) for (const { message } of error.problems) complain(message);
  else if (error instanceof StartupError) for (const line of error.message.split('\n')) complain(line);
  else console.error(error);
  process.exitCode = error instanceof Rejected ? 2 : error instanceof StartupError ? error.exitCode : 3;
}
