import { Authenticator } from './access/authenticate.js';
import type { TokenJudge } from './access/token-judge.js';
import { FeedTail } from './feed/tail.js';
import { GuestFeedRunner } from './guest-feed/runner.js';
import { GuestFeedScheduler } from './guest-feed/scheduler.js';
import type { Core, Hub, Machine } from './hub.js';
import { Deadlines } from './limits/deadlines.js';
import { Points } from './limits/points.js';
import { WebhookChanges } from './limits/webhook-changes.js';
import { WrongKeys } from './limits/wrong-keys.js';
import { version } from './version.js';
import { createAddressGuard } from './webhook/address-guard.js';
import type { DeliveryCounts } from './webhook/delivery-counts.js';
import { Dispatcher } from './webhook/dispatcher.js';

export interface Outward {
  hub: Hub;
  /** What open requests and sockets need. */
  serving: Machine[];
  /** What any other process goes on with. */
  work: Machine[];
  /** What the dispatcher has done, for the metrics; null: there is none. */
  deliveries: DeliveryCounts | null;
  /** The feed may have new events. */
  wake: () => void;
  /** Lets go of the callers that wait for a run of a guest feed. */
  halt: () => void;
  /** When the machines have stopped: ends the runs that callers asked for, then the connections to receivers. */
  close: () => Promise<void>;
}

/**
 * What the parts `api`, `webhooks` and `feeds` share and run. A process that has none of them never loads this file: it brings
 * an HTTP client and TypeGraphQL, which take longer to load than a relay takes to start.
 */
export async function createOutward(core: Core): Promise<Outward> {
  const { config, db, log, secret, cursors } = core;
  const guard = createAddressGuard({ allowCidrs: config.webhookAllowCidrs, allowHttp: config.webhookAllowHttp });
  const guestFeeds = new GuestFeedRunner({ ...core, guard });
  const tokens = await createTokenJudge(core);
  const authenticator = new Authenticator(db, config.adminKey, tokens);
  const deadlines = new Deadlines(config.queryMs);
  const hub: Hub = {
    ...core,
    authenticator,
    points: new Points({ burst: config.costBurst, perSecond: config.costPerSecond }),
    deadlines,
    wrongKeys: new WrongKeys(),
    webhookChanges: new WebhookChanges(config.webhookChangesPerMinute),
    tail: new FeedTail(db, cursors, log),
    guard,
    guestFeeds,
  };
  const tail = config.parts.has('api') ? hub.tail : null;
  const dispatcher = config.parts.has('webhooks') ? new Dispatcher({ db, secret, cursors, guard, log, version }) : null;
  const feeds = config.parts.has('feeds') ? new GuestFeedScheduler(hub, guestFeeds) : null;
  return {
    hub,
    serving: [tail].filter((machine) => machine !== null),
    work: [dispatcher, feeds].filter((machine) => machine !== null),
    deliveries: dispatcher?.counts ?? null,
    wake: () => {
      tail?.wake();
      dispatcher?.wake();
    },
    halt: () => guestFeeds.halt(),
    close: async () => {
      deadlines.stop();
      tokens?.stop();
      await guestFeeds.stop();
      await guard.agent.close();
    },
  };
}

/** Null without OIDC_ISSUER: most hubs have none, and need not load what judges signatures. */
async function createTokenJudge({ config: { openId }, db, log }: Core): Promise<TokenJudge | null> {
  if (!openId) return null;
  const { IssuerKeys } = await import('./access/issuer-keys.js');
  const { TokenJudge } = await import('./access/token-judge.js');
  return new TokenJudge(db, openId, new IssuerKeys(openId.issuer, log));
}
