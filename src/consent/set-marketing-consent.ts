import { Rejected, problem } from '../errors.js';
import { isCleanText } from '../format/text.js';
import type { Write } from '../write.js';
import type { ConsentInput } from './consent.input.js';
import { recordConsents } from './consents.js';

/** How far a source's clock may run ahead of the hub's. */
const toleranceMs = 5 * 60_000;

/**
 * Records one statement of a customer that is locked, so that of the same one twice at once the second sees the first (T2).
 * @throws Rejected TOO_LONG, INVALID, OUT_OF_RANGE for a time in the future
 */
export async function setMarketingConsent(
  tx: Write,
  customerId: string,
  input: ConsentInput,
  defaultSource: string,
): Promise<void> {
  const source = input.source?.trim() || defaultSource;
  const evidence = input.evidence?.trim() || null;
  const occurredAt = input.occurredAt ?? null;
  const problems = [...checkText('source', source, 255), ...checkText('evidence', evidence, 1_000)];
  if (occurredAt && occurredAt.getTime() > (tx.at?.getTime() ?? Date.now()) + toleranceMs)
    problems.push(problem('OUT_OF_RANGE', 'occurredAt', 'invalid occurredAt (in the future)'));
  if (problems.length > 0) throw new Rejected(problems);
  await recordConsents(tx, [
    { customerId, channel: input.channel, accepted: input.accepted, source, evidence, occurredAt },
  ]);
}

function checkText(field: string, text: string | null, limit: number) {
  if (text === null) return [];
  if ([...text].length > limit) return [problem('TOO_LONG', field, `invalid ${field} (at most ${limit} characters)`)];
  return !isCleanText(text) ? [problem('INVALID', field, `invalid ${field} (not a text)`)] : [];
}
