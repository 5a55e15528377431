import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** What the server writes to stderr: the newest lines in memory, for the message when it fails, and a file for people. */
export interface ServerLog {
  path: string;
  write(line: string): void;
  /** The newest lines of this run, oldest first. */
  lastLines(): string[];
  /** Closes the file; lines that come later are only kept in memory. May be called any number of times. */
  close(): void;
}

const linesKept = 50;

/**
 * Opens the log at `path` for appending. At `limitBytes` the file begins anew with the lines in memory, so that it stays
 * bounded without a second file. A log that cannot be written - the disk may be what is full - never stops the server.
 */
export function openServerLog(path: string, limitBytes = 1_048_576): ServerLog {
  const kept: string[] = [];
  // No symbolic links: root's hub must not append to a file somebody else points it at.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  let file = attempt(() => openSync(path, flags, 0o600));
  let size = file === undefined ? 0 : fstatSync(file).size;

  const append = (fd: number, text: string) => {
    if (size + Buffer.byteLength(text) > limitBytes) {
      ftruncateSync(fd);
      text = kept.join('\n') + '\n';
      size = 0;
    }
    size += writeSync(fd, text);
  };
  return {
    path,
    write(line) {
      kept.push(line.slice(0, 2_000));
      if (kept.length > linesKept) kept.shift();
      const fd = file;
      if (fd !== undefined) attempt(() => append(fd, `${line}\n`));
    },
    lastLines: () => [...kept],
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
