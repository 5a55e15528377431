import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { BulkCustomersInput, BulkCustomersPayload } from './bulk-call.types.js';
import { CustomerRowInput } from './customer-row.input.js';
import { OnExisting } from './row-outcome.types.js';

export enum ImportProfile {
  STANDARD = 'STANDARD',
  PARTNER = 'PARTNER',
}

registerEnumType(ImportProfile, {
  name: 'ImportProfile',
  description: 'Which fields of a row are compulsory, and how strict their formats are.',
  valuesConfig: {
    STANDARD: { description: 'code and name are compulsory; whatever else is given must be well formed.' },
    PARTNER: { description: 'The compulsory fields and formats of a Netstorming partner (N2–N38).' },
  },
});

@InputType({ description: 'A bulk insert: the rows, and how to judge them.' })
export class BulkInsertCustomersInput extends BulkCustomersInput {
  @Field(() => String, { description: 'The owner the customers will belong to.' })
  ownerCode!: string;

  @Field(() => ImportProfile, { nullable: true, defaultValue: ImportProfile.STANDARD })
  profile?: ImportProfile | null;

  @Field(() => OnExisting, { nullable: true, defaultValue: OnExisting.REJECT })
  onExisting?: OnExisting | null;

  @Field(() => [CustomerRowInput], { description: '1 to 10,000 rows.' })
  customers!: CustomerRowInput[];
}

@ObjectType({ description: 'What became of the rows of a bulk insert.', simpleResolvers: true })
export class BulkInsertCustomersPayload extends BulkCustomersPayload {}
