import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Rejected, StartupError } from './errors.js';
import { addHubCommands } from './hub-commands.js';
import { addKeyCommands } from './key-command/key-commands.js';
import { addSecretCommands } from './secret-command/secret-commands.js';
import { complain, say } from './terminal/say.js';
import { addTransferCommands } from './transfer-commands.js';
import { version } from './version.js';
import { asSystem, withDatabase } from './with-database.js';

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
      const [{ createOwner }, { setting, storeEntry }, { commandLine }] = await Promise.all([
        import('./owner/owners.js'),
        import('./audit/store-entry.js'),
        import('./audit/actor.js'),
      ]);
      const owner = await createOwner(sql, input);
      const deed = { by: commandLine, action: 'createOwner' };
      await storeEntry(sql, [owner.id], deed, setting('OWNER', owner.id));
      say(`owner ${owner.code} (id ${owner.id}, ${owner.timeZone}, ${owner.currency})`);
    }),
  );

addKeyCommands(program);
addSecretCommands(program);
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
