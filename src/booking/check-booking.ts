import { text, textAs } from '../bulk/field-checks.js';
import { checkMoment, optional, required } from '../bulk/record-checks.js';
import type { RowToRecord } from '../bulk/record-rows.js';
import { problem, type Problem } from '../errors.js';
import { canonicalLanguage } from '../format/language.js';
import { storableEcho } from '../format/text.js';
import { BookingStatus } from './booking.entity.js';
import type { BookingInput } from './booking.input.js';
import type { BookingRow } from './booking-row.js';

/** Judges one booking by itself (A30, A26); all its problems are told at once. */
export function checkBooking(input: BookingInput): RowToRecord<BookingRow> {
  const problems: Problem[] = [];
  const number = required('number', input.number, numberCheck, problems);
  const service = required('service', input.service, serviceCheck, problems);
  checkTimes(input, problems);
  const language = optional('language', input.language, languageCheck, problems);
  const answer = { customer: input.customer, number: number ?? storableEcho(input.number), problems };
  if (number === null || service === null || problems.length > 0) return { ...answer, row: null };
  const row: BookingRow = {
    number,
    service,
    startsAt: input.startsAt,
    endsAt: input.endsAt,
    status: input.status ?? BookingStatus.BOOKED,
    ...(input.language !== undefined ? { language } : {}),
    ...(input.notify != null ? { notify: input.notify } : {}),
    ...(input.checkedOutAt ? { checkedOutAt: input.checkedOutAt } : {}),
  };
  return { ...answer, row };
}

const numberCheck = text(64);
const serviceCheck = text(200);
const languageCheck = textAs(2, canonicalLanguage);

function checkTimes({ startsAt, endsAt, checkedOutAt }: BookingInput, problems: Problem[]): void {
  const before = problems.length;
  checkMoment('startsAt', startsAt, problems);
  checkMoment('endsAt', endsAt, problems);
  if (problems.length === before && endsAt < startsAt)
    problems.push(problem('INVALID', 'endsAt', 'invalid endsAt (before startsAt)'));
  if (checkedOutAt) checkMoment('checkedOutAt', checkedOutAt, problems);
}
