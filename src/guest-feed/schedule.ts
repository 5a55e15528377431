import { Cron } from 'croner';

export const defaultSchedule = '0 3 * * *';

/**
 * When a cron expression of five fields comes next after a moment, in an IANA time zone (C4). A time that the change to
 * summer time skips comes at the first moment after it; one that the change back repeats comes once.
 * @throws for an expression that `scheduleProblem` refuses
 */
export function nextRunAfter(schedule: string, timeZone: string, after: Date): Date {
  const next = cronOf(schedule, timeZone).nextRun(after);
  if (!next) throw new Error(`the schedule ${schedule} never comes`);
  return next;
}

/** What is wrong with a cron expression, in words, or null. */
export function scheduleProblem(schedule: string, after: Date): string | null {
  if (!fiveFields.test(schedule)) return 'five fields: minute, hour, day of month, month, day of week';
  try {
    return cronOf(schedule, 'UTC').nextRun(after) ? null : 'never comes';
  } catch {
    return 'five fields: minute, hour, day of month, month, day of week';
  }
}

/** No seconds, no nicknames; and no `?`, which stands for the moment at which the expression is read. */
const fiveFields = /^[^\s?@]+( [^\s?@]+){4}$/;

const cronOf = (schedule: string, timezone: string): Cron => new Cron(schedule, { timezone, mode: '5-part' });
