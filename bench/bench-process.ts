import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** Milliseconds of processor time since the process began. */
  cpuMs: number;
  rssMb: number;
  heapMb: number;
}

type Told = { answer: unknown } | { failure: string };

/** A part of a bench in a process of its own, so that its work does not bend what is measured of the others. */
export class BenchProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a module of this folder that calls `answerBench`, and waits until it can be asked. Profiled if this process is. */
  static async start(module: string, settings: object = {}): Promise<BenchProcess> {
    const profiling = process.execArgv.filter((argument) => argument.startsWith('--cpu-prof'));
    const execArgv = ['--import', 'tsx', '--expose-gc', ...profiling];
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), { execArgv });
    const started = new BenchProcess(child);
    await started.ask('start', settings);
    return started;
  }

  /** @throws what the process says has failed, or that it has ended */
  ask<Answer>(order: string, details: object = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the process has ended that was asked to ${order}`));
      this.child.once('message', (told: Told) => {
        this.child.off('exit', ended);
        if ('failure' in told) reject(new Error(told.failure));
        else resolve(told.answer as Answer);
      });
      this.child.once('exit', ended);
      this.child.send({ order, details });
    });
  }

  usage(): Promise<Usage> {
    return this.ask('usage');
  }

  /** Resolves when it has ended. */
  async end(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.send({ order: 'stop', details: {} });
    await exited;
  }
}

type Orders = Record<string, (details: never) => unknown>;

/** In the process: answers what the bench asks, one after the other. It ends with `stop`, or with the bench. */
export function answerBench(orders: Orders & { start: (details: never) => unknown; stop: () => unknown }): void {
  const all: Orders = { usage, collect: () => gc!(), ...orders };
  process.on('message', ({ order, details }: { order: string; details: never }) => {
    void (async () => {
      const told = await Promise.resolve()
        .then(() => all[order]!(details))
        .then(
          (answer): Told => ({ answer: answer ?? null }),
          (error: unknown): Told => ({ failure: String(error) }),
        );
      process.send!(told, () => order === 'stop' && process.exit(0));
    })();
  });
  process.on('disconnect', () => process.exit(0));
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuMs: (user + system) / 1_000, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
}
