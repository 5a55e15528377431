import type { Sql } from '../database/database.js';
import type { Secret } from '../secret.js';
import type { Conditions } from './conditions.js';
import type { Contents } from './content.js';
import type { Addressee } from './outgoing.js';
import { openSecrets, type SealedSecret } from './sealed-secret.js';
import { templateOf } from './template/check-template.js';

/** An endpoint as those see it who send to it: its settings, with the signing secrets opened. */
export interface ServedEndpoint extends Addressee, Contents {
  method: Addressee['method'];
  id: string;
  state: 'ACTIVE' | 'PAUSED' | 'DISABLED';
  /** Null: every reason. */
  reasons: string[] | null;
  conditions: Conditions | null;
  exceptOrigins: string[] | null;
  mode: 'EVERY' | 'LATEST';
  onDead: 'SKIP' | 'BLOCK';
  shards: number;
  /** Its shards are being made anew: they must be given back. */
  resharding: boolean;
  maxInFlight: number;
  ratePerSecond: number;
  /** The oldest position that the owner's feed still has. */
  minPos: bigint;
}

/** Loads an endpoint with its live secrets in one statement; null: there is none. */
export async function loadServedEndpoint(
  sql: Sql,
  secret: Secret,
  place: { ownerId: string; endpointId: string },
): Promise<ServedEndpoint | null> {
  const [row] = await sql.rows<Row>(
    `/* loadServedEndpoint */
     SELECT e.id, e.state, e.url, e.method, e.content_type AS "contentType", e.headers, e.reasons, e.mode,
       e.conditions, e.except_origins AS "exceptOrigins", e.on_dead AS "onDead", e.shards, e.resharding,
       e.template, e.money_decimal_comma AS "moneyDecimalComma",
       e.max_inflight AS "maxInFlight", e.rate_per_s AS "ratePerSecond", h.min_pos AS "minPos",
       (SELECT coalesce(jsonb_agg(jsonb_build_object('keyNo', s.key_no, 'sealed', encode(s.sealed, 'hex'))
          ORDER BY s.key_no DESC), '[]')
        FROM webhook_secret s
        WHERE s.owner_id = e.owner_id AND s.endpoint_id = e.id
          AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp())) AS sealed
     FROM webhook_endpoint e JOIN feed_head h ON h.owner_id = e.owner_id
     WHERE e.owner_id = $1 AND e.id = $2`,
    [place.ownerId, place.endpointId],
  );
  if (!row) return null;
  const { sealed, minPos, moneyDecimalComma, ...settings } = row;
  const { template, method, contentType } = row;
  return {
    ...settings,
    template: template === null ? null : templateOf({ template, method, contentType, moneyDecimalComma }),
    minPos: BigInt(minPos),
    secrets: openSecrets(secret, place, sealed),
  };
}

interface Row extends Omit<ServedEndpoint, 'secrets' | 'minPos' | 'template'> {
  template: string | null;
  moneyDecimalComma: boolean;
  minPos: string;
  sealed: SealedSecret[];
}
