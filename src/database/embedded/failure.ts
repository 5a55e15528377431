import { StartupError } from '../../errors.js';
import { damaged } from './find-cluster.js';

/** The places a message names. */
export interface Where {
  /** What the server works on. */
  dir: string;
  dataDir: string;
  /** The server's log, if it got that far. */
  log?: string;
}

/** What the server or initdb says last, and what it means for the operator. The first match counts. */
const causes: [RegExp, (where: Where, line: string) => StartupError][] = [
  [/No space left on device|Disk quota exceeded/, ({ dir }) => diskFull(dir)],
  [
    /lock file ".*" already exists|pre-existing shared memory block/,
    ({ dataDir }) =>
      new StartupError(
        `Another hub is already running on ${dataDir}. Stop it, or give this one its own STAMDATA_DATA_DIR.`,
      ),
  ],
  [
    /Address already in use|could not create any (Unix|TCP\/IP) sockets|Only one usage of each socket address/,
    ({ dir }) =>
      new StartupError(
        `The address of the database server on ${dir} is in use by another program. Start again, or stop that program.`,
      ),
  ],
  [
    /Cannot allocate memory|could not create shared memory|could not map anonymous shared memory|could not resize shared memory/,
    (_where, line) =>
      new StartupError(`The database server gets too little memory (${line}). Give the machine or container more.`),
  ],
  [
    /Read-only file system/,
    ({ dir }) => new StartupError(`${dir} is on a read-only file system. Make it writable, or set STAMDATA_DATA_DIR.`),
  ],
  [
    /Permission denied|Operation not permitted|invalid permissions|wrong ownership/,
    ({ dir }, line) => forbidden(dir, line),
  ],
  [
    /pg_control|control file|PG_VERSION|valid data directory|checkpoint record|database files are incompatible|invalid page|checksum|could not (open|read|access|find).*(global|base|pg_wal|pg_xact|pg_multixact|pg_filenode|postgresql\.conf)/,
    ({ dir }, line) => damaged(dir, line),
  ],
  [
    /administrative permissions/,
    () =>
      new StartupError('PostgreSQL refuses to run with administrator rights: start the hub from an ordinary console.'),
  ],
];

/** Makes one line for the operator of what a server or initdb wrote before it ended. */
export function serverFailure(lines: string[], where: Where): StartupError {
  const told = lines.filter((line) => !everyday.test(line)).map((line) => line.replace(prefix, '').trim());
  for (const [pattern, mean] of causes) {
    const line = told.find((text) => pattern.test(text));
    if (line !== undefined) return mean(where, line);
  }
  const see = where.log ? ` (see ${where.log})` : '';
  return new StartupError(`The database server on ${where.dir} ended: ${told.at(-1) ?? 'it did not say why'}${see}.`);
}

/** Notes, and what the server tells single clients on its way out: no cause of its end. */
const everyday =
  / LOG: |terminating connection|the database system is|too many clients|connection slots|authentication failed/;

/** Time, process number and weight; or the name of the program. */
const prefix = /^.*?(?:FATAL|PANIC|ERROR|WARNING|initdb: error): +/;

/**
 * Makes one line for the operator of what the system or the database refused on the way. Everything else stays as it is: a
 * StartupError has its line already, and a mistake in this program needs its stack.
 */
export function asStartupError(error: unknown, dataDir: string): unknown {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (error instanceof StartupError || typeof code !== 'string') return error;
  const at = path ?? dataDir;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') return diskFull(at);
  if (code === 'EACCES' || code === 'EPERM') return forbidden(at, message);
  if (code === 'EROFS')
    return new StartupError(`${at} is on a read-only file system. Make it writable, or set STAMDATA_DATA_DIR.`);
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'ELOOP') {
    return new StartupError(`${at} is not a directory. Move it away, or set STAMDATA_DATA_DIR to a directory.`);
  }
  return new StartupError(`The embedded database on ${dataDir} cannot start: ${oneLine(message)}.`);
}

const diskFull = (dir: string) =>
  new StartupError(`The disk of ${dir} is full: the database cannot write. Free some space, then start again.`);

const forbidden = (dir: string, cause: string) =>
  new StartupError(
    `The database may not use ${dir} (${oneLine(cause)}). Correct owner and permissions, or set STAMDATA_DATA_DIR.`,
  );

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
