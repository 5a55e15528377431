import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.js';
import { updateEndpoint } from '../../src/webhook/update-endpoint.js';
import { answering, versionsByCustomer } from '../webhook/receiver.js';
import { webhookFixture } from '../webhook/webhook-fixture.js';
import { defaultTiming } from '../../src/webhook/timing.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** In the short form a probe an hour at most, a dozen times fewer. */
const probeMs: readonly [number, number] = long ? defaultTiming.probeMs : [5_000, hourMs];
const longestProbeMs = 1.2 * probeMs[1];
/** The probes of five days, each by way of PostgreSQL. */
const patienceMs = long ? 600_000 : 60_000;

const hub = webhookFixture();

/** Time stands still until a test moves it. */
class MovedClock implements Clock {
  now = Date.now();
  at(): Date {
    return new Date(this.now);
  }
}

const stateOf = async (endpointId: string) => {
  const [row] = await hub.rows<{ state: string; reason: string | null; probeAt: Date | null; fails: number }>(
    `SELECT e.state, e.disabled_reason AS reason, c.probe_at AS "probeAt", c.fails
     FROM webhook_endpoint e JOIN webhook_cursor c ON c.endpoint_id = e.id WHERE e.id = $1`,
    [endpointId],
  );
  return row!;
};

const endpointTiming = { probeMs, retryScheduleMs: defaultTiming.retryScheduleMs };

test(
  'D 10: an endpoint that is down for five days is disabled at 120 hours; enabled again it gets all that it missed, in order',
  { timeout: patienceMs },
  async () => {
    const owner = await hub.owner();
    const receiver = await hub.receiver(answering(503));
    const endpoint = await owner.endpoint(receiver);
    const clock = new MovedClock();
    const wentDown = clock.now;
    hub.dispatcher(endpointTiming, { clock });
    const customers = await owner.customers(5);
    let changes = 0;
    for (let state = await stateOf(endpoint.id); state.state === 'ACTIVE';) {
      const before = state.fails;
      state = await hub.eventually(async () => {
        const next = await stateOf(endpoint.id);
        return (next.fails > before || next.state !== 'ACTIVE') && next;
      });
      expect(clock.now - wentDown).toBeLessThan(120 * hourMs + 2 * longestProbeMs);
      if (state.probeAt) clock.now = Math.max(clock.now, state.probeAt.getTime());
      if (clock.now - wentDown > (changes + 1) * 12 * hourMs) {
        await owner.change(customers);
        changes++;
      }
    }
    const [told] = await hub.rows<{ at: Date }>(
      `SELECT max(at) AS at FROM webhook_attempt WHERE endpoint_id = $1 AND state <> 'SUCCEEDED'`,
      [endpoint.id],
    );
    const disabledAfterMs = told!.at.getTime() - wentDown;
    expect(disabledAfterMs).toBeGreaterThanOrEqual(120 * hourMs - 1);
    expect(disabledAfterMs).toBeLessThan(120 * hourMs + longestProbeMs + 1);
    expect(await stateOf(endpoint.id)).toMatchObject({
      state: 'DISABLED',
      reason: expect.stringContaining('120 hours') as string,
    });
    expect(hub.logged.map(({ message }) => message)).toContain('webhook.endpoint.disabled');
    expect(changes).toBeGreaterThanOrEqual(9);
    const requestsWhileDown = receiver.requests.length;

    await owner.change(customers); // it goes on missing changes while it is disabled
    receiver.answer(answering(204));
    await updateEndpoint(hub, owner.id, endpoint.id, { url: receiver.url, active: true });
    // Customers whose first tries failed wait for their next one, which may be days away: the clock goes there.
    await hub.eventually(async () => (clock.now += hourMs) && (await isDone(endpoint.id)));
    const arrived = versionsByCustomer(receiver.requests.slice(requestsWhileDown));
    const all = Array.from({ length: changes + 2 }, (_, i) => i + 1);
    for (const customer of customers) expect(arrived.get(customer)).toEqual(all);
    expect(await stateOf(endpoint.id)).toMatchObject({ state: 'ACTIVE', reason: null, fails: 0 });
  },
);

async function isDone(endpointId: string): Promise<boolean> {
  const [left] = await hub.rows<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM webhook_parked WHERE endpoint_id = $1) OR EXISTS (
       SELECT FROM webhook_cursor c JOIN feed_head h USING (owner_id) WHERE c.endpoint_id = $1 AND c.acked_pos < h.last_pos) AS any`,
    [endpointId],
  );
  return !left!.any;
}
