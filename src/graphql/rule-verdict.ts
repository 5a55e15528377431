import { Field, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'One rule that decides whether something is sent, as it stands now.',
  simpleResolvers: true,
})
export class RuleVerdict {
  @Field(() => String, { description: 'Its name.' })
  rule!: string;

  @Field(() => String, { description: 'What is so, for people.' })
  value!: string;

  @Field(() => Boolean, { description: 'Whether it lets the thing be sent.' })
  holds!: boolean;
}
