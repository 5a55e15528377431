import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench, type Measure } from './bench.js';
import { BenchData } from './bench-data.js';
import type { BenchHub } from './bench-hub.js';
import { bulkInsert } from './bulk-insert.bench.js';
import { deliveries } from './deliveries.bench.js';
import { fanOut } from './fan-out.bench.js';
import type { Figure } from './figure.js';
import { growth } from './growth.bench.js';
import { importFiles } from './import.bench.js';
import { inWords, load, machineOf } from './machine.js';
import { memory } from './memory.bench.js';
import { orderGrowth } from './order-growth.bench.js';
import { partnerLogins } from './partner-logins.bench.js';
import { pushLatency } from './push-latency.bench.js';
import { reads } from './reads.bench.js';
import { relaySpeed } from './relay.bench.js';
import { underAttack } from './attacks.bench.js';
import { updates } from './updates.bench.js';

const onHub =
  (measure: (hub: BenchHub, quick: boolean) => Promise<Figure[]>): Measure =>
  async (bench) =>
    measure(await bench.hub(), bench.quick);

/** Memory first: the hub has done nothing yet. Those that share this process come last. */
const benches: Record<string, Measure> = {
  ...{ memory, reads, updates, growth, orderGrowth, underAttack },
  bulkInsert: onHub(bulkInsert),
  importFiles: onHub(importFiles),
  partnerLogins: onHub(partnerLogins),
  relaySpeed: onHub(relaySpeed),
  pushLatency: onHub(pushLatency),
  fanOut: onHub(fanOut),
  deliveries: onHub(deliveries),
};

/**
 * `npm run bench [-- --quick] [--data DIRECTORY] [NAME …]`: each figure next to a limit that was measured in the same run on the
 * same machine, as a table and as JSON. Medians of several rounds; `--quick` runs one small round of each, to see that they
 * work. Names pick benches. Customers are made once and kept in bench/data, or the directory that is named.
 */
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, data: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const { quick } = values;
const kept = values.data ?? fileURLToPath(new URL('data', import.meta.url));
const data = await BenchData.open(quick ? null : kept);
const machine = machineOf(await data.version());
const loadBefore = load();
const bench = new Bench(data, quick);
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const began = performance.now();
    figures.push(...(await measure(bench)));
    console.log(`${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }
} finally {
  await bench.stop();
  await data.stop();
}
const loadAfter = load();
console.log(`\n${inWords(machine)}, load ${loadBefore} before, ${loadAfter} after\n`);
console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])));
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
const file = fileURLToPath(new URL('latest.json', results));
writeFileSync(file, `${JSON.stringify({ machine, loadBefore, loadAfter, quick, figures }, null, 2)}\n`);
console.log(file);
