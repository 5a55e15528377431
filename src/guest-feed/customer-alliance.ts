import { version } from '../version.js';
import type { FeedAccount, GuestFeedChannel, SentStay, Verdict } from './channel.js';

/**
 * The names of the values in the request's JSON, in the order in which they are sent. No public page gives them for the
 * account of a hotel system: where an account has other ones, this table is all there is to edit.
 */
export const jsonNames = {
  hotelId: 'hotel_id',
  number: 'reservation_number',
  lastName: 'name',
  firstName: 'first_name',
  email: 'email',
  gender: 'gender',
  language: 'language',
  status: 'status',
  arrival: 'arrival',
  departure: 'departure',
} as const;

/** Customer Alliance (C1–C9): one stay per request, the access key in a header (A31–A33, A35, A38). */
export const customerAlliance: GuestFeedChannel = {
  description: 'Customer Alliance, as Soferu feeds it (C1–C9).',
  compose: (account, stay) => ({
    url: account.baseUrl,
    method: 'POST',
    headers: {
      'user-agent': `stamdata/${version}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'X-CA-AUTH': account.accessKey, // never in the URL, where logs would keep it
    },
    body: bodyOf(account, stay, jsonNames),
  }),
  verdictOf: (status) => {
    if (status === null) return 'RETRY';
    // the service has taken the stay as soon as it says so, whatever becomes of the rest of its answer
    if (status >= 200 && status <= 299) return 'ACCEPTED';
    return verdicts[status] ?? 'RETRY';
  },
  meaningOf: (status) => meanings[status] ?? null,
};

/** The JSON of one stay under the names given. */
export function bodyOf(account: FeedAccount, stay: SentStay, names: Record<keyof typeof jsonNames, string>): string {
  const values: Record<keyof typeof jsonNames, string> = {
    hotelId: account.hotelId,
    number: stay.number,
    lastName: stay.lastName ?? '',
    firstName: stay.firstName ?? '',
    email: stay.email ?? '',
    gender: genders[stay.sex] ?? unknownGender,
    language: stay.language,
    status: stay.status,
    arrival: stay.arrival,
    departure: stay.departure,
  };
  const fields = Object.keys(jsonNames) as (keyof typeof jsonNames)[];
  return JSON.stringify(Object.fromEntries(fields.map((field) => [names[field], values[field]])));
}

/** By ISO/IEC 5218. Not known and not applicable are told alike; they hold no stay back (A33). */
const genders: Partial<Record<number, string>> = { 1: 'm', 2: 'f' };
const unknownGender = 'u';

const verdicts: Partial<Record<number, Verdict>> = { 400: 'REFUSED', 403: 'STOP', 404: 'STOP' };

const meanings: Partial<Record<number, string>> = {
  400: 'the data of the stay are not accepted',
  403: 'the access key is not accepted',
  404: 'the hotel id is not known there',
  503: 'the service is under maintenance',
};
