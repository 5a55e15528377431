import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  child: ChildProcess;
  /** Resolves when the process has ended. */
  ended: Promise<Ended>;
  /** The first line of standard output that matches. Rejects with what was said when the process ends before. */
  line: (pattern: RegExp) => Promise<string>;
}

const started = new Set<ChildProcess>();

/** Runs a built script of the hub (`npm run build:server`) with these variables alone, as an operator would. */
export function command(
  script: string,
  args: string[],
  env: Record<string, string>,
  stdin: 'ignore' | 'pipe' = 'ignore',
): Command {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  started.add(child);
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      started.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const watch = () => {
        const found = stdout.split('\n').find((text) => pattern.test(text));
        if (found !== undefined) resolve(found);
      };
      watchers.add(watch);
      watch();
      void ended.then((end) =>
        reject(new Error(`ended with ${end.code} before ${pattern}: ${end.stdout}${end.stderr}`)),
      );
    });
  return { child, ended, line };
}

/** `npx stamdata …` */
export const cli = (args: string[], env: Record<string, string>): Promise<Ended> =>
  command('bin/stamdata.js', args, env).ended;

/** Ends what a failed test has left running. */
export async function endStarted(): Promise<void> {
  await Promise.all(
    [...started].map((child) => new Promise((resolve) => child.once('close', resolve) && child.kill('SIGKILL'))),
  );
}
