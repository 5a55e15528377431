import { readConfig } from '../src/config.js';
import { openConnection } from '../src/database/open-database.js';
import { startHub } from '../src/start-hub.js';
import { roundMs, rounds, sizes, type Bench, type HubProcess } from './bench.js';
import { urlOf, type Filled } from './bench-data.js';
import { nextToLimit } from './compared.js';
import { positions, spreadNumbers, updatesOf } from './customer-requests.js';
import type { Figure } from './figure.js';
import { bareTarget } from './reads.bench.js';
import { leftOpen, sentDuring, transactionWith, type SentStatement } from './sent-statements.js';

/**
 * `updateCustomer` over 8 connections, of another customer each time (version, snapshot, event), next to a server of `node:http`
 * and `pg` that does the write's own statements in the same transaction, prepared, and nothing else: it knows which customer
 * is meant, judges nothing, and reads nothing for an answer. Its events are moved by the hub's relay as well.
 */
export async function updates(bench: Bench): Promise<Figure[]> {
  const filled = await bench.data.filled(sizes(bench.quick).usual);
  const [clients, hub, bare] = await Promise.all([bench.clients(), bench.hubOn(filled), bench.bareOn(filled)]);
  const ids = (await positions(hub, spreadNumbers(bench.quick ? 8 : 500, filled.customers))).map(({ id }) => id);
  const statements = await statementsOfUpdate(bench, filled, ids[0]!);
  await bare.ask('replay', { statements });
  const target = bareTarget(
    `${await bare.ask<string>('url')}/update`,
    ids.map((id) => ({ id, city: 'City %N%' })),
  );
  const before = await versionOf(hub, ids[0]!);
  const figure = await nextToLimit(
    `updateCustomer, ${statements.length} statements`,
    { server: bare, target },
    { server: hub.process, target: updatesOf(hub, ids) },
    { clients, connections: 8, rounds: rounds(bench.quick), ms: roundMs(bench.quick) },
  );
  if ((await versionOf(hub, ids[0]!)) < before + 4) throw new Error('the updates have changed nothing');
  return [figure];
}

async function versionOf(hub: HubProcess, id: string): Promise<number> {
  const { customer } = await hub.ask<{ customer: { version: number } }>(
    'query ($id: ID!) { customer(by: { id: $id }) { version } }',
    { id },
  );
  return customer.version;
}

/** What a hub sends to PostgreSQL for one update, as it does it. */
async function statementsOfUpdate(bench: Bench, filled: Filled, id: string): Promise<SentStatement[]> {
  const env = {
    PORT: '0',
    DATABASE_URL: urlOf(filled.place),
    STAMDATA_DATA_DIR: bench.data.directory,
    LOG_LEVEL: 'error',
  };
  const database = await openConnection(filled.place, 'a bench', null, {});
  const hub = await startHub(readConfig({ ...env, STAMDATA_ROLES: 'api' }), { database });
  const city = 'the city of the bench';
  try {
    const sent = await sentDuring(async () => {
      const query = `mutation { updateCustomer(by: { id: "${id}" }, input: { city: "${city} ${Date.now()}" }) { customer { id } } }`;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${filled.key}` };
      const answer = await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      await answer.text();
    });
    return leftOpen(transactionWith('lockCustomer', sent), { id, city });
  } finally {
    await hub.stop();
  }
}
