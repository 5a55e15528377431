import { sealedPasswords } from './customer/sealed-password.js';
import { sealedFeedSecrets } from './guest-feed/feed-secrets.js';
import type { SealedColumn } from './sealed-column.js';
import { sealedWebhookSecrets } from './webhook/sealed-secret.js';

/** All that the hub's secret seals, but for its own settings. */
export const sealedColumns: readonly SealedColumn[] = [sealedWebhookSecrets, sealedFeedSecrets, sealedPasswords];
