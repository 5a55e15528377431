import type { Authenticator } from './access/authenticate.js';
import type { Config } from './config.js';
import type { Cursors } from './feed/cursor.js';
import type { FeedTail } from './feed/tail.js';
import type { GuestFeedRunner } from './guest-feed/runner.js';
import type { Log } from './log.js';
import type { Secret } from './secret.js';
import type { AddressGuard } from './webhook/address-guard.js';
import type { Writer } from './write.js';

/** What the parts of one process share. Made in `start-hub.ts`, handed to every operation in its context. */
export interface Hub extends Writer {
  config: Readonly<Config>;
  secret: Secret;
  authenticator: Authenticator;
  cursors: Cursors;
  tail: FeedTail;
  guard: AddressGuard;
  guestFeeds: GuestFeedRunner;
  log: Log;
}
