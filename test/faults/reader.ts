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
