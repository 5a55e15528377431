import { Field, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A date of which each part may be unknown (G10–G12, A48).', simpleResolvers: true })
export class PartialDate {
  @Field(() => Int, { nullable: true })
  year!: number | null;

  @Field(() => Int, { nullable: true })
  month!: number | null;

  @Field(() => Int, { nullable: true })
  day!: number | null;
}

@InputType({ description: 'A date of which each part may be left out or null for "not known".' })
export class PartialDateInput {
  @Field(() => Int, { nullable: true })
  year?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 12.' })
  month?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 31, and possible in that month.' })
  day?: number | null;
}
