import type pg from 'pg';
import { expect, inject, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';

// The server's last words may come in one packet with those that make a connection ready. Found by the storm: hubs ended.
test('D 2: a connection that breaks while the pool hands it over ends its query, and not the process', async () => {
  const source = await createDataSource(inject('postgres'), 2).initialize();
  try {
    const pool = (source.driver as unknown as { master: pg.Pool }).master;
    const thrown = await new Promise((resolve) => {
      pool.connect((error, client, release) => {
        resolve(error ?? thrownBy(() => client!.emit('error', new Error('terminating connection'))));
        release(true);
      });
    });
    expect(thrown).toBeNull();
    expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await source.destroy();
  }
});

function thrownBy(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
