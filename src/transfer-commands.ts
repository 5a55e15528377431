import { Option, type Command } from 'commander';
import { StartupError } from './errors.js';
import { namedHub } from './named-hub.js';
import { say } from './terminal/say.js';
import { untilToldToStop } from './terminal/stop-signal.js';

const url = () =>
  new Option('--url <url>', 'a running hub; without it: the database of the environment').env('STAMDATA_URL');
const retry = () =>
  new Option('--retry-seconds <seconds>', 'for how long a hub that does not answer is asked again')
    .argParser(secondsOf)
    .default(60);

/** The verbs that move customers in and out: through a running hub, or directly on the database. */
export function addTransferCommands(program: Command): void {
  program
    .command('import')
    .description('take a file of customers in; the same command goes on where an earlier one stopped')
    .argument('<file>', 'NDJSON or CSV; - for standard input')
    .addOption(url())
    .addOption(new Option('--key <key>', 'a key with customers:bulk, for --url').env('STAMDATA_KEY'))
    .option('--owner <code>', 'whose customers they are; default: the only owner there is')
    .option('--dry-run', 'judge every row, write nothing')
    .addOption(new Option('--format <format>', 'default: guessed').choices(['ndjson', 'csv']))
    .addOption(
      new Option('--charset <charset>', 'of CSV').choices(['utf-8', 'iso-8859-1', 'windows-1252']).default('utf-8'),
    )
    .addOption(
      new Option('--profile <profile>', 'which fields are compulsory, and in what form')
        .choices(['standard', 'partner'])
        .default('standard'),
    )
    .addOption(
      new Option('--on-existing <what>', 'with rows whose customer exists')
        .choices(['reject', 'update', 'skip'])
        .default('reject'),
    )
    .addOption(
      new Option('--delivery <mode>', 'how webhook endpoints are told')
        .choices(['normal', 'latest', 'summary'])
        .default('normal'),
    )
    .option('--idempotency-key <key>', 'default: made from the content of the file')
    .option('--problems <file>', 'where rows with problems are told; default: FILE.problems.ndjson')
    .addOption(retry())
    .action(runImport);

  program
    .command('export')
    .description('write all customers with their snapshots; import takes the file back')
    .addOption(url())
    .addOption(new Option('--key <key>', 'a key with customers:read, for --url').env('STAMDATA_KEY'))
    .option('--owner <code>', 'whose customers; default: the only owner there is')
    .addOption(new Option('--format <format>').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--out <file>', 'default: standard output')
    .addOption(retry())
    .action(runExport);
}

interface Words {
  url?: string;
  key?: string;
  owner?: string;
  retrySeconds: number;
}

interface ImportWords extends Words {
  dryRun?: true;
  format?: 'ndjson' | 'csv';
  charset: string;
  profile: string;
  onExisting: string;
  delivery: string;
  idempotencyKey?: string;
  problems?: string;
}

async function runImport(file: string, given: ImportWords, command: Command): Promise<void> {
  const { owner = null, dryRun = false, format = null, idempotencyKey = null, problems = null, ...words } = given;
  const { charset, profile, onExisting, delivery, retrySeconds } = words;
  const means = {
    ...{ file, retrySeconds, problemsFile: problems, print: say },
    ...{ screen: process.stderr, stdin: process.stdin, signal: untilToldToStop() },
    settings: { owner, dryRun, format, charset, profile, onExisting, delivery, idempotencyKey },
  };
  const place = problems === null ? [] : ['--problems', problems];
  const hub = namedHub(given, command);
  const { importFile } = await import('./import-command/import-command.js');
  try {
    if (hub) {
      const named = command.getOptionValueSource('key') === 'cli' ? ['--key', 'KEY'] : [];
      place.push('--url', hub.url, ...named);
      endWith(await importFile({ ...means, hub, contentSecret: hub.key, place }));
    } else {
      const own = await (await import('./own-hub.js')).openOwnHub();
      const contentSecret = own.hub.secret.derive('import command', 32).toString('hex');
      await importFile({ ...means, hub: own, contentSecret, place })
        .then(endWith)
        .finally(own.close);
    }
  } finally {
    process.stdin.destroy(); // what comes through a pipe may never end
  }
}

interface ExportWords extends Words {
  format: 'ndjson' | 'csv';
  out?: string;
}

async function runExport(given: ExportWords, command: Command): Promise<void> {
  const { format, owner = null, out = null } = given;
  const means = { format, out, screen: process.stderr, signal: untilToldToStop() };
  const hub = namedHub(given, command);
  const { exportCustomers } = await import('./export/export-command.js');
  const { hubPages } = await import('./export/hub-pages.js');
  if (hub) return exportCustomers(await hubPages(hub, owner, given.retrySeconds, means.signal), means);
  const own = await (await import('./own-hub.js')).openOwnHub();
  try {
    const { ownPages } = await import('./export/own-pages.js');
    await exportCustomers(await ownPages(own.hub, own, owner), means);
  } finally {
    await own.close();
  }
}

const endWith = (good: boolean): void => void (process.exitCode = good ? 0 : 1);

function secondsOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new StartupError(`--retry-seconds: not a number of seconds: ${text}`, 2);
  return Number(text);
}
