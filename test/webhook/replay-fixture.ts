import type { ReplayRequest } from '../../src/webhook/replay/selection.js';
import { replayDeliveries } from '../../src/webhook/replay/replay-deliveries.js';
import type { webhookFixture } from './webhook-fixture.js';

/** What tests of replays need beside the dispatcher. */
export function replayFixture(hub: ReturnType<typeof webhookFixture>) {
  const replay = async (id: string) => {
    const [row] = await hub.rows<{ state: string; selected: number; sent: number; failed: number; skipped: number }>(
      'SELECT state, selected, sent, failed, skipped FROM webhook_replay WHERE id = $1',
      [id],
    );
    return row!;
  };
  return {
    /** As if the endpoint had been sent all there is up to now. */
    everything: (endpointId: string) =>
      hub.rows(
        `UPDATE webhook_cursor c SET acked_pos = h.last_pos FROM feed_head h
         WHERE h.owner_id = c.owner_id AND c.endpoint_id = $1`,
        [endpointId],
      ),
    replay,
    done: (id: string) => hub.eventually(async () => (await replay(id)).state === 'DONE'),
    /** Asks for a replay; of all events, unless told. Gives its id. */
    ask: (owner: { id: string }, endpointId: string, request: Partial<ReplayRequest> = {}) =>
      replayDeliveries(
        hub.db,
        { ownerId: owner.id, endpointId },
        {
          ...{ customerId: null, deadOnly: false, since: null, until: null, currentState: false },
          ...(Object.keys(request).length > 0 ? request : { since: new Date(0) }),
        },
        'a test',
      ),
  };
}
