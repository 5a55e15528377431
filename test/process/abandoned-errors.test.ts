import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type Clone } from '../database-clone.js';
import { adminKey, testSecret } from '../hub.js';
import { command, endStarted } from './command.js';

let clone: Clone;
let home: string;
beforeAll(async () => {
  clone = await cloneDatabase();
  home = mkdtempSync(join(tmpdir(), 'stamdata-abandoned-'));
});
afterAll(async () => {
  await endStarted();
  await clone.drop();
  rmSync(home, { recursive: true, force: true });
});

test(
  'issue 7: two elements of a list that fail, one at once and one later, are one error and no end of the hub',
  { timeout: 60_000 },
  async () => {
    const hub = command('dist/src/main.js', [], {
      ...{ DATABASE_URL: clone.url, STAMDATA_ADMIN_KEY: adminKey, STAMDATA_SECRET: testSecret },
      ...{ STAMDATA_DATA_DIR: home, PORT: '0', LOG_LEVEL: 'warn', STAMDATA_ROLES: 'api' },
    });
    const url = /http:\S+/.exec(await hub.line(/^stamdata is ready at /))![0];
    const ask = async (query: string, owner: object = { 'stamdata-owner': 'ACME' }) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}`, ...owner },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data: unknown; errors?: { path: unknown }[] };
    };
    await ask('mutation { createOwner(input: { code: "ACME" }) { userErrors { message } } }', {});
    for (const code of ['FIRST', 'SECOND'])
      await ask(`mutation { createCustomer(input: { code: "${code}", name: "N" }) { userErrors { message } } }`);
    // What the hub never writes: a customer without a snapshot, and one of a type that there is not.
    await clone.sql("DELETE FROM customer_snapshot WHERE body->>'code' = 'FIRST'");
    const checks = await clone.sql<{ name: string }>(
      "SELECT conname AS name FROM pg_constraint WHERE conrelid = 'customer'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%PERSON%'",
    );
    for (const { name } of checks) await clone.sql(`ALTER TABLE customer DROP CONSTRAINT "${name}"`);
    await clone.sql("UPDATE customer SET type = 'WRONG' WHERE code = 'SECOND'");
    for (let i = 0; i < 3; i++) {
      const answer = await ask('{ customers(first: 2) { nodes { type snapshot { code } } } }');
      expect(answer).toMatchObject({ data: null, errors: [{ path: ['customers', 'nodes', 1, 'type'] }] });
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    hub.child.kill('SIGTERM');
    const { code, stderr } = await hub.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('an error beside the one that was answered');
  },
);
