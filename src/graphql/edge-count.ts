import DataLoader from 'dataloader';
import type { Context } from '../context.js';
import type { Sql } from '../database/database.js';
import type { Loaders } from '../loaders.js';

/** Who has an edge that is counted. */
interface Holder {
  ownerId: string;
  id: string;
}

export interface EdgeCount {
  id: string;
  count: number;
}

/**
 * Makes the `totalCount` of an edge: one statement for all the holders of an operation. `count` answers those that have
 * any; the others have none.
 */
export function edgeCount(
  count: (sql: Pick<Sql, 'rows'>, ownerId: string, ids: readonly string[]) => Promise<EdgeCount[]>,
): (ctx: Context, holder: Holder) => Promise<number> {
  const ofOperations = new WeakMap<Loaders, DataLoader<Holder, number, string>>(); // as fresh as the other loaders
  return (ctx, holder) => {
    const loader = ofOperations.get(ctx.loaders) ?? loaderOf(ctx, count);
    ofOperations.set(ctx.loaders, loader);
    return loader.load(holder);
  };
}

const loaderOf = ({ read }: Context, count: Parameters<typeof edgeCount>[0]) =>
  new DataLoader<Holder, number, string>(
    async (holders) => {
      const { ownerId } = holders[0]!; // an operation reads as one owner
      const rows = await count(
        read,
        ownerId,
        holders.map(({ id }) => id),
      );
      const counts = new Map(rows.map((row) => [row.id, row.count]));
      return holders.map(({ id }) => counts.get(id) ?? 0);
    },
    { cacheKeyFn: ({ id }) => id },
  );
