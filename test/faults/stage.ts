import { pathToFileURL } from 'node:url';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import type * as RelayFile from '../../src/feed/relay.js';
import { eventually } from '../feed/events.js';
import { adminKey, startTestHub, type TestHub } from '../hub.js';
import type { BrokenCopy } from './broken-copy.js';
import { holdRows, type HeldRows } from './held-rows.js';
import { makeWorld, type World, type WorldOwner } from './world.js';
import { Writer } from './writer.js';

/** Ten times what a relay needs to find its work by itself. */
const settleMs = 2_000;

/** One owner's customers on a hub without a relay, and relays of a build that come when they are called. */
export interface Stage {
  hub: TestHub;
  world: World;
  owner: WorldOwner;
  writer: Writer;
  /** Starts a relay of the build, on connections of its own. */
  relay: () => Promise<StagedRelay>;
  /** Locks rows in a session of the test's own, as another transaction would. */
  hold: (statement: string, parameters?: unknown[]) => Promise<HeldRows>;
  /** How many events wait to be moved. */
  outbox: () => Promise<number>;
  /** Waits until there are none; for as long as they could need, if they stay. */
  settle: () => Promise<void>;
  end: () => Promise<void>;
}

export interface StagedRelay {
  /** How often it has looked for work, and was done with it. */
  looks: () => number;
  /** May be called twice. */
  stop: () => Promise<void>;
}

export async function setStage(build: BrokenCopy, customers: number): Promise<Stage> {
  const { Relay } = (await import(pathToFileURL(build.path('feed/relay.js')).href)) as typeof RelayFile;
  const hub = await startTestHub({ env: { STAMDATA_ROLES: 'api' } });
  const world = await makeWorld(hub.url, adminKey, { owners: 1, customers, tags: 1 });
  const writer = new Writer(world, 'writer', await world.key('writer'), () => hub.url);
  const ends: (() => Promise<unknown>)[] = [];
  const relay = async () => {
    const source = await createDataSource(hub.clone.connection, 2).initialize();
    const db = new CountedDatabase(source);
    const started = new Relay(db, () => undefined);
    started.start();
    let stopping: Promise<void> | null = null;
    const stop = () => (stopping ??= started.stop().then(() => source.destroy()));
    ends.push(stop);
    return { looks: () => db.done, stop };
  };
  const hold: Stage['hold'] = async (statement, parameters) => {
    const held = await holdRows(hub.clone.connection, statement, parameters);
    ends.push(held.release);
    return held;
  };
  const outbox = async () => (await hub.clone.sql('SELECT FROM outbox')).length;
  const settle = () => {
    const deadline = Date.now() + settleMs;
    return eventually(async () => Date.now() > deadline || (await outbox()) === 0, 'the outbox has settled');
  };
  const end = async () => {
    for (const stop of ends.reverse()) await stop();
    await hub.stop();
  };
  return { hub, world, owner: world.owners[0]!, writer, relay, hold, outbox, settle, end };
}

/** Counts the transactions that have come to an end. */
class CountedDatabase extends Database {
  done = 0;
  override asSystem: Database['asSystem'] = async (work) => {
    try {
      return await super.asSystem(work);
    } finally {
      this.done++;
    }
  };
}
