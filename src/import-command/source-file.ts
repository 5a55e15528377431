import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { StartupError } from '../errors.js';
import type { FileFormat } from '../import/import-file.js';
import { guessFormat } from './guess-format.js';

/** What is to be imported. */
export interface SourceFile {
  /** As the user named it. */
  name: string;
  /** Null: it comes through a pipe, so it can be read once, and nobody knows how much it is. */
  bytes: number | null;
  format: FileFormat;
  /** All of it, from its beginning. What comes through a pipe can be read once. */
  read: () => AsyncIterable<Buffer>;
}

const headBytes = 4_096;

/**
 * Looks at the file, or at what comes through standard input (`-`). `format`: null to have it guessed.
 * @throws StartupError (wrong usage) when it cannot be read
 */
export async function sourceFile(name: string, format: FileFormat | null, stdin: Readable): Promise<SourceFile> {
  if (name === '-') return piped('-', format, stdin);
  try {
    const found = await stat(name);
    if (found.isDirectory()) throw new Error('this is a folder');
    if (!found.isFile()) return await piped(name, format, createReadStream(name));
    const known = format ?? guessFormat(name, await headOf(name));
    return { name, bytes: found.size, format: known, read: () => createReadStream(name) };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`cannot read ${name}: ${(error as Error).message}`, 2);
  }
}

/** Waits for the first piece, which tells what it is. */
async function piped(name: string, format: FileFormat | null, stream: Readable): Promise<SourceFile> {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* read(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = first; !next.done;) {
      next = await pieces.next();
      if (!next.done) yield next.value;
    }
  }
  return { name, bytes: null, format: format ?? guessFormat(name, head), read };
}

async function headOf(name: string): Promise<Buffer> {
  const file = await open(name);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
