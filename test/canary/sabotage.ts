import pg from 'pg';

export interface Sabotage {
  /** From now on whatever reads or writes customers, settings or the feed fails, with an error that quotes the row. */
  begin: () => Promise<void>;
  end: () => Promise<void>;
  /** The rows of a table, as one text. */
  contents: (table: string) => Promise<string>;
  /** Kills the server process that does this statement right now: what PostgreSQL logs of that ends with a restart of it. */
  killDuring: (sql: string) => Promise<void>;
  close: () => Promise<void>;
}

const tables = [
  'customer',
  'contact_info',
  'tag',
  'customer_order',
  'booking',
  'webhook_endpoint',
  'guest_feed',
  'api_key',
];

/** Somebody behind the hub's back, with the rights of the database's owner. */
export function sabotageOf(connection: pg.ClientConfig): Sabotage {
  const pool = new pg.Pool({ ...connection, max: 2 });
  pool.on('error', () => undefined);
  const run = async (sql: string) => void (await pool.query(sql));
  return {
    begin: async () => {
      await run(`CREATE OR REPLACE FUNCTION betray(row_text text) RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'zqcanary %', row_text USING DETAIL = 'zqcanary ' || row_text; END $$`);
      await run(`CREATE OR REPLACE FUNCTION betray_new() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'zqcanary %', NEW USING DETAIL = NEW::text, HINT = NEW::text; END $$`);
      for (const table of tables) {
        await run(
          `CREATE POLICY betrays ON ${table} AS RESTRICTIVE FOR SELECT TO stamdata_app USING (betray(${table}::text))`,
        );
        await run(
          `CREATE TRIGGER betrays BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION betray_new()`,
        );
      }
    },
    end: async () => {
      for (const table of tables) {
        await run(`DROP POLICY betrays ON ${table}`);
        await run(`DROP TRIGGER betrays ON ${table}`);
      }
    },
    contents: async (table) => JSON.stringify((await pool.query(`SELECT t::text FROM ${table} t`)).rows),
    killDuring: async (sql) => {
      const victim = new pg.Client(connection);
      victim.on('error', () => undefined);
      await victim.connect();
      const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const done = victim.query(sql).catch(() => undefined);
      for (;;) {
        const { rowCount } = await pool.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`, [
          rows[0]!.pid,
        ]);
        if (rowCount) break;
      }
      process.kill(rows[0]!.pid, 'SIGKILL');
      await done;
      await victim.end().catch(() => undefined);
    },
    close: () => pool.end(),
  };
}
