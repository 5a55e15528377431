import { GraphQLError } from 'graphql';
import { StartupError } from '../errors.js';
import type { Core } from '../hub.js';
import type { Admission } from './admission.js';
import { PersistedOperations } from './persisted-operations.js';
import { readManifest } from './read-manifest.js';

/**
 * The operations of STAMDATA_PERSISTED_OPERATIONS_FILE, each of which can be executed. Null: the mode is off.
 * @throws StartupError (exit code 2) with a line for each mistake
 */
export function loadPersistedOperations(
  { config, log }: Pick<Core, 'config' | 'log'>,
  admission: Admission,
): PersistedOperations | null {
  if (!config.persistedOperations) return null;
  const { mode, file } = config.persistedOperations;
  const { texts, mistakes } = readManifest(file);
  const all = [...mistakes, ...[...texts].flatMap(([id, text]) => faultsOf(text, admission).map((f) => `${id}: ${f}`))];
  if (all.length > 0) throw new StartupError(linesOf(all, file).join('\n'), 2);
  return new PersistedOperations(mode, texts, admission.documents, log);
}

/** A build against another schema is wrong in everything, and the first lines say so as well. */
const mostLines = 20;

function linesOf(mistakes: string[], file: string): string[] {
  const lines = mistakes.slice(0, mostLines).map((mistake) => mistake.replace(/\s+/g, ' '));
  if (mistakes.length > mostLines) lines.push(`and ${mistakes.length - mostLines} more`);
  return lines.map((line) => `STAMDATA_PERSISTED_OPERATIONS_FILE ${file}: ${line}`);
}

function faultsOf(text: string, admission: Admission): string[] {
  try {
    const { document, problems } = admission.documents.validated(text);
    if (problems.length === 0) admission.demandAffordable(document);
    return problems.map(told);
  } catch (error) {
    if (error instanceof GraphQLError) return [told(error)];
    throw error;
  }
}

function told({ message, locations }: GraphQLError): string {
  const place = locations?.[0];
  return place ? `${message} (line ${place.line}, column ${place.column})` : message;
}
