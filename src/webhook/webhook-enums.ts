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
