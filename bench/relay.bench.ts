import { moveOutbox } from '../src/feed/move-outbox.js';
import type { BenchHub } from './bench-hub.js';
import { median, round2, timed, type Figure } from './figure.js';

/** How fast the outbox is moved to the feed, next to the same rows merely inserted once. */
export async function relaySpeed(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const events = quick ? 2_000 : 100_000;
  const owner = await bench.owner();
  const { db } = bench.hub;
  const moved: number[] = [];
  const inserted: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    // the hub's own relay is kept away by the lock on the owner's head
    await db.asSystem(async (sql) => {
      await sql.rows('SELECT FROM feed_head WHERE owner_id = $1 FOR UPDATE', [owner.id]);
      inserted.push(
        await timed(() =>
          sql.rows(
            `INSERT INTO outbox (owner_id, customer_id, version, reasons, origin, occurred_at)
             SELECT $1, n, 1, '{UPDATED}', 'bench', now() FROM generate_series(1, $2::int) n`,
            [owner.id, events],
          ),
        ),
      );
    });
    moved.push(
      await timed(async () => {
        while (await waiting(bench, owner.id)) await db.asSystem(moveOutbox);
      }),
    );
  }
  const perSecond = (times: number[]) => Math.round((events * 1000) / median(times));
  return [
    {
      name: `relay, ${events} events`,
      value: `${perSecond(moved)} events/s`,
      limit: `${perSecond(inserted)} events/s plain INSERT`,
      ratio: round2(median(inserted) / median(moved)),
    },
  ];
}

async function waiting(bench: BenchHub, ownerId: string): Promise<boolean> {
  const [row] = await bench.hub.db.asSystem((sql) =>
    sql.rows<{ some: boolean }>('SELECT EXISTS (SELECT FROM outbox WHERE owner_id = $1) AS some', [ownerId]),
  );
  return row!.some;
}
