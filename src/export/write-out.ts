import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StartupError } from '../errors.js';

/**
 * Writes text as it comes and no faster than it is taken, to a file, which is there whole or not at all, or to standard
 * output (null). A reader of the latter that has read enough ends it. @throws StartupError, or what the text throws
 */
export async function writeOut(text: AsyncIterable<string>, out: string | null, signal: AbortSignal): Promise<void> {
  if (out === null) return toStandardOutput(text, signal);
  const found = await stat(out).catch(() => null);
  if (found?.isDirectory()) throw new StartupError(`cannot write ${out}: this is a folder`, 2);
  if (found && !found.isFile()) return toFile(text, out, signal); // a device or a pipe stays what it is
  const draft = `${out}.part`;
  try {
    await toFile(text, draft, signal);
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function toFile(text: AsyncIterable<string>, out: string, signal: AbortSignal): Promise<void> {
  const file = createWriteStream(out);
  const faults: Error[] = [];
  file.once('error', (fault: NodeJS.ErrnoException) => {
    if (fault.syscall !== undefined) faults.push(fault);
  });
  await passOn(text, file, signal, {}).catch((error: unknown) => {
    throw faults[0] ? new StartupError(`cannot write ${out}: ${faults[0].message}`, 2) : error;
  });
}

async function toStandardOutput(text: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  await passOn(text, process.stdout, signal, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const passOn = (text: AsyncIterable<string>, to: Writable, signal: AbortSignal, options: { end?: boolean }) =>
  pipeline(Readable.from(text), to, { ...options, signal });
