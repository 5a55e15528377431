import { StartupError } from '../errors.js';
import type { Counts } from '../import/operation-place.js';
import { amount } from '../terminal/amounts.js';
import { chosenOwner } from '../chosen-owner.js';
import { progressOn } from '../terminal/progress.js';
import { contentKey } from './content-key.js';
import { endedOperation } from './follow-import.js';
import { howToContinue } from './how-to-continue.js';
import type { ImportOptions } from './import-options.js';
import { ImportRun } from './import-run.js';
import { ProblemReport } from './problem-report.js';
import { ConnectionLost, type Ending } from './send-file.js';
import { sourceFile, type SourceFile } from './source-file.js';

/**
 * `npx stamdata import FILE`: sends a file to `POST /import/customers` of a hub, shows how far it is, and prints the counts
 * and what is wrong with which rows. Gives whether nothing was wrong with any.
 * @throws StartupError with 2 for what the user has to change (the file, an option), 3 where the hub failed or the import was
 *   stopped; it says how to go on
 */
export async function importFile(options: ImportOptions): Promise<boolean> {
  const { settings, hub, screen, signal } = options;
  const source = await sourceFile(options.file, settings.format, options.stdin);
  const owner = await chosenOwner(hub, settings.owner, 'customers:bulk');
  const report = new ProblemReport(
    options.problemsFile ?? `${source.name === '-' ? 'import' : source.name}.problems.ndjson`,
  );
  const progress = progressOn(screen);
  const idempotencyKey = settings.idempotencyKey ?? (await keyOf(source, options, owner));
  const run = new ImportRun(options, { source, owner, idempotencyKey, report, progress });
  let ending: Ending | null = null;
  let failure: unknown = null;
  try {
    ending = await run.toItsEnd();
  } catch (error) {
    failure = error;
  }
  progress.end();
  report.close();
  for (const line of report.lines(screen.isTTY ? (screen.columns ?? 80) : null)) options.print(line);
  if (ending?.done) {
    options.print(
      `${nameOf(source)}${settings.dryRun ? ' (dry run, nothing was written)' : ''}: ${told(ending.counts!)}`,
    );
    if (run.wasDone) options.print(again(run.operationId!));
    return report.count === 0 && ending.counts!.rejected === 0;
  }
  const where = await standing(options, owner, run);
  if (ending) throw refused(options, ending, { source, idempotencyKey, where });
  if (signal.aborted) throw new StartupError([`stopped: ${where.words}`, ...rest(options, source, where)].join('\n'));
  if (!(failure instanceof ConnectionLost)) throw failure;
  throw new StartupError([`${failure.message}: ${where.words}`, ...rest(options, source, where)].join('\n'));
}

/** A dry run leaves nothing to go on with; nor does what comes through a pipe, for it is gone when its hash is known. */
async function keyOf(
  source: SourceFile,
  { settings, contentSecret }: ImportOptions,
  owner: string,
): Promise<string | null> {
  if (settings.dryRun || source.bytes === null) return null;
  return contentKey(source, { ...settings, owner }, contentSecret);
}

const nameOf = ({ name }: SourceFile): string => (name === '-' ? 'standard input' : name);

const told = ({ rows, created, updated, unchanged, skipped, rejected }: Counts): string =>
  `${amount(rows, 'rows')}: ${[
    ...Object.entries({ created, updated, unchanged, skipped, rejected }).map(
      ([what, count]) => `${count.toLocaleString('en-US')} ${what}`,
    ),
  ].join(', ')}`;

const again = (operationId: string): string =>
  `it was imported before (operation ${operationId}), so nothing was written now; to import it anew give an --idempotency-key`;

interface Standing {
  rows: number;
  words: string;
}

/** How far it has got, as the hub says when it has written the chunk at hand. */
async function standing({ hub, settings }: ImportOptions, owner: string, run: ImportRun): Promise<Standing> {
  const operation = run.operationId && (await endedOperation({ ...hub, owner }, run.operationId, 10_000));
  if (settings.dryRun || !run.operationId) return { rows: 0, words: 'nothing was written' };
  if (!operation) return { rows: 0, words: 'what was written stays written' };
  return { rows: operation.rows, words: `${amount(operation.rows, 'rows')} done, which stay so` };
}

function rest(options: ImportOptions, source: SourceFile, { rows }: Standing, key = options.settings.idempotencyKey) {
  if (options.settings.dryRun) return [];
  if (source.bytes === null && key === null)
    return rows === 0 ? [] : ['what comes through a pipe is continued only with an --idempotency-key'];
  return [`to go on: ${howToContinue(options, key)}`];
}

/** What the hub said is wrong with the file, the settings or the key. */
function refused(
  options: ImportOptions,
  { error }: Ending,
  { source, idempotencyKey, where }: { source: SourceFile; idempotencyKey: string | null; where: Standing },
): StartupError {
  const { code, message, line } = error!;
  const lines = [`${nameOf(source)}: ${message}`];
  if (where.rows > 0) lines.push(where.words);
  // mended, the file has another content, so its own key must be told
  if (where.rows > 0 && line !== undefined)
    lines.push(...rest(options, source, where, idempotencyKey).map((text) => `once it is mended from there, ${text}`));
  return new StartupError(lines.join('\n'), ofTheHub.has(code) ? 3 : 2);
}

const ofTheHub = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NO_HUB', 'CANCELLED']);
