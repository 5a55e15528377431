import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.js';
import { defaultTiming } from '../../src/webhook/timing.js';
import { answering, dataOf } from '../webhook/receiver.js';
import { webhookFixture } from '../webhook/webhook-fixture.js';

/** As the design has it (B.7): after attempt 1, 2, … in seconds. */
const table = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

const hub = webhookFixture();

/** Time stands still until a test moves it. */
class MovedClock implements Clock {
  now = Date.now();
  at(): Date {
    return new Date(this.now);
  }
}

test.each([
  ['500', 500, {}, table],
  ['429 that asks for 120 s', 429, { 'retry-after': '120' }, [120, ...table.slice(1)]],
  // As far as it is heard: an hour, or twice the wait of the table where that is more.
  ['429 that asks for three years', 429, { 'retry-after': '99999999' }, table.map((s) => Math.max(2 * s, 3_600))],
] as const)(
  'D 8, B.7: a receiver that answers %s is tried ten times, at the times of the table, and then no more',
  async (_name, status, headers, waits) => {
    const owner = await hub.owner();
    const receiver = await hub.receiver(answering(status, '', headers));
    const endpoint = await owner.endpoint(receiver);
    const clock = new MovedClock();
    hub.dispatcher({ retryScheduleMs: defaultTiming.retryScheduleMs, probeMs: defaultTiming.probeMs }, { clock });
    const [customer] = await owner.customers(1);
    const parkedAfter = (attempt: number) =>
      hub.eventually(async () => {
        const [row] = await hub.rows<{ attempt: number; nextAt: Date; state: string }>(
          'SELECT attempt, next_at AS "nextAt", state FROM webhook_parked WHERE endpoint_id = $1',
          [endpoint.id],
        );
        return row?.attempt === attempt && row;
      });
    for (const [i, seconds] of waits.entries()) {
      const { nextAt, state } = await parkedAfter(i + 1);
      expect(state).toBe('RETRY');
      const waited = (nextAt.getTime() - clock.now) / 1_000;
      expect(waited / seconds, `after attempt ${i + 1}`).toBeGreaterThanOrEqual(0.8);
      expect(waited / seconds, `after attempt ${i + 1}`).toBeLessThanOrEqual(1.2);
      expect(receiver.requests).toHaveLength(i + 1);
      clock.now = nextAt.getTime();
    }
    expect(await parkedAfter(10)).toMatchObject({ state: 'DEAD' });
    clock.now += 48 * 3_600_000;
    const other = await hub.receiver();
    await owner.endpoint(other);
    await owner.customers(1); // told to one that was made since: the dispatcher has been at work
    await other.until((requests) => requests.length === 1);
    expect(receiver.requests.filter((request) => dataOf(request).customerId === customer)).toHaveLength(10);
  },
);
