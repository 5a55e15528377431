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
