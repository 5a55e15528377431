import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from './errors.js';
import { Secret } from './secret.js';

/**
 * The secret of the configuration, else the one of the data directory, generated there at the first start; with `older` ones
 * that open as well.
 * @throws StartupError when the file cannot be made, read, or does not hold a secret
 */
export function loadSecret(configured: Buffer | null, dataDir: string, older: readonly Buffer[] = []): Secret {
  if (configured) return new Secret(configured, older);
  const file = join(dataDir, 'secret');
  const bytes = Buffer.from(readOrGenerate(file, dataDir), 'base64');
  if (bytes.length !== 32) throw new StartupError(`${file} is damaged: it must hold 32 bytes in base64`);
  return new Secret(bytes, older);
}

function readOrGenerate(file: string, dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!existsSync(file)) generate(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`cannot use ${file}: ${(error as Error).message}`);
  }
}

/** Written aside and linked into place: whoever finds the file, finds it whole, and of two processes one wins. */
function generate(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
