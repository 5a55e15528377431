import { execFile, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServerUser } from './system-user.js';

/** A program that does not outlive this process. */
export interface GuardedProcess {
  /** The number of the program itself, not of the shell around it; undefined when it could not be started. */
  pid: Promise<number | undefined>;
  /** Resolves with the exit code when the program has ended and all it wrote has been handed on. Never rejects. */
  ended: Promise<number>;
  /** Asks the program to end (SIGINT, which PostgreSQL takes as a fast shutdown). May be called any number of times. */
  interrupt(): void;
}

interface GuardedOptions {
  cwd: string;
  env: Record<string, string>;
  user: ServerUser | undefined;
  /** Gets each line the program writes to stderr, and why it could not be started. */
  onLine: (line: string) => void;
}

/**
 * The dead-man's switch. A shell starts the program, tells its number, and lets a second process wait for the end of the
 * shell's stdin, whose other end only the hub holds. The system closes that end however the hub dies, kill -9 included;
 * then the program gets SIGINT. The shell itself ignores the signals that would make it leave before the program.
 */
const deadMansSwitch = `
exec 3<&0 </dev/null
"$@" 3<&- >/dev/null &
program=$!
echo "$program"
exec >/dev/null
( read -r _; kill -INT "$program" ) <&3 2>/dev/null &
watcher=$!
trap '' INT TERM HUP
wait "$program"
code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"
`;

/**
 * Starts `command` under the dead-man's switch, in a session of its own, so that Ctrl-C reaches the hub alone and it can
 * finish its work before it stops the database. Failure to start is told by `onLine` and `ended`, not thrown.
 *
 * Windows (untested) has no such shell and needs none: there Node puts its children into a job that ends with it.
 */
export function startGuarded(command: [string, ...string[]], options: GuardedOptions): GuardedProcess {
  const { cwd, env, user, onLine } = options;
  const windows = process.platform === 'win32';
  const [program, ...args] = windows ? command : ['/bin/sh', '-c', deadMansSwitch, 'stamdata-database', ...command];
  const child = spawn(program, args, { ...user, cwd, env, detached: !windows, stdio: ['pipe', 'pipe', 'pipe'] });

  child.on('error', (error) => onLine(`cannot start ${command[0]}: ${error.message}`));
  child.stdin.on('error', () => undefined); // the reader may have ended before us
  createInterface({ input: child.stderr }).on('line', onLine);
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const firstLine = new Promise<number | undefined>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(Number(line)));
    void ended.then(() => resolve(undefined));
  });
  return {
    pid: windows ? Promise.resolve(child.pid) : firstLine,
    ended,
    // Windows has no signals; pg_ctl speaks to the server through the pipe it listens on instead.
    interrupt: () =>
      void (windows ? execFile(join(dirname(program), 'pg_ctl'), ['kill', 'INT', `${child.pid}`]) : child.stdin.end()),
  };
}
