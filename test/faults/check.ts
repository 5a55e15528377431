import { checkFeed } from './check-feed.js';
import { checkOperations } from './check-operations.js';
import { checkReading } from './check-reading.js';
import type { Committed } from './committed.js';
import type { History } from './history.js';
import type { Reading } from './reader.js';

/** Every fault of a run, each in a sentence; none when the hub kept its word (D1–D4). */
export const check = (committed: Committed, history: History, readings: Reading[]): string[] => [
  ...checkFeed(committed),
  ...checkOperations(committed, history),
  ...readings.flatMap((reading) => checkReading(committed, reading)),
];
