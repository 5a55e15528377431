import type { Authenticator } from './access/authenticate.js';
import type { Config } from './config.js';
import type { Cursors } from './feed/cursor.js';
import type { FeedTail } from './feed/tail.js';
import type { GuestFeedRunner } from './guest-feed/runner.js';
import type { Deadlines } from './limits/deadlines.js';
import type { Points } from './limits/points.js';
import type { WebhookChanges } from './limits/webhook-changes.js';
import type { WrongKeys } from './limits/wrong-keys.js';
import type { Log } from './log.js';
import type { Secret } from './secret.js';
import type { AddressGuard } from './webhook/address-guard.js';
import type { Writer } from './write.js';

/** What every part of a process is given. Made in `start-hub.ts`. */
export interface Core extends Writer {
  config: Readonly<Config>;
  secret: Secret;
  cursors: Cursors;
  log: Log;
}

/** What the parts that answer or send share. Made in `outward.ts`, handed to every operation in its context. */
export interface Hub extends Core {
  authenticator: Authenticator;
  points: Points;
  deadlines: Deadlines;
  wrongKeys: WrongKeys;
  webhookChanges: WebhookChanges;
  tail: FeedTail;
  guard: AddressGuard;
  guestFeeds: GuestFeedRunner;
}

/** What runs beside the requests. */
export interface Machine {
  start(): void;
  /** Resolves when the work at hand has ended. */
  stop(): Promise<void>;
}
