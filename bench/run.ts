import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { startBenchHub } from './bench-hub.js';
import { bulkInsert } from './bulk-insert.bench.js';
import { deliveries } from './deliveries.bench.js';
import { partnerLogins } from './partner-logins.bench.js';
import { fanOut } from './fan-out.bench.js';
import { pushLatency } from './push-latency.bench.js';
import { relaySpeed } from './relay.bench.js';
import type { Figure } from './figure.js';

/**
 * `npm run bench [-- --quick]`: each figure next to a limit that was measured in the same run on the same machine. Medians
 * of several rounds; `--quick` runs one small round of each, to see that they work.
 */
const quick = process.argv.includes('--quick');
const dataDir = mkdtempSync(join(tmpdir(), 'stamdata-bench-'));
const bench = await startBenchHub(dataDir);
const figures: Figure[] = [];
try {
  for (const measure of [bulkInsert, partnerLogins, relaySpeed, pushLatency, fanOut, deliveries])
    figures.push(...(await measure(bench, quick)));
} finally {
  await bench.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`\n${machine}\n`);
console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])));
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(new URL('latest.json', results), `${JSON.stringify({ machine, quick, figures }, null, 2)}\n`);
