import { Field, ID, ObjectType } from 'type-graphql';
import { CustomerSnapshot } from '../snapshot/customer-snapshot.type.js';
import type { ShownSnapshot } from '../snapshot/snapshots-shown.js';
import type { WouldSend } from '../webhook/would-send.js';

@ObjectType({ description: 'A request that a change would lead to. Nothing was sent.', simpleResolvers: true })
export class WebhookToSend implements WouldSend {
  @Field(() => ID)
  endpointId!: string;

  @Field(() => String)
  url!: string;

  @Field(() => String, { description: '`customer.created`, `customer.updated` …: the header webhook-event.' })
  event!: string;

  @Field(() => String, { description: 'As the header would tell it.' })
  contentType!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The body or, with GET, the query; null: the template cannot be filled in with this customer.',
  })
  body!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it cannot.' })
  fault!: string | null;
}

@ObjectType({
  description: 'What a row would lead to: of rows about one customer, all of them together.',
  simpleResolvers: true,
})
export class RowPreview {
  @Field(() => CustomerSnapshot, { nullable: true, description: 'Null: the customer is excluded.' })
  snapshot!: ShownSnapshot | null;

  @Field(() => [WebhookToSend], { description: 'To each active endpoint whose filters let the event pass.' })
  webhooks!: WouldSend[];
}
