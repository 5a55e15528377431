import { Field, InputType, ObjectType } from 'type-graphql';
import { Loose } from '../graphql/scalars.js';
import { BulkCustomersInput, BulkCustomersPayload } from './bulk-call.types.js';
import { CustomerRowInput, ExternalReferenceRowInput } from './customer-row.input.js';

@InputType({ description: 'Names the customer of a row, in exactly one of these ways.' })
export class CustomerRowIdentifierInput {
  @Field(() => Loose, { nullable: true })
  id?: unknown;

  @Field(() => Loose, { nullable: true, description: 'The customer number, in either case (T10).' })
  code?: unknown;

  @Field(() => ExternalReferenceRowInput, { nullable: true })
  external?: ExternalReferenceRowInput | null;
}

@InputType({
  description: 'Changes of one customer. Every value is judged by itself; what is wrong is told in errors.',
})
export class CustomerUpdateRowInput {
  @Field(() => CustomerRowIdentifierInput, { nullable: true, description: 'Whose changes these are. Compulsory.' })
  by?: CustomerRowIdentifierInput | null;

  @Field(() => Loose, {
    nullable: true,
    description: 'The version these changes are based on: with another one the row is VERSION_CONFLICT.',
  })
  expectedVersion?: unknown;

  @Field(() => CustomerRowInput, {
    nullable: true,
    description:
      'A field left out stays, null clears it; code and name cannot be cleared. Tags, logins and links to other systems are added to; externalReferences: null takes all links away.',
  })
  fields?: CustomerRowInput | null;
}

@InputType({ description: 'A bulk update: whose changes, and how to judge them (STANDARD rules).' })
export class BulkUpdateCustomersInput extends BulkCustomersInput {
  @Field(() => String, { description: 'The owner of the customers.' })
  ownerCode!: string;

  @Field(() => [CustomerUpdateRowInput], {
    description: '1 to 10,000 rows. Two about one customer do their work one after the other.',
  })
  rows!: CustomerUpdateRowInput[];
}

@ObjectType({ description: 'What became of the rows of a bulk update.', simpleResolvers: true })
export class BulkUpdateCustomersPayload extends BulkCustomersPayload {}
