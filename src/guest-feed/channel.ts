import type { Outgoing } from '../webhook/outgoing.js';
import type { GuestStay } from './guest-stay.js';

/** Where a feed sends to, and as whom (C2). */
export interface FeedAccount {
  baseUrl: string;
  hotelId: string;
  accessKey: string;
}

/** Of a stay, what services are told (C7, A31). */
export type SentStay = Pick<
  GuestStay,
  'number' | 'lastName' | 'firstName' | 'email' | 'sex' | 'language' | 'status' | 'arrival' | 'departure'
>;

/**
 * What an answer means (A35). ACCEPTED: the stay has arrived. REFUSED: its data are not accepted, so it is tried again
 * only when they change. RETRY: not this time. STOP: the account is not accepted, so no stay can be sent.
 */
export type Verdict = 'ACCEPTED' | 'REFUSED' | 'RETRY' | 'STOP';

/**
 * A guest-feedback service: how a stay is told to it, and how its answers are read. A new one is a file beside
 * `customer-alliance.ts`, a line in `channels.ts`, and passes the contract suite in the tests.
 */
export interface GuestFeedChannel {
  /** For people: what the service is. */
  description: string;
  /** The request for one stay. A pure function: the same stay gives the same bytes. The key is never in the URL. */
  compose(account: FeedAccount, stay: SentStay): Outgoing;
  /** By HTTP status; null: no answer came. */
  verdictOf(status: number | null): Verdict;
  /** What a failing status means, in words that end `answered 400: …`; null: nothing particular is known. */
  meaningOf(status: number): string | null;
}
