import { Field, ObjectType } from 'type-graphql';
import type { Problem } from '../errors.js';
import { UserError } from '../graphql/user-error.js';
import { Customer } from './customer.entity.js';

@ObjectType({ description: 'The customer after the write; null with userErrors.' })
export class CustomerPayload {
  @Field(() => Customer, { nullable: true })
  customer!: Customer | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}
