import { DataModel1763800000001 } from './migrations/0001-data-model.js';
import { CustomerEnabled1763800000002 } from './migrations/0002-customer-enabled.js';
import { WebhookLastBody1763800000003 } from './migrations/0003-webhook-last-body.js';
import { GuestFeed1763800000004 } from './migrations/0004-guest-feed.js';
import { OwnerLists1763800000005 } from './migrations/0005-owner-lists.js';
import { WebhookFilters1763800000006 } from './migrations/0006-webhook-filters.js';
import { WebhookReplay1763800000007 } from './migrations/0007-webhook-replay.js';
import { WebhookHealth1763800000008 } from './migrations/0008-webhook-health.js';
import { BulkOperation1763800000009 } from './migrations/0009-bulk-operation.js';
import { BatchDelivery1763800000010 } from './migrations/0010-batch-delivery.js';
import { UsualOwners1763800000011 } from './migrations/0011-usual-owners.js';
import { ImportDelivery1763800000012 } from './migrations/0012-import-delivery.js';
import { WebhookRate1763800000013 } from './migrations/0013-webhook-rate.js';
import { CustomerLists1763800000014 } from './migrations/0014-customer-lists.js';
import { OrderTotals1763800000016 } from './migrations/0016-order-totals.js';
import { SearchPieces1763800000017 } from './migrations/0017-search-pieces.js';
import { KeyRotation1763800000020 } from './migrations/0020-key-rotation.js';
import { AuditLog1763800000021 } from './migrations/0021-audit-log.js';
import { NobodysViews1763800000022 } from './migrations/0022-nobodys-views.js';

export const migrations = [
  DataModel1763800000001,
  CustomerEnabled1763800000002,
  WebhookLastBody1763800000003,
  GuestFeed1763800000004,
  OwnerLists1763800000005,
  WebhookFilters1763800000006,
  WebhookReplay1763800000007,
  WebhookHealth1763800000008,
  BulkOperation1763800000009,
  BatchDelivery1763800000010,
  UsualOwners1763800000011,
  ImportDelivery1763800000012,
  WebhookRate1763800000013,
  CustomerLists1763800000014,
  OrderTotals1763800000016,
  SearchPieces1763800000017,
  KeyRotation1763800000020,
  AuditLog1763800000021,
  NobodysViews1763800000022,
];
