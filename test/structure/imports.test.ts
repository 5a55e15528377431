import { expect, test } from 'vitest';
import { partOf, sources, type Source } from './sources.js';

const nouns = ['owner', 'customer', 'external-system', 'tag', 'consent', 'order', 'booking'];
const roots = ['main.ts', 'cli.ts', 'transfer-commands.ts', 'own-hub.ts', 'serve.ts', 'start-hub.ts', 'demo'];
/** Where requests come in over HTTP and WebSocket. */
const doors = ['server', 'netstorming'];
const namesCustomer = [
  'webhook/delivery.resolver.ts',
  'webhook/webhook-preview.resolver.ts',
  'webhook/replay/replay.input.ts',
  'webhook/replay/replay.resolver.ts',
];
const isNoun = (path: string): boolean => nouns.includes(partOf(path));

/** A direction of architecture 1: who must not import what, and why. */
const rules: {
  reason: string;
  importer: (source: Source) => boolean;
  imported: (path: string, source: Source) => boolean;
}[] = [
  {
    reason: 'a noun is not reached through the resolver of another: resolvers are where requests come in',
    importer: ({ path }) => isNoun(path),
    imported: (path, { part }) => path.endsWith('.resolver.ts') && partOf(path) !== part,
  },
  {
    reason: 'a write does not know who listens: nouns import neither the feed nor those who send',
    importer: ({ path }) => isNoun(path),
    imported: (path) => ['feed', 'webhook', 'guest-feed'].includes(partOf(path)),
  },
  {
    reason:
      'webhooks know events and snapshots, not the nouns behind them; a test, a preview and a replay name a customer',
    importer: ({ path }) => partOf(path) === 'webhook' && !namesCustomer.includes(path),
    imported: isNoun,
  },
  {
    reason: 'these find the customer, and do nothing else with the noun',
    importer: ({ path }) => namesCustomer.includes(path),
    imported: (path) => isNoun(path) && !/^customer\/(customer-identifier\.input|identify-customers)\.ts$/.test(path),
  },
  {
    reason: 'the door for writes stands below the nouns: it must not know what it lets through',
    importer: ({ path }) => path === 'write.ts' || path.startsWith('snapshot/') || path.startsWith('feed/'),
    imported: (path) => isNoun(path) && !/^customer\/(customer-enums|partial-date\.type)\.ts$/.test(path),
  },
  {
    reason: 'the feed remembers, and does not know who sends',
    importer: ({ part }) => part === 'feed',
    imported: (path) => ['webhook', 'guest-feed', 'server', 'access'].includes(partOf(path)),
  },
  {
    reason: 'the formats of codes and numbers know nothing of the hub',
    importer: ({ part }) => part === 'format',
    imported: (path) => partOf(path) !== 'format',
  },
  {
    reason: 'nothing below knows the doors of HTTP and WebSocket',
    importer: ({ part }) => ![...doors, ...roots].includes(part),
    imported: (path) => doors.includes(partOf(path)),
  },
  {
    reason: 'the composition root imports, and is not imported',
    importer: ({ part }) => !roots.includes(part),
    imported: (path) => roots.includes(partOf(path)),
  },
  {
    reason: 'nobody starts the command line, the demo or the server by importing it',
    importer: ({ part }) => part !== 'demo',
    imported: (path) => ['main.ts', 'cli.ts', 'demo'].includes(partOf(path)),
  },
];

test.each(rules)('architecture 1: $reason', ({ importer, imported }) => {
  const importers = sources.filter(importer);
  expect(importers.length, 'files that the rule is about').toBeGreaterThan(0);
  const broken = importers.flatMap((source) =>
    source.imports.filter((path) => imported(path, source)).map((path) => `${source.path} imports ${path}`),
  );
  expect(broken).toEqual([]);
});

test('architecture 1: every import leads to a file, so the rules above see all of them', () => {
  const known = new Set(sources.map(({ path }) => path));
  const lost = sources.flatMap(({ path, imports }) =>
    imports.filter((to) => !known.has(to)).map((to) => `${path} → ${to}`),
  );
  expect(lost).toEqual([]);
});

test('architecture 5: a folder is a noun or a machine, never a heap', () => {
  const heaps = sources.filter(({ path }) =>
    /(^|[/-])(utils?|helpers?|common|services?|managers?|misc)([/.-]|$)/.test(path),
  );
  expect(heaps.map(({ path }) => path)).toEqual([]);
});

test('architecture 5: files are small: none over 250 lines, half of them at most 60', () => {
  const lines = sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  expect(lines.filter((file) => file.lines > 250)).toEqual([]);
  expect(lines[Math.floor(lines.length / 2)]!.lines).toBeLessThanOrEqual(60);
});

test('api 1: config.ts alone reads the environment, but for what PostgreSQL is started with', () => {
  const handedOver = /readConfig\(\{[^}]*\.\.\.process\.env \}\)/g; // defaults of the demo, below what is set
  const readers = sources
    .filter(({ text }) => /process\.env\b/.test(text.replace(handedOver, '')))
    .map(({ path }) => path);
  expect(readers.filter((path) => !path.startsWith('database/embedded/'))).toEqual(['config.ts']);
});
