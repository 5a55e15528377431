import { Field, InputType } from 'type-graphql';
import { customerCriteria, type Criterion } from './customer-criteria.js';

@InputType({
  description:
    'Criteria, all of which must hold (A46); an empty object holds for every customer. A criterion on a field without a value does not hold, so `not` of it does. `and`, `or`, `not` nest up to 5 deep, and there are up to 50 criteria in all. null is no criterion and is refused: ask `isNull`.',
})
export class CustomerWhereInput {
  @Field(() => [CustomerWhereInput], { nullable: true, description: 'All of these hold.' })
  and?: CustomerWhereInput[] | null;

  @Field(() => [CustomerWhereInput], { nullable: true, description: 'One of these holds; none given: never.' })
  or?: CustomerWhereInput[] | null;

  @Field(() => CustomerWhereInput, { nullable: true, description: 'This does not hold.' })
  not?: CustomerWhereInput | null;
}

for (const [name, { type, description }] of Object.entries(customerCriteria) as [string, Criterion<never>][])
  Field(type, { nullable: true, ...(description && { description }) })(CustomerWhereInput.prototype, name);
