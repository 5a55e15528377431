import { Field, ID, ObjectType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from './user-error.js';

@ObjectType({ description: 'What was deleted, revoked or closed.' })
export class DeletePayload {
  @Field(() => ID, { nullable: true, description: 'The id that is gone; null with userErrors.' })
  deletedId!: string | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}
