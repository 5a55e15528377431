import { Field, InputType, ObjectType } from 'type-graphql';

@InputType({
  description:
    'Conditions on the snapshot that is sent (B.6): all that are given must hold, at the moment of sending. They replace those that were there; null in place of all of them takes them away.',
})
export class WebhookConditionsInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether the snapshot has an e-mail address.' })
  hasEmail?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the snapshot has a mobile number.' })
  hasMobile?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the customer accepts marketing by e-mail (G28).' })
  acceptsMarketingEmail?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the customer accepts marketing by SMS (G29).' })
  acceptsMarketingSms?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Carries at least one of these tags: names in any case, 1 to 50, of tags that exist. A tag that is renamed is still meant; one that is deleted is carried by nobody.',
  })
  hasAnyTag?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Carries every one of these tags; as hasAnyTag.' })
  hasAllTags?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Carries none of these tags; as hasAnyTag.' })
  hasNoTag?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Has a reference in at least one of these external systems: codes in any case or numbers (A41), 1 to 50.',
  })
  fromAnySystem?: string[] | null;
}

@ObjectType({
  description: 'What must hold of a snapshot for an endpoint to be sent it; null in a field: it does not matter.',
  simpleResolvers: true,
})
export class WebhookConditions {
  @Field(() => Boolean, { nullable: true })
  hasEmail!: boolean | null;

  @Field(() => Boolean, { nullable: true })
  hasMobile!: boolean | null;

  @Field(() => Boolean, { nullable: true })
  acceptsMarketingEmail!: boolean | null;

  @Field(() => Boolean, { nullable: true })
  acceptsMarketingSms!: boolean | null;

  @Field(() => [String], { nullable: true, description: 'Names as they are now; a deleted one is told by its id.' })
  hasAnyTag!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names as they are now; a deleted one is told by its id.' })
  hasAllTags!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names as they are now; a deleted one is told by its id.' })
  hasNoTag!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Codes of external systems.' })
  fromAnySystem!: string[] | null;
}
