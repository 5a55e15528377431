import { fork, type ChildProcess } from 'node:child_process';
import type { ReceiverOrder, ReceiverTold, SampleRequest } from './deliveries-receiver.js';

/** A receiver of webhooks in a process of its own: see `deliveries-receiver.ts`. */
export class ReceiverProcess {
  private awaited: { count: number; done: () => void } | null = null;
  url = '';

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (told: ReceiverTold) => {
      if ('noted' in told && this.awaited && told.noted >= this.awaited.count) this.awaited.done();
    });
  }

  static async start(): Promise<ReceiverProcess> {
    const child = fork(new URL('deliveries-receiver.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    const receiver = new ReceiverProcess(child);
    receiver.url = await receiver.answer('url');
    return receiver;
  }

  /** The first request that came. */
  sample(): Promise<SampleRequest> {
    return this.ask('sample', 'sample');
  }

  /** From now on it is noted when which name came first, on the clock of `now`. Resolves when that many have come. */
  names(count: number): Promise<void> {
    this.child.send('record' satisfies ReceiverOrder);
    return new Promise((done) => (this.awaited = { count, done }));
  }

  /** What was noted. */
  async arrivals(): Promise<Map<string, number>> {
    return new Map(await this.ask('arrivals', 'arrivals'));
  }

  end(): void {
    this.child.kill();
  }

  private ask<Key extends 'sample' | 'arrivals'>(order: ReceiverOrder, key: Key): Promise<Answer<Key>> {
    const answer = this.answer(key);
    this.child.send(order);
    return answer;
  }

  private answer<Key extends 'url' | 'sample' | 'arrivals'>(key: Key): Promise<Answer<Key>> {
    return new Promise((resolve) => {
      const hear = (told: ReceiverTold) => {
        if (!(key in told)) return;
        this.child.off('message', hear);
        resolve((told as Record<Key, Answer<Key>>)[key]);
      };
      this.child.on('message', hear);
    });
  }
}

type Answer<Key> =
  Extract<ReceiverTold, Record<Key & string, unknown>> extends infer Told ? Told[Key & keyof Told] : never;
