import type pg from 'pg';
import type { Clone } from '../database-clone.js';
import type { TestHub } from '../hub.js';

/** Lets PostgreSQL tell the plan of every statement that this database runs, with what became of it. Before a hub starts. */
export async function tellPlans(clone: Clone): Promise<void> {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_parameter_max_length': '0',
  };
  const [{ name }] = (await clone.sql<{ name: string }>('SELECT current_database() AS name')) as [{ name: string }];
  await clone.sql(`LOAD 'auto_explain'`); // else its settings are unknown
  for (const [setting, value] of Object.entries(settings))
    await clone.sql(`ALTER DATABASE ${name} SET ${setting} = '${value}'`);
}

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
  [more: string]: unknown;
}

/** The most rows that one step of a statement has looked at, by the statements' names; those that a filter removed count. */
export function followPlans(hub: TestHub): Map<string, number> {
  const most = new Map<string, number>();
  const known = new WeakSet<pg.PoolClient>();
  const { master } = hub.hub.db.dataSource.driver as unknown as { master: pg.Pool };
  master.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('notice', ({ message = '' }) => {
      const plan = message.slice(message.indexOf('{'));
      if (!/^duration: .* plan:/.test(message)) return;
      const { 'Query Text': text, Plan: root } = JSON.parse(plan) as { 'Query Text': string; Plan: PlanNode };
      const name = /\/\* (\w+) \*\//.exec(text)?.[1] ?? text;
      most.set(name, Math.max(most.get(name) ?? 0, mostLookedAt(root)));
    });
  });
  return most;
}

function mostLookedAt(node: PlanNode): number {
  const removed = Object.entries(node).filter(([key]) => key.startsWith('Rows Removed by'));
  const each = node['Actual Rows'] + removed.reduce((sum, [, rows]) => sum + (rows as number), 0);
  return Math.max(each * node['Actual Loops'], ...(node.Plans ?? []).map(mostLookedAt));
}
