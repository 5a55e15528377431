import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestHub } from '../hub.js';
import { sources } from '../structure/sources.js';

test('api 1: a process without the part api answers health and metrics, and says why it answers nothing else', async () => {
  const hub = await startTestHub({ env: { STAMDATA_ROLES: 'relay,clock' } });
  try {
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(`${hub.url}${path}`)).status).toBe(200);
    const refused = await fetch(`${hub.url}/graphql`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(404);
    expect(await refused.text()).toBe('this process does not serve the API: its STAMDATA_ROLES lack api\n');
  } finally {
    await hub.stop();
  }
});

test('architecture 2: what the API and the senders need is loaded by the processes that have them, and by no other', () => {
  // graphql for its class of errors: a refusal is one
  const ofEveryProcess = ['graphql', 'node', 'pg', 'pino', 'prom-client', 'reflect-metadata', 'typeorm', 'zod'];
  expect(packagesOf('main.ts')).toEqual(ofEveryProcess);
  for (const [file, name] of [
    ['outward.ts', 'undici'],
    ['server/api-doors.ts', '@apollo/server'],
    ['database/entities.ts', 'type-graphql'],
  ] as const)
    expect(packagesOf(file), file).toContain(name);
});

test('api 7: a command loads what it needs when it is called, and until then next to nothing', () => {
  expect(packagesOf('cli.ts')).toEqual(['commander', 'graphql', 'node']);
});

/** Names of the packages that come with a file: of what it and those below it import where they begin, and not later on. */
function packagesOf(path: string): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = [path];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const { text } = sources.find((source) => source.path === at)!;
    const imported = text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;']*?\sfrom\s+)?'([^']+)'/gm);
    for (const [, name] of imported)
      if (name!.startsWith('.')) waiting.push(join(dirname(at), name!).replace(/\.js$/, '.ts'));
      else packages.add(/^(node(?=:)|@[^/]+\/[^/]+|[^/]+)/.exec(name!)![0]);
  }
  return [...packages].sort();
}
