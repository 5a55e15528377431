import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startBenchHub } from './bench-hub.js';
import { bulkInsert } from './bulk-insert.bench.js';
import { deliveries } from './deliveries.bench.js';
import { importFiles } from './import.bench.js';
import { partnerLogins } from './partner-logins.bench.js';
import { fanOut } from './fan-out.bench.js';
import { pushLatency } from './push-latency.bench.js';
import { relaySpeed } from './relay.bench.js';
import type { Figure } from './figure.js';

const benches = { bulkInsert, importFiles, partnerLogins, relaySpeed, pushLatency, fanOut, deliveries };

/**
 * `npm run bench [-- --quick] [NAME …]`: each figure next to a limit that was measured in the same run on the same machine.
 * Medians of several rounds; `--quick` runs one small round of each, to see that they work. Names pick benches.
 */
const quick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const dataDir = mkdtempSync(join(tmpdir(), 'stamdata-bench-'));
chmodSync(dataDir, 0o711); // root's database server passes through, and leaves nothing elsewhere
const bench = await startBenchHub(dataDir);
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(benches))
    if (wanted.length === 0 || wanted.includes(name)) figures.push(...(await measure(bench, quick)));
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
