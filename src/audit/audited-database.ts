import { Database, type Sql } from '../database/database.js';
import { setting, storeEntry, type Deed } from './store-entry.js';
import type { SubjectKind } from './subject.js';

/**
 * The database for one deed that changes a setting: each transaction of an owner leaves its entry in the audit log as its last
 * statement. So what changes settings needs to know nothing of who asked for it.
 */
export class AuditedDatabase extends Database {
  /** @param subject the setting; without an id it is what the transaction gives: an id, or what has one */
  constructor(
    db: Database,
    private readonly deed: Deed,
    private readonly subject: { kind: SubjectKind; id: string | null },
  ) {
    super(db.dataSource);
  }

  override asOwner<T>(ownerId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return super.asOwner(ownerId, async (sql) => {
      const done = await work(sql);
      await storeEntry(sql, [ownerId], this.deed, setting(this.subject.kind, this.subject.id ?? idOf(done)));
      return done;
    });
  }
}

const idOf = (made: unknown): string => (typeof made === 'string' ? made : (made as { id: string }).id);
