import { registerEnumType } from 'type-graphql';
import type { GuestFeedChannel } from './channel.js';
import { customerAlliance } from './customer-alliance.js';

/** Every service that feeds can go to. A new one is a line here. */
export const channels = {
  CUSTOMER_ALLIANCE: customerAlliance,
} satisfies Record<string, GuestFeedChannel>;

export type GuestFeedKind = keyof typeof channels;

export const defaultKind: GuestFeedKind = 'CUSTOMER_ALLIANCE';

/** The enum of the schema, made of the list above. */
export const guestFeedKinds = Object.fromEntries(Object.keys(channels).map((kind) => [kind, kind])) as {
  [Kind in GuestFeedKind]: Kind;
};

registerEnumType(guestFeedKinds, {
  name: 'GuestFeedKind',
  description: 'The service that a guest feed sends to.',
  valuesConfig: Object.fromEntries(
    Object.entries<GuestFeedChannel>(channels).map(([kind, { description }]) => [kind, { description }]),
  ),
});
