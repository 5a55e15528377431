import { describe, expect, test } from 'vitest';
import { Loop } from '../../src/loop.js';
import { eventually } from './events.js';

const anHourMs = 3_600_000;

/** A loop whose runs a test lets end one by one. */
function steered(pauseMs: number) {
  const runs: { end: (more: boolean) => void; fail: () => void }[] = [];
  const failures: unknown[] = [];
  let atOnce = 0;
  let most = 0;
  const loop = new Loop({
    pauseMs,
    run: () => {
      most = Math.max(most, ++atOnce);
      return new Promise<boolean>((resolve, reject) => {
        runs.push({ end: resolve, fail: () => reject(new Error('failed')) });
      }).finally(() => atOnce--);
    },
    failed: (error) => failures.push(error),
  });
  const begun = (count: number) => eventually(() => runs.length >= count, `run ${count} has begun`);
  return { loop, runs, failures, begun, most: () => most };
}

/** Everything that was due at once has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a loop', () => {
  test('runs at once, again at once while there is more, and then rests', async () => {
    const { loop, runs, begun } = steered(anHourMs);
    loop.start();
    await begun(1);
    runs[0]!.end(true);
    await begun(2);
    runs[1]!.end(false);
    await settled();
    expect(runs).toHaveLength(2);
    await loop.stop();
  });

  test('woken from its rest it runs at once; woken many times, once', async () => {
    const { loop, runs, begun } = steered(anHourMs);
    loop.start();
    await begun(1);
    runs[0]!.end(false);
    await settled();
    for (let i = 0; i < 5; i++) loop.wake();
    await begun(2);
    runs[1]!.end(false);
    await settled();
    expect(runs).toHaveLength(2);
    await loop.stop();
  });

  test('woken in the middle of a run it runs once more: what came too late for the first is seen', async () => {
    const { loop, runs, begun, most } = steered(anHourMs);
    loop.start();
    await begun(1);
    loop.wake();
    loop.wake();
    runs[0]!.end(false);
    await begun(2);
    runs[1]!.end(false);
    await settled();
    expect(runs).toHaveLength(2);
    expect(most()).toBe(1);
    await loop.stop();
  });

  test('not woken it runs after its pause', async () => {
    const { loop, runs, begun } = steered(5);
    loop.start();
    for (let run = 0; run < 3; run++) {
      await begun(run + 1);
      runs[run]!.end(false);
    }
    await begun(4);
    runs[3]!.end(false);
    await loop.stop();
  });

  test('a failed run is told and tried again', async () => {
    const { loop, runs, failures, begun } = steered(5);
    loop.start();
    await begun(1);
    runs[0]!.fail();
    await begun(2);
    expect(failures).toEqual([new Error('failed')]);
    runs[1]!.end(false);
    await loop.stop();
  });

  test('stop waits for the run at hand, tells nothing of its failure, and starts no other', async () => {
    const { loop, runs, failures, begun } = steered(5);
    loop.start();
    await begun(1);
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    runs[0]!.fail();
    await stopping;
    loop.wake();
    loop.start();
    await settled();
    expect(runs).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('stops at once from its rest, twice, and before it was started', async () => {
    const { loop, runs, begun } = steered(anHourMs);
    loop.start();
    loop.start();
    await begun(1);
    runs[0]!.end(false);
    await settled();
    await Promise.all([loop.stop(), loop.stop()]);
    await loop.stop();
    await steered(anHourMs).loop.stop();
    expect(runs).toHaveLength(1);
  });
});
