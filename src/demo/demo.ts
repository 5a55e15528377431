import { readFileSync } from 'node:fs';
import { createApiKey } from '../access/api-keys.js';
import { scopes } from '../access/scope.js';
import { readConfig } from '../config.js';
import { createOwner } from '../owner/owners.js';
import { exitOnSignals, orExit } from '../serve.js';
import { startHub, type RunningHub } from '../start-hub.js';
import { DemoClient } from './demo-client.js';
import { receiveWebhooks } from './demo-receiver.js';
import { insertBatch, liveChanges } from './demo-story.js';
import { headline, say } from './demo-voice.js';

/** `npm run demo`: a hub with sample data, and the pushes shown as they arrive. Serves until Ctrl-C. */
const batch = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/partner-batch.json', import.meta.url), 'utf8'),
) as object[];

const config = {
  ...readConfig({ STAMDATA_DATA_DIR: './.stamdata-demo', LOG_LEVEL: 'warn', ...process.env }),
  // the demo's own receiver listens on this machine
  webhookAllowHttp: true,
  webhookAllowCidrs: ['127.0.0.0/8'],
};

const began = Date.now();
headline('Starting the hub');
const running = await orExit(() => startHub(config));
exitOnSignals(running);
say(`ready at ${running.url} in ${Date.now() - began} ms; data: ${running.database.place}`);
const { ownerCode, key } = await makeOwner(running);
const client = new DemoClient(running.url, key);

const inserted = await insertBatch(client, ownerCode, batch);
await client.awaitFeed(inserted);

headline('Subscriber and webhook receiver are connected: every change below arrives at both');
const receiver = await receiveWebhooks(client);
await client.followSnapshots();
await liveChanges(client, ownerCode);
await receiver.settled();
invitation(running.url, key);

async function makeOwner({ hub }: RunningHub): Promise<{ ownerCode: string; key: string }> {
  return hub.db.asSystem(async (sql) => {
    const [{ count }] = (await sql.rows<{ count: number }>(
      `/* countDemoOwners */ SELECT count(*)::int AS count FROM owner WHERE code ~ '^DEMO[0-9]+$'`,
    )) as [{ count: number }];
    const owner = await createOwner(sql, {
      code: `DEMO${count + 1}`,
      name: 'Demo Travel',
      timeZone: 'Europe/Copenhagen',
      currency: 'EUR',
    });
    const { key } = await createApiKey(sql, { name: 'demo', owners: [owner], scopes: [...scopes], expiresAt: null });
    say(`owner ${owner.code} with a key of its own`);
    return { ownerCode: owner.code, key };
  });
}

function invitation(url: string, key: string): void {
  headline('Your turn');
  say(`GraphiQL   ${url}/graphiql#key=${key}`);
  say(`API        ${url}/graphql   (WebSocket at the same path)`);
  say(`Key        ${key}`);
  say('Try this in another terminal and watch the push arrive here:');
  process.stdout.write(`
curl ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${key}' \\
  -d '{"query":"mutation { updateCustomer(by: { code: \\"P0001\\" }, input: { name: \\"A new name\\" }) { customer { version name } userErrors { message } } }"}'

`);
  say('Serving until Ctrl-C.');
}
