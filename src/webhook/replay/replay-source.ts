import type { Claim } from '../claim.js';
import { judge } from '../delivery-rules.js';
import type { Dispatch } from '../dispatch.js';
import { judgedCustomers } from '../judged-customers.js';
import type { Shard } from '../shard.js';
import { reachOf, readReplay } from './read-replay.js';
import { loadReplayPart } from './replay-part.js';

const worthReading = 64;

/** Brings the replays of an endpoint to the shard that is served: which one's turn it is, and what it selects next. */
export class ReplaySource {
  private lookedAt = -Infinity;

  constructor(
    private readonly hub: Pick<Dispatch, 'db' | 'timing' | 'time'>,
    private readonly claim: Claim,
  ) {}

  /** Reads what is worth reading now; what the endpoint's rules do not want is left out here (B.6). */
  async read(shard: Shard): Promise<void> {
    await this.look(shard);
    const window = shard.replay.current;
    const { endpoint } = shard;
    const { ackedPos } = shard.window;
    if (!window || window.length >= worthReading || window.readKey >= reachOf(window.part, ackedPos)) return;
    const { ownerId } = this.claim;
    const slice = { shard: this.claim.shard, shards: endpoint.shards };
    const place = { readKey: window.readKey, ackedPos, parked: shard.parked, slice };
    const [page, customers] = await this.hub.db.asSystem(async (sql) => {
      const read = await readReplay(sql, ownerId, window.part, place);
      const ids = endpoint.conditions ? read.items.map(({ customerId }) => customerId) : [];
      return [read, await judgedCustomers(sql, { ownerId, endpoint }, [...new Set(ids)], this.hub.time.now())];
    });
    const wanted = ({ event, customerId }: (typeof page.items)[number]) =>
      event === null || judge(endpoint, event, customers.get(customerId)) !== 'PASS';
    window.add(page, wanted);
  }

  /** A replay may have been asked for or cancelled. */
  private async look(shard: Shard): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < this.hub.timing.pollMs) return;
    this.lookedAt = now;
    shard.replay.turnTo(await this.hub.db.asSystem((sql) => loadReplayPart(sql, this.claim)));
  }
}
