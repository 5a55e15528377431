import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { TestOwner } from '../hub.js';
import { makeCustomers, makeEndpoint, operatorDesk } from '../webhook/operator-desk.js';
import type { Received } from '../webhook/receiver.js';

const long = process.env.STAMDATA_FAULT_SECONDS !== undefined;
const size = long ? { customers: 250, rounds: 40 } : { customers: 30, rounds: 8 };
const patienceMs = long ? 300_000 : 60_000;

const desk = operatorDesk();

test(
  'D 20, B.8: secrets are rotated while thousands of deliveries are under way: each is signed as promised, none unsigned',
  { timeout: patienceMs },
  async () => {
    const owner = await desk.owner();
    const receiver = await desk.receiver((_request, res) => void setTimeout(() => res.writeHead(204).end(), 1));
    const endpoint = await makeEndpoint(owner, receiver);
    const customers = await makeCustomers(
      owner,
      Array.from({ length: size.customers }, (_, i) => `C${i}`),
    );
    desk.dispatcher();
    /** Secrets in the order in which they were made, and how many requests had arrived when each was told. */
    const secrets = [{ secret: endpoint.secret, toldAt: 0 }];
    const total = size.customers * (size.rounds + 1);
    const changing = changeAll(owner, customers, size.rounds);
    for (const share of [0.3, 0.6]) {
      await receiver.until((requests) => requests.length >= share * total);
      const secret = await rotate(owner, endpoint.id);
      secrets.push({ secret, toldAt: receiver.requests.length });
    }
    await changing;
    await receiver.until((requests) => requests.length >= total);
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-id'])).size).toBe(total);

    // For its 24 hours each old secret verifies every request, before its rotation and after it.
    for (const request of receiver.requests) expect(verifies(request, secrets[0]!.secret)).toBe(true);
    const [, second, third] = secrets.map(({ secret }) => verifiedBy(receiver.requests, secret));
    // A new one verifies from soon after it was told on, and then for good; it is no use for what was signed before.
    for (const [i, signed] of [second!, third!].entries()) {
      const first = signed.indexOf(true);
      expect(first).toBeGreaterThan(0.2 * total * (i + 1));
      expect(signed.slice(first + overtaking).every(Boolean)).toBe(true);
      expect(signed.at(-1)).toBe(true);
    }
    const counts = new Set(receiver.requests.map(signaturesOf).map((signatures) => signatures.length));
    expect(counts).toEqual(new Set([1, 2, 3]));
    expect(signaturesOf(receiver.requests.at(-1)!)).toHaveLength(3);

    // A day later: the time of the secrets passes in the database, whose clock decides.
    await desk.hub.clone.sql(
      `UPDATE webhook_secret SET expires_at = expires_at - interval '24 hours' WHERE endpoint_id = $1 AND expires_at IS NOT NULL`,
      [endpoint.id],
    );
    const before = receiver.requests.length;
    await changeAll(owner, customers, 1);
    await receiver.until((requests) => requests.length >= before + size.customers);
    for (const request of receiver.requests.slice(before)) {
      expect(secrets.map(({ secret }) => verifies(request, secret))).toEqual([false, false, true]);
      expect(signaturesOf(request)).toHaveLength(1);
    }
  },
);

/** Requests that were signed before another one arrive after it: as many as may be under way. */
const overtaking = 16;

/** One event of each customer in every round. */
async function changeAll(owner: TestOwner, customers: readonly string[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const { createTag } = await owner.gql<{ createTag: { tag: { id: string } } }>(
      'mutation ($name: String!) { createTag(name: $name) { tag { id } } }',
      { name: `Round ${++made}` },
    );
    await owner.gql(
      'mutation ($tag: ID!, $ids: [ID!]!) { tagCustomers(tagId: $tag, customerIds: $ids) { customerIds } }',
      { tag: createTag.tag.id, ids: customers },
    );
  }
}
let made = 0;

async function rotate(owner: TestOwner, id: string): Promise<string> {
  const { rotated } = await owner.gql<{ rotated: { secret: string } }>(
    'mutation ($id: ID!) { rotated: rotateWebhookSecret(id: $id) { secret } }',
    { id },
  );
  return rotated.secret;
}

const signaturesOf = ({ headers }: Received): string[] => String(headers['webhook-signature']).split(' ');

const verifiedBy = (requests: readonly Received[], secret: string): boolean[] =>
  requests.map((request) => verifies(request, secret));

/** As a consumer would, with the library of Standard Webhooks. */
function verifies({ body, headers }: Received, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
