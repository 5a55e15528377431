/** Why callers are refused before their request is looked at: the label of the metric, never told to the caller. */
export const refusedReasons = [
  'missing',
  'malformed',
  'unknown',
  'wrong_secret',
  'revoked',
  'expired',
  'foreign_owner',
  'token_invalid',
  'token_expired',
  'token_not_yet_valid',
  'token_claims',
  'token_no_owner',
  'issuer_silent',
] as const;
export type RefusedReason = (typeof refusedReasons)[number];

/** How many callers this process has refused since it started, by reason: for the metrics, which add the processes up. */
export type RefusedCalls = Record<RefusedReason, number>;

export const noRefusedCalls = (): RefusedCalls =>
  Object.fromEntries(refusedReasons.map((reason) => [reason, 0])) as RefusedCalls;
