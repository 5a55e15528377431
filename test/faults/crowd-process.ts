import { CrowdReader, type Stay } from './crowd-reader.js';
import { FeedLedger } from './feed-ledger.js';

/** Readers with the same operation and filter. */
export interface Audience {
  readers: number;
  query: string;
  customers: string[] | null;
  mayStall: boolean;
}

export interface CrowdTask {
  url: string;
  key: string;
  start: string;
  audiences: Audience[];
}

export type CrowdCommand = { task: CrowdTask } | { stall: true } | { wake: true } | { report: true };

/** What the readers of an audience have seen. */
export interface AudienceReport {
  events: string[];
  /** Of each reader. */
  stays: Stay[][];
  problems: string[];
}

/** `reached`: of each audience the reader that has the fewest events. */
export type CrowdNews =
  { connected: true } | { stalled: true } | { reached: number[]; problem?: string } | { report: AudienceReport[] };

const togetherAtOnce = 50;
const newsEveryMs = 100;

let crowd: { ledger: FeedLedger; readers: CrowdReader[]; mayStall: boolean }[] = [];

process.on('message', (command: CrowdCommand) => {
  if ('task' in command) void gather(command.task);
  else if ('stall' in command) void stall();
  else if ('wake' in command) for (const reader of stallers()) reader.wake();
  else tell({ report: crowd.map(reportOf) });
});
process.on('disconnect', () => process.exit()); // the test has gone

async function gather({ url, key, start, audiences }: CrowdTask): Promise<void> {
  const ledgers = new Map<string, FeedLedger>();
  crowd = audiences.map(({ readers, query, customers, mayStall }) => {
    const filter = JSON.stringify(customers);
    const ledger = ledgers.get(filter) ?? new FeedLedger();
    ledgers.set(filter, ledger);
    const options = { url, key, query, customers, mayStall };
    return { ledger, mayStall, readers: Array.from({ length: readers }, () => new CrowdReader(options, ledger)) };
  });
  const all = crowd.flatMap(({ readers }) => readers);
  const reading = crowd.filter(({ mayStall }) => !mayStall).flatMap(({ readers }) => readers);
  for (let i = 0; i < reading.length; i += togetherAtOnce)
    await Promise.all(reading.slice(i, i + togetherAtOnce).map((reader) => reader.connect(start, 0)));
  tell({ connected: true });
  setInterval(() => {
    const [problem] = all.flatMap(({ problems }) => problems);
    const reached = crowd.map(({ readers }) => Math.min(...readers.map((reader) => reader.reached)));
    tell({ reached, ...(problem !== undefined && { problem }) });
  }, newsEveryMs);
}

/**
 * They come at the end of what has been read so far and do not read at all. (A connection that has been read from has a
 * large buffer in the kernel: of some readers it held all that they were sent.)
 */
async function stall(): Promise<void> {
  for (const { mayStall, ledger, readers } of crowd) {
    if (!mayStall) continue;
    await Promise.all(readers.map((reader) => reader.connect(...ledger.end())));
    for (const reader of readers) reader.stall();
  }
  tell({ stalled: true });
}

const stallers = (): CrowdReader[] => crowd.filter(({ mayStall }) => mayStall).flatMap(({ readers }) => readers);

const reportOf = ({ ledger, readers }: (typeof crowd)[number]): AudienceReport => ({
  events: ledger.events(),
  stays: readers.map(({ stays }) => stays),
  problems: readers.flatMap(({ problems }) => problems),
});

const tell = (news: CrowdNews): void => void process.send!(news);
