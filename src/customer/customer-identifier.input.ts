import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'The pair that links a customer to an external system: both parts, always (T4, T9, A43).' })
export class ExternalReferenceInput {
  @Field(() => String, { description: 'Code or number of the system: "WOOCOMMERCE" or "6" (T5, A41).' })
  system!: string;

  @Field(() => String, { description: "The customer's identifier there: 1 to 255 characters." })
  identifier!: string;
}

@InputType({ description: 'Names one customer, in exactly one of these ways.' })
export class CustomerIdentifierInput {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true, description: 'The customer number, in either case (T10).' })
  code?: string;

  @Field(() => ExternalReferenceInput, { nullable: true })
  external?: ExternalReferenceInput;
}
