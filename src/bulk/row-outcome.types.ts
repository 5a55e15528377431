import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Loose } from '../graphql/scalars.js';

/** What becomes of a customer's row. */
export enum RowAction {
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  UNCHANGED = 'UNCHANGED',
  SKIPPED = 'SKIPPED',
  REJECT = 'REJECT',
}

export enum MatchedBy {
  ID = 'ID',
  CODE = 'CODE',
  EXTERNAL_REFERENCE = 'EXTERNAL_REFERENCE',
}

/** By their names in options of the engine. */
export enum OnExisting {
  REJECT = 'reject',
  UPDATE = 'update',
  SKIP = 'skip',
}

registerEnumType(RowAction, {
  name: 'RowAction',
  description: 'What became of a row; in a dry run: what would.',
  valuesConfig: {
    CREATE: { description: 'A customer was made.' },
    UPDATE: { description: 'Something of its customer is now what the row says.' },
    UNCHANGED: { description: 'Its customer was like this before: no event, the version stays.' },
    SKIPPED: { description: 'Its customer exists and was left as it is (onExisting: SKIP).' },
    REJECT: {
      description: 'Nothing was written; errors tells why, unless another row took it along (REJECT_EVERYTHING).',
    },
  },
});
registerEnumType(MatchedBy, {
  name: 'MatchedBy',
  description: 'By which key a row met its customer.',
  valuesConfig: {
    ID: { description: 'The row named it by its id.' },
    CODE: { description: 'By the customer number.' },
    EXTERNAL_REFERENCE: { description: 'By a link to an external system, and not by its number.' },
  },
});
registerEnumType(OnExisting, {
  name: 'OnExisting',
  description: 'What a row does whose code or external reference a customer has already.',
  valuesConfig: {
    REJECT: { description: 'It is an error of the row: TAKEN with the id of that customer (A17, A42).' },
    UPDATE: {
      description:
        'It changes that customer: the fields it gives, null clears; tags, logins and links to other systems are added to. A row without the compulsory fields is good for this. Keys of two customers are AMBIGUOUS_MATCH.',
    },
    SKIP: { description: 'It leaves that customer as it is. Keys of two customers are AMBIGUOUS_MATCH.' },
  },
});

@ObjectType({
  description: 'A field of a customer that a row changed; lists and objects are told whole.',
  simpleResolvers: true,
})
export class RowChange {
  @Field(() => String, { description: 'As in the row: `email`, `birthDate`, `tags`, `adminUser.login`.' })
  field!: string;

  @Field(() => Loose, { nullable: true, description: 'Null: there was none.' })
  before!: unknown;

  @Field(() => Loose, { nullable: true, description: 'Null: there is none.' })
  after!: unknown;
}
