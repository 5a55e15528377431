import type { QueryRunner } from 'typeorm';
import { access } from './0001/access.sql.js';
import { machines } from './0001/machines.sql.js';
import { nouns } from './0001/nouns.sql.js';
import { ForwardMigration } from './forward-migration.js';

/** The whole data model. Released migrations are never edited; a change is a new one. */
export class DataModel1763800000001 extends ForwardMigration {
  override async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(nouns);
    await queryRunner.query(machines);
    await queryRunner.query(access);
  }
}
