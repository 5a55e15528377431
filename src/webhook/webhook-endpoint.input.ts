import { Field, InputType, Int } from 'type-graphql';
import { EventReason } from '../event-reason.js';
import { WebhookConditionsInput } from './webhook-conditions.type.js';
import { deadPolicies, deliveryModes, type DeadPolicy, type DeliveryMode } from './webhook-enums.js';

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

  @Field(() => String, {
    nullable: true,
    description:
      'application/json, the default; with a template also application/x-www-form-urlencoded, text/plain, application/xml or text/xml. Values are escaped for it.',
  })
  contentType?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What is sent, up to 64 KiB: text with replacement codes such as [customerName] and [customerTag_Begin]…[lineBreak][customerTag_End], in any case (G2–G33, A1). With GET: the query of the URL, as name=value pairs joined by &. A template that cannot give well-formed text for every customer is refused with line and column. Customers that are excluded or erased are told of by the default body, never by the template. Default: none, the default JSON body is sent.',
  })
  template?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Money codes give 1234,50. Default: false, 1234.50 (A50).' })
  moneyDecimalComma?: boolean | null;

  @Field(() => [HeaderInput], { nullable: true, description: 'Up to 10. Default: none.' })
  headers?: HeaderInput[] | null;

  @Field(() => [EventReason], {
    nullable: true,
    description:
      'Only events with one of these. Default: all. An empty list is for an endpoint with operationalEvents: it gets nothing else.',
  })
  reasons?: EventReason[] | null;

  @Field(() => WebhookConditionsInput, {
    nullable: true,
    description:
      'Only customers whose snapshot meets these conditions, judged at the moment of sending on what is sent. A customer that the endpoint was sent and that no longer meets them, or is excluded or erased, is sent once more whatever the reason, with the header `webhook-filter: left` and in the default body `"filter": "left"`: so a receiver learns that a consent was withdrawn. After that nothing, until the customer meets them again. On an endpoint that had no conditions before, whoever was delivered in the last 14 days counts as sent. Default: none.',
  })
  conditions?: WebhookConditionsInput | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "Events with one of these origins are not sent: names of API keys as CustomerEvent.origin tells them, exactly; 1 to 50. With the name of the receiver's own key it is not sent back what it wrote itself. Default: none.",
  })
  exceptOrigins?: string[] | null;

  @Field(() => deliveryModes, { nullable: true, description: 'Default: EVERY.' })
  mode?: DeliveryMode | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Default: true. True also switches on again what the hub disabled; it goes on where it stopped. Where the feed does not reach back that far any more that is refused (INVALID): replayDeliveries with currentState tells the receiver the present state and switches it on.',
  })
  active?: boolean | null;

  @Field(() => deadPolicies, {
    nullable: true,
    description: 'Default: SKIP. From BLOCK to SKIP, what waits behind dead events is sent.',
  })
  onDead?: DeadPolicy | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'For endpoints with much to send: the customers are divided into this many parts, 1 to 16, which several processes serve side by side. The order per customer holds, also while the number changes. maxInFlight (which must not be less) and ratePerSecond stay limits of the endpoint and are divided evenly among the parts. Default: 1.',
  })
  shards?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is told of the other endpoints of the owner, never of itself: webhook.endpoint.failing (4 failed attempts of one event, a breaker that stays open, 24 hours without a success), .recovered, .disabled, .enabled (B.7). Once per change, signed and tried again as a delivery, in order for each endpoint; the header webhook-event and the field type name it, `data` has endpointId, host, reason, state, failingSince, parked, dead, lag and lastStatus, nothing of any customer. Always JSON, so not with GET; no template, filter or rate applies. Default: false.',
  })
  operationalEvents?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Requests under way at once, 1 to 64. Default: 8.' })
  maxInFlight?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests per second, 1 to 100,000. Default: 50.' })
  ratePerSecond?: number | null;
}
