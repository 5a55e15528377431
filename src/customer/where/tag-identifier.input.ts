import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'Names one tag, in exactly one of these ways.' })
export class TagIdentifierInput {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true, description: 'In any case.' })
  name?: string;
}
