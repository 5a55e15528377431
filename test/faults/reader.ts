import type { Committed } from './committed.js';

/** One event as a reader got it. */
export interface Received {
  customerId: string;
  version: number;
  /** Version of the snapshot that came with it. */
  snapshotVersion: number;
}

/** What one reader of an owner's feed got, connection after connection, each begun behind the last event before. */
export interface Reading {
  name: string;
  ownerId: string;
  /** Whether it began before the first event; if not, with whatever happened next. */
  fromStart: boolean;
  connections: Received[][];
  /** Answers that no fault explains. */
  problems: string[];
}

export interface Reader extends Reading {
  start: () => void;
  stop: () => Promise<void>;
}

/** The event that a reader got last. */
export const lastOf = (reading: Reading): Received | undefined => reading.connections.flat().at(-1);

/** Whether a reader has got the last event of its owner's feed. */
export function hasRead(reader: Reading, { feed }: Committed): boolean {
  const end = feed.filter(({ ownerId }) => ownerId === reader.ownerId).at(-1)!;
  const last = lastOf(reader);
  return last?.customerId === end.customerId && last.version === end.version;
}

/** An event as it is asked for, pushed or pulled. */
export interface EventNode {
  cursor: string;
  customerId: string;
  version: number;
  snapshot: { version: number };
}

export const eventFields = 'cursor customerId version snapshot { version }';

export const received = ({ customerId, version, snapshot }: EventNode): Received => ({
  customerId,
  version,
  snapshotVersion: snapshot.version,
});
