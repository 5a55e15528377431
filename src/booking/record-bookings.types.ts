import { Field, ID, ObjectType } from 'type-graphql';
import { RecordPayload, RecordResult } from '../bulk/record.types.js';

@ObjectType({ description: 'What became of one booking; as many as were sent, in their order.', simpleResolvers: true })
export class RecordBookingResult extends RecordResult {
  @Field(() => ID, {
    nullable: true,
    description: 'Null for rejected rows, and in a dry run for those it would create.',
  })
  bookingId!: string | null;
}

@ObjectType({ description: 'What became of the bookings of a call.', simpleResolvers: true })
export class RecordBookingsPayload extends RecordPayload {
  @Field(() => [RecordBookingResult])
  results!: RecordBookingResult[];
}
