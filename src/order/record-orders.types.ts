import { Field, ID, ObjectType } from 'type-graphql';
import { RecordPayload, RecordResult } from '../bulk/record.types.js';

@ObjectType({ description: 'What became of one order; as many as were sent, in their order.', simpleResolvers: true })
export class RecordOrderResult extends RecordResult {
  @Field(() => ID, {
    nullable: true,
    description: 'Null for rejected rows, and in a dry run for those it would create.',
  })
  orderId!: string | null;
}

@ObjectType({ description: 'What became of the orders of a call.', simpleResolvers: true })
export class RecordOrdersPayload extends RecordPayload {
  @Field(() => [RecordOrderResult])
  results!: RecordOrderResult[];
}
