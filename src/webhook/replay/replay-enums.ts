import { registerEnumType } from 'type-graphql';

/** What a replay sends. */
export const replayKinds = { EVENTS: 'EVENTS', DEAD: 'DEAD', CURRENT_STATE: 'CURRENT_STATE' } as const;
export type ReplayKind = keyof typeof replayKinds;

registerEnumType(replayKinds, {
  name: 'ReplayKind',
  description: 'What a replay sends.',
  valuesConfig: {
    EVENTS: { description: 'Events of the feed once more: of a time range, of a customer, or both.' },
    DEAD: { description: 'Deliveries that ran out of attempts: each customer from its dead event on.' },
    CURRENT_STATE: { description: 'The present state of each customer, once (webhook-event: customer.snapshot).' },
  },
});

/** How far a replay has got. */
export const replayStates = { RUNNING: 'RUNNING', DONE: 'DONE', CANCELLED: 'CANCELLED' } as const;
export type ReplayState = keyof typeof replayStates;

registerEnumType(replayStates, {
  name: 'ReplayState',
  description: 'How far a replay has got.',
  valuesConfig: {
    RUNNING: { description: 'Being sent, or waiting for the reason in waitingFor.' },
    DONE: { description: 'Everything was sent, left out, or handed to the normal retries.' },
    CANCELLED: { description: 'Ended by cancelReplay; what had been sent stays sent.' },
  },
});
