/**
 * The computed picture of customers as one SELECT: (id, version, excluded, body, clock_due_at, at) for the customers
 * $2 (bigint[]) of owner $1 at $3 (timestamptz; null: now by PostgreSQL's clock). A pure function of rows and time.
 *
 * - names: given parts win; else the first and the last word of the full name (A2)
 * - totals: POS documents, and online orders that are paid and not cancelled (G16–G18, A7), signed (A8), in the
 *   owner's currency by each order's exchange rate (A60)
 * - ordersLastDate: the latest paid, not cancelled online order (G19, A7)
 * - lastBooking: the most recent live booking on a local day before today (A3); nextBooking: the earliest live one that
 *   has not started (A5); one begun earlier today is neither (A6); cancelled and deleted ones do not count (A59)
 * - "today" is the owner's local day (A62)
 * - clock_due_at: the earliest moment at which the body changes by itself: the next booking's start, or the local
 *   midnight that makes a booking of today the last one. Null for excluded customers, whose snapshot is shown to nobody.
 * - tags: ids of the tags that are set; completed with the owner's other tags when read or sent (G32)
 */
export const snapshotSelect = /* sql */ `
SELECT c.id, c.version, c.excluded, day.at,
  jsonb_build_object(
    'customerId', c.id::text, 'code', c.code, 'version', c.version, 'computedAt', to_json(day.at),
    'name', c.name,
    'firstName', coalesce(c.first_name, (regexp_match(c.name, '^\\s*(\\S+)'))[1], ''),
    'lastName', coalesce(c.last_name, (regexp_match(c.name, '(\\S+)\\s*$'))[1], ''),
    'sex', c.sex,
    'birthDate', CASE WHEN num_nonnulls(c.birth_year, c.birth_month, c.birth_day) > 0
      THEN jsonb_build_object('year', c.birth_year, 'month', c.birth_month, 'day', c.birth_day) END,
    'email', c.email, 'mobile', c.mobile, 'postalCode', c.postal_code,
    'ordersTotalCount', totals.count,
    'ordersTotalValue', totals.value::text, 'ordersTotalValueExVat', totals.value_ex_vat::text, 'currency', day.currency,
    'ordersLastDate', (last_order.ordered_at AT TIME ZONE day.time_zone)::date,
    'lastBooking', last_booking.body, 'nextBooking', next_booking.body,
    'acceptsMarketingEmail', coalesce(email_consent.accepted, false),
    'acceptsMarketingSms', coalesce(sms_consent.accepted, false),
    'tags', coalesce(tags.ids, '[]')
  ) AS body,
  CASE WHEN NOT c.excluded THEN least(next_booking.starts_at, CASE WHEN begun_today.found THEN day.ends_at END) END AS clock_due_at
FROM customer c
CROSS JOIN LATERAL (
  SELECT o.time_zone, o.currency, t.at, ${beginOf('today.date')} AS begins_at, ${beginOf('today.date + 1')} AS ends_at
  FROM owner o, (SELECT coalesce($3::timestamptz, statement_timestamp()) AS at) t,
    LATERAL (SELECT (t.at AT TIME ZONE o.time_zone)::date AS date) today
  WHERE o.id = c.owner_id
) day
CROSS JOIN LATERAL (
  SELECT count(*)::int AS count,
    coalesce(sum(round(total_value * exchange_rate, 2)), 0)::numeric(30, 2) AS value,
    coalesce(sum(round(total_value_ex_vat * exchange_rate, 2)), 0)::numeric(30, 2) AS value_ex_vat
  FROM customer_order WHERE owner_id = c.owner_id AND customer_id = c.id AND counted
) totals
LEFT JOIN LATERAL (
  SELECT ordered_at FROM customer_order
  WHERE owner_id = c.owner_id AND customer_id = c.id AND counted AND channel = 'ONLINE' ORDER BY ordered_at DESC LIMIT 1
) last_order ON true
LEFT JOIN LATERAL (
  SELECT jsonb_build_object('bookingId', id::text, 'date', (starts_at AT TIME ZONE day.time_zone)::date,
    'startsAt', to_json(starts_at), 'service', service) AS body
  FROM booking
  WHERE owner_id = c.owner_id AND customer_id = c.id AND deleted_at IS NULL AND status <> 'CANCELLED' AND starts_at < day.begins_at
  ORDER BY starts_at DESC, id DESC LIMIT 1
) last_booking ON true
LEFT JOIN LATERAL (
  SELECT starts_at, jsonb_build_object('bookingId', id::text, 'date', (starts_at AT TIME ZONE day.time_zone)::date,
    'startsAt', to_json(starts_at), 'service', service) AS body
  FROM booking
  WHERE owner_id = c.owner_id AND customer_id = c.id AND deleted_at IS NULL AND status <> 'CANCELLED' AND starts_at > day.at
  ORDER BY starts_at, id LIMIT 1
) next_booking ON true
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT FROM booking
    WHERE owner_id = c.owner_id AND customer_id = c.id AND deleted_at IS NULL AND status <> 'CANCELLED'
      AND starts_at >= day.begins_at AND starts_at <= day.at) AS found
) begun_today
LEFT JOIN LATERAL (
  SELECT accepted FROM consent WHERE owner_id = c.owner_id AND customer_id = c.id AND channel = 'EMAIL'
  ORDER BY occurred_at DESC, accepted, id DESC LIMIT 1
) email_consent ON true
LEFT JOIN LATERAL (
  SELECT accepted FROM consent WHERE owner_id = c.owner_id AND customer_id = c.id AND channel = 'SMS'
  ORDER BY occurred_at DESC, accepted, id DESC LIMIT 1
) sms_consent ON true
CROSS JOIN LATERAL (
  SELECT jsonb_agg(tag_id::text ORDER BY tag_id) AS ids FROM customer_tag WHERE owner_id = c.owner_id AND customer_id = c.id
) tags
WHERE c.owner_id = $1 AND c.id = ANY ($2::bigint[])`;

/**
 * The moment at which a local day begins. Where summer time ends at midnight (Azores, Cuba) that midnight comes twice
 * and PostgreSQL takes the second; the day began with the first.
 */
function beginOf(day: string): string {
  return /* sql */ `(
    SELECT CASE WHEN ((later.at - interval '1 hour') AT TIME ZONE o.time_zone)::date = ${day}
      THEN later.at - interval '1 hour' ELSE later.at END
    FROM (SELECT (${day})::timestamp AT TIME ZONE o.time_zone AS at) later)`;
}
