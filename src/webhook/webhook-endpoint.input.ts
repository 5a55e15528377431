import { Field, InputType, Int } from 'type-graphql';
import { EventReason } from '../event-reason.js';
import { deliveryModes, type DeliveryMode } from './webhook-enums.js';

@InputType({ description: 'A header sent with every request to the endpoint.' })
export class HeaderInput {
  @Field(() => String, {
    description: 'Not host, content-*, webhook-*, x-forwarded-* and what else belongs to the hub.',
  })
  name!: string;

  @Field(() => String, { description: 'Up to 4,096 bytes of visible ASCII, spaces and tabs. Never shown again.' })
  value!: string;
}

@InputType({
  description:
    'Settings of a webhook endpoint. When updating, what is left out stays as it is and null restores the default.',
})
export class WebhookEndpointInput {
  @Field(() => String, { description: 'https, port 443 or 8443, a public address, unless the operator allows more.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'POST (the default), PUT, or GET, which sends no body.' })
  method?: string | null;

  @Field(() => String, { nullable: true, description: 'application/json, the default.' })
  contentType?: string | null;

  @Field(() => [HeaderInput], { nullable: true, description: 'Up to 10. Default: none.' })
  headers?: HeaderInput[] | null;

  @Field(() => [EventReason], { nullable: true, description: 'Only events with one of these. Default: all.' })
  reasons?: EventReason[] | null;

  @Field(() => deliveryModes, { nullable: true, description: 'Default: EVERY.' })
  mode?: DeliveryMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Default: true. True also switches on again what the hub disabled; it goes on where it stopped.',
  })
  active?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Requests under way at once, 1 to 64. Default: 8.' })
  maxInFlight?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests per second, 1 to 10,000. Default: 50.' })
  ratePerSecond?: number | null;
}
