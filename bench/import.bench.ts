import type { BenchHub, BenchOwner } from './bench-hub.js';
import { fullRow } from './bulk-insert.bench.js';
import { copiedRows } from './copied-rows.js';
import { round2, timed, type Figure } from './figure.js';

/**
 * `POST /import/customers` of the same full rows as NDJSON, as CSV, and as a dry run, each next to COPY of the rows that the
 * import has written. One round: a file is long enough to be its own average.
 */
export async function importFiles(bench: BenchHub, quick: boolean): Promise<Figure[]> {
  const rows = quick ? 2_500 : 100_000;
  const customers = Array.from({ length: rows }, (_, i) => fullRow(i));
  const ndjson = customers.map((customer) => JSON.stringify(customer)).join('\n');
  const figures: Figure[] = [];
  for (const { name, type, file, dryRun } of [
    { name: 'NDJSON', type: 'application/x-ndjson', file: ndjson, dryRun: false },
    { name: 'CSV', type: 'text/csv', file: csvOf(customers), dryRun: false },
    { name: 'NDJSON, dry run', type: 'application/x-ndjson', file: ndjson, dryRun: true },
  ]) {
    const owner = await bench.owner();
    const took = await timed(() => importFile(bench, owner, { type, file, dryRun, rows }));
    if (dryRun) await importFile(bench, owner, { type, file, dryRun: false, rows }); // COPY needs rows to copy
    const copy = await copiedRows(bench, owner);
    figures.push({
      name: `import ${name}, ${rows} rows`,
      value: `${Math.round((rows * 1000) / took)} rows/s`,
      limit: `${Math.round((rows * 1000) / copy)} rows/s COPY`,
      ratio: round2(copy / took),
    });
  }
  return figures;
}

async function importFile(
  bench: BenchHub,
  owner: BenchOwner,
  { type, file, dryRun, rows }: { type: string; file: string; dryRun: boolean; rows: number },
): Promise<void> {
  const response = await fetch(`${bench.url}/import/customers?owner=${owner.code}&dryRun=${dryRun}`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${owner.key}` },
    body: file,
  });
  const last = (await response.text()).trim().split('\n').at(-1)!;
  const { done, counts } = JSON.parse(last) as { done?: true; counts?: { created: number } };
  if (!done || counts?.created !== rows) throw new Error(`the import ended with ${last}`);
}

/** Lists and references in one cell each, as `src/import/csv-columns.ts` reads them. */
function csvOf(customers: ReturnType<typeof fullRow>[]): string {
  const lines = customers.map(({ externalReferences, tags, ...fields }) =>
    [...Object.values(fields), ...externalReferences.map((r) => `${r.system}:${r.identifier}`), tags.join('|')].join(
      ',',
    ),
  );
  const { externalReferences: _, tags: __, ...first } = customers[0]!;
  return [[...Object.keys(first), 'externalReferences', 'tags'].join(','), ...lines].join('\n');
}
