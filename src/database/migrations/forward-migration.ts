import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Migrations go forward only: what one has dropped, no `down` could bring back. */
export abstract class ForwardMigration implements MigrationInterface {
  abstract up(queryRunner: QueryRunner): Promise<void>;

  down(): Promise<void> {
    throw new Error('migrations are forward only: restore a backup instead');
  }
}
