import { describe, expect, test } from 'vitest';
import { channels } from '../../src/guest-feed/channels.js';
import type { FeedAccount, GuestFeedChannel, SentStay } from '../../src/guest-feed/channel.js';
import { bodyOf, jsonNames } from '../../src/guest-feed/customer-alliance.js';

const account: FeedAccount = { baseUrl: 'https://reviews.example.org/push?v=2', hotelId: 'H 1', accessKey: 'the-key' };
const stay: SentStay = {
  ...{ number: 'N-1', lastName: 'Jensen', firstName: 'Anna', email: 'anna@example.dk', sex: 2, language: 'da' },
  ...{ status: 'CHECKED_OUT', arrival: '2026-05-01', departure: '2026-05-03' },
};

describe.each(Object.entries<GuestFeedChannel>(channels))('architecture 5.6: the channel %s', (_kind, channel) => {
  test('is described', () => {
    expect(channel.description.length).toBeGreaterThan(10);
  });

  test('A31, C7: tells all that is to be told of a stay', () => {
    const { body, url } = channel.compose(account, stay);
    for (const text of ['N-1', 'Jensen', 'Anna', 'anna@example.dk', 'da', '2026-05-01', '2026-05-03', 'H 1'])
      expect(`${url}${body}`).toContain(text);
  });

  test('keeps the key out of the URL and the body, and the URL as it was given', () => {
    const { url, body, headers } = channel.compose(account, stay);
    expect(url).toBe(account.baseUrl);
    expect(`${url}${body}`).not.toContain(account.accessKey);
    expect(Object.values(headers)).toContain(account.accessKey);
  });

  test('A35: the same stay gives the same bytes, and each change of what is told gives other ones', () => {
    const bodies = [
      ...[stay, { ...stay, lastName: 'Hansen' }, { ...stay, firstName: null }, { ...stay, email: 'b@example.dk' }],
      ...[
        { ...stay, sex: 1 },
        { ...stay, language: 'de' },
        { ...stay, arrival: '2026-05-02' },
      ],
      ...[
        { ...stay, departure: '2026-05-04' },
        { ...stay, number: 'N-2' },
      ],
    ].map((one) => channel.compose(account, one).body);
    expect(channel.compose(account, { ...stay }).body).toBe(bodies[0]);
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  test('A33: any sex can be told, and a stay of which nothing is known still composes', () => {
    for (const sex of [0, 1, 2, 9]) expect(channel.compose(account, { ...stay, sex }).body).toBeTruthy();
    expect(channel.compose(account, { ...stay, lastName: null, firstName: null, email: null }).body).not.toMatch(
      /null|undefined/,
    );
  });

  test('A35: every status has a verdict; no answer, trouble and redirects are never a success, nor stop the feed', () => {
    for (let status = 100; status <= 599; status++)
      expect(['ACCEPTED', 'REFUSED', 'RETRY', 'STOP']).toContain(channel.verdictOf(status));
    expect(channel.verdictOf(200)).toBe('ACCEPTED');
    for (const status of [null, 301, 302, 307, 408, 429, 500, 502, 503, 504])
      expect(channel.verdictOf(status), String(status)).toBe('RETRY');
  });
});

describe('Customer Alliance', () => {
  test('A35: the verdicts of its documented answers', () => {
    const verdicts = [200, 400, 403, 404, 503, 500, 401].map((status) => channels.CUSTOMER_ALLIANCE.verdictOf(status));
    expect(verdicts).toEqual(['ACCEPTED', 'REFUSED', 'STOP', 'STOP', 'RETRY', 'RETRY', 'RETRY']);
  });

  test('api 5: the names stand in one table: another name is one edit', () => {
    expect(JSON.parse(bodyOf(account, stay, { ...jsonNames, lastName: 'surname' }))).toEqual({
      ...{
        hotel_id: 'H 1',
        reservation_number: 'N-1',
        surname: 'Jensen',
        first_name: 'Anna',
        email: 'anna@example.dk',
      },
      ...{ gender: 'f', language: 'da', status: 'CHECKED_OUT', arrival: '2026-05-01', departure: '2026-05-03' },
    });
    expect(Object.keys(JSON.parse(channels.CUSTOMER_ALLIANCE.compose(account, stay).body!) as object)).toEqual(
      Object.values(jsonNames),
    );
  });
});
