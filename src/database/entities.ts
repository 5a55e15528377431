import { ApiKey } from '../access/api-key.entity.js';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { Booking } from '../booking/booking.entity.js';
import { BookingHistoryEntry } from '../booking/booking-history-entry.entity.js';
import { Consent } from '../consent/consent.entity.js';
import { ContactInfo } from '../customer/contact-info.entity.js';
import { Customer } from '../customer/customer.entity.js';
import { CustomerUser } from '../customer/customer-user.entity.js';
import { ExternalReference } from '../external-system/external-reference.entity.js';
import { ExternalSystem } from '../external-system/external-system.entity.js';
import { GuestFeed } from '../guest-feed/guest-feed.entity.js';
import { BulkOperation } from '../import/bulk-operation.entity.js';
import { GuestFeedRun } from '../guest-feed/guest-feed-run.entity.js';
import { Order } from '../order/order.entity.js';
import { OrderLine } from '../order/order-line.entity.js';
import { Owner } from '../owner/owner.entity.js';
import { Tag } from '../tag/tag.entity.js';
import { Delivery } from '../webhook/delivery.entity.js';
import { WebhookEndpoint } from '../webhook/webhook-endpoint.entity.js';
import { WebhookReplay } from '../webhook/replay/webhook-replay.entity.js';

/** Every stored class. A test compares their columns with the migrated tables. */
export const entities = [
  ApiKey,
  AuditEntry,
  Booking,
  BookingHistoryEntry,
  BulkOperation,
  Consent,
  ContactInfo,
  Customer,
  CustomerUser,
  Delivery,
  ExternalReference,
  ExternalSystem,
  GuestFeed,
  GuestFeedRun,
  Order,
  OrderLine,
  Owner,
  Tag,
  WebhookEndpoint,
  WebhookReplay,
];
