import { apart } from './database/database.js';
import type { Transaction } from './database/transaction.js';
import { persistently } from './persistently.js';
import { rolledBack } from './rolled-back.js';
import { Write, type WriteOptions, type Writer } from './write.js';

/**
 * A dry run of many writes, one after the other in one transaction: each sees what those before it would have written, goes
 * the road of `write` as far as anybody could see of it: snapshots and events would be rolled back unread, as everything is at
 * the end. Until then it holds what it wrote, as any write does.
 */
export async function rehearse<T>(
  writer: Writer,
  { ownerId, origin }: Pick<WriteOptions, 'ownerId' | 'origin'>,
  work: (step: <Part>(part: (tx: Write) => Promise<Part>) => Promise<Part>) => Promise<T>,
): Promise<T> {
  return rolledBack((end) =>
    writer.db.asWriter(ownerId, 'kept', async (sql) => {
      const awake = setInterval(() => void sql.rows('/* stayAwake */ SELECT 1').catch(() => undefined), awakeMs);
      try {
        const result = await work((part) =>
          persistently(() => apart(sql, () => rehearsed(writer, sql, ownerId, origin, part))),
        );
        return end(result);
      } finally {
        clearInterval(awake);
      }
    }),
  );
}

/** PostgreSQL ends a transaction in which nothing has happened for a minute; a slow sender may take longer. */
const awakeMs = 20_000;

async function rehearsed<Part>(
  { clock }: Writer,
  sql: Transaction,
  ownerId: string,
  origin: string | null,
  part: (tx: Write) => Promise<Part>,
): Promise<Part> {
  const tx = new Rehearsed(sql, ownerId, clock.at(), { origin, delivery: null });
  return tx.whole(async () => {
    const done = await part(tx);
    await tx.raise();
    return done;
  });
}

/** One whose snapshots and events nobody would read. */
class Rehearsed extends Write {
  override settle(): void {}
}
