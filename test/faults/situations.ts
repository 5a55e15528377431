import { eventually } from '../feed/events.js';
import { blockedIn, waitingIn } from './held-rows.js';
import type { knownFaults } from './known-faults.js';
import type { Stage } from './stage.js';

/** What brings a fault of the relay out, and how the checker then tells of it. A sound relay comes through unharmed. */
interface Situation {
  fault: keyof typeof knownFaults;
  told: RegExp;
  meet: (stage: Stage) => Promise<void>;
}

export const situations: Situation[] = [
  {
    fault: 'a cursor over outbox ids',
    told: /^customer \d+: version 2 is in the feed 0 times$/,
    meet: async ({ hub, owner, writer, relay, hold, outbox, settle }) => {
      const [late, early] = owner.customers;
      await relay();
      await settle();
      // It has drawn its outbox id when it comes to store the snapshot, and waits there with its commit.
      const snapshot = await hold('SELECT FROM customer_snapshot WHERE customer_id = $1 FOR UPDATE', [late]);
      const written = writer.rename(owner, late!);
      await blockedIn(hub.clone.sql, 'storeSnapshotAndSearch');
      await writer.rename(owner, early!);
      await eventually(async () => (await outbox()) === 0, 'what committed first is moved');
      await snapshot.release();
      await written;
    },
  },
  {
    fault: 'no polling, only notifications',
    told: /^1 events were never moved out of the outbox$/,
    meet: async ({ owner, writer, relay, settle }) => {
      await relay(); // nobody listens for it: each notification is lost
      await settle();
      await writer.rename(owner, owner.customers[0]!);
    },
  },
  {
    fault: 'no lock on the head of the feed',
    told: /^owner \d+: position \d+ stands where \d+ belongs$/,
    meet: async (stage) => {
      for (let round = 0; round < 3; round++) await twoRelaysMeet(stage);
    },
  },
  {
    fault: 'the order of transaction ids',
    told: /^customer \d+: version 2 comes after 3$/,
    meet: async ({ hub, owner, writer, relay, hold, settle }) => {
      const [first, second, third] = owner.customers;
      await relay();
      await settle();
      // The tagging has its transaction id from the first customer on, and comes to the third after the renaming did.
      const head = await hold('SELECT FROM feed_head FOR UPDATE');
      const customer = await hold('SELECT FROM customer WHERE id = $1 FOR NO KEY UPDATE', [second]);
      const tagged = writer.tag(owner, owner.tags[0]!, [first!, second!, third!]);
      await blockedIn(hub.clone.sql, 'lockCustomers');
      await writer.rename(owner, third!);
      await customer.release();
      await tagged;
      await head.release(); // now both are moved at once
    },
  },
];

/**
 * The first relay waits for a row that it wants to move; the second one, which began later, sees an event more. When both have
 * read the same last position, both give out the next one. They wait a second at most, so on a slow day it takes another round.
 */
async function twoRelaysMeet({ hub, owner, writer, relay, hold, settle }: Stage): Promise<void> {
  const [first, second] = owner.customers;
  await writer.rename(owner, first!);
  const row = await hold('SELECT FROM outbox FOR UPDATE');
  const one = await relay();
  await blockedIn(hub.clone.sql, 'moveOutbox');
  await writer.rename(owner, second!);
  const other = await relay();
  await eventually(
    async () => other.looks() > 0 || (await waitingIn(hub.clone.sql, 'moveOutbox')).length > 1,
    'the second relay waits as well, or has seen that the first one is at work',
  );
  await row.release();
  await settle();
  await one.stop();
  await other.stop();
}
