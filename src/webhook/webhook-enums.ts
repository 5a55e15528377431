import { registerEnumType } from 'type-graphql';

/** How the changes of one customer become requests. */
export const deliveryModes = { EVERY: 'EVERY', LATEST: 'LATEST' } as const;
export type DeliveryMode = keyof typeof deliveryModes;

registerEnumType(deliveryModes, {
  name: 'DeliveryMode',
  description: 'How the changes of one customer become requests; the body is the newest snapshot in either mode.',
  valuesConfig: {
    EVERY: { description: 'One request for each event, in order.' },
    LATEST: { description: 'Events that pile up for a customer become one request, told as the newest of them.' },
  },
});

/** What follows when all attempts to deliver to an endpoint are used up. */
export const deadPolicies = { SKIP: 'SKIP', BLOCK: 'BLOCK' } as const;
export type DeadPolicy = keyof typeof deadPolicies;

registerEnumType(deadPolicies, {
  name: 'DeadPolicy',
  description: 'What follows for a customer when all 10 attempts to deliver an event of it have failed (B.7).',
  valuesConfig: {
    SKIP: { description: 'The event is given up; the next change of the customer is sent again.' },
    BLOCK: {
      description:
        'Later events of the customer wait in order, until a person skips the dead one or has it replayed. Other customers go on.',
    },
  },
});

/** Whether an endpoint is served. */
export const endpointStates = { ACTIVE: 'ACTIVE', PAUSED: 'PAUSED', DISABLED: 'DISABLED' } as const;
export type EndpointState = keyof typeof endpointStates;

registerEnumType(endpointStates, {
  name: 'WebhookEndpointState',
  description: 'Whether an endpoint is served.',
  valuesConfig: {
    ACTIVE: { description: 'It gets what happens.' },
    PAUSED: { description: 'Switched off; when it is switched on again, it goes on where it stopped.' },
    DISABLED: { description: 'Switched off by the hub, for the reason in disabledReason.' },
  },
});
