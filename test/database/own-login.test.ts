import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/embedded-postgres.js';
import { openDatabase } from '../../src/database/open-database.js';
import { createOwner } from '../../src/owner/owners.js';

test('api 1: a login that owns the database and may create roles is enough', { timeout: 60_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stamdata-login-'));
  chmodSync(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, throwaway: true });
  try {
    const connection = server.connection as { host: string; port: number; user: string; database: string };
    const admin = new pg.Client(connection);
    await admin.connect();
    await admin.query('CREATE ROLE shop LOGIN CREATEROLE');
    await admin.query('CREATE DATABASE shop OWNER shop');
    await admin.end();
    const databaseUrl = `postgres://shop@/shop?host=${encodeURIComponent(connection.host)}&port=${connection.port}`;
    const { db, close } = await openDatabase({ databaseUrl, dataDir });
    try {
      const owner = await db.asSystem((sql) => createOwner(sql, { code: 'SHOP' }));
      const seen = await db.asOwner(owner.id, (sql) =>
        sql.rows<{ role: string }>('SELECT current_user AS role, (SELECT count(*) FROM listed_customer) AS customers'),
      );
      expect(seen).toEqual([{ role: 'stamdata_app', customers: '0' }]);
    } finally {
      await close();
    }
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
