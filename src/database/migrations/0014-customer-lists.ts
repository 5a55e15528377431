import type { QueryRunner } from 'typeorm';
import { StartupError } from '../../errors.js';
import { customerKeys, fillSearch, foldFunction, listViews, searchTable, snapshotKeys } from './0014/lists.sql.js';
import { ForwardMigration } from './forward-migration.js';

/** What lists of customers are filtered, ordered and searched by. */
export class CustomerLists1763800000014 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    for (const extension of extensions) await createExtension(queryRunner, extension);
    for (const part of [foldFunction, searchTable, fillSearch, snapshotKeys, customerKeys, listViews])
      await queryRunner.query(part);
  }
}

/**
 * Parts of every PostgreSQL's contrib, all of them "trusted": whoever may create in the database may create these. The
 * first two make the search, the third lets its index begin with the owner.
 */
const extensions = ['pg_trgm', 'unaccent', 'btree_gin'];

async function createExtension(queryRunner: QueryRunner, name: string): Promise<void> {
  const there = (await queryRunner.query('SELECT FROM pg_extension WHERE extname = $1', [name])) as unknown[];
  if (there.length > 0) return;
  try {
    await queryRunner.query(`CREATE EXTENSION ${name}`);
  } catch (error) {
    throw new StartupError(
      `the database needs PostgreSQL's extension ${name}, and it cannot be created: ${(error as Error).message}. ` +
        `Install the contrib package of the server, or let its administrator run: CREATE EXTENSION ${name}`,
    );
  }
}
