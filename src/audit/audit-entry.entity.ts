import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { EventReason } from '../event-reason.js';
import { DateTime } from '../graphql/scalars.js';
import { actorKinds, type ActorKind } from './actor.js';
import { subjectKinds, type SubjectKind } from './subject.js';

@Entity('audit_entry')
@ObjectType({
  description:
    'What somebody did to customers or to a setting, in one transaction. It holds ids alone, no names and no addresses of customers, and outlives them.',
  simpleResolvers: true,
})
export class AuditEntry {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => DateTime)
  @Column('timestamptz')
  at!: Date;

  @Field(() => actorKinds)
  @Column('text')
  actorKind!: ActorKind;

  @Field(() => String, {
    nullable: true,
    description: 'Id of the api key, or subject of the token; null for the operator and for commands.',
  })
  @Column('text', { nullable: true })
  actorId!: string | null;

  @Field(() => String, {
    description: 'Name of the key at that time, or subject of the token: the `origin` of events.',
  })
  @Column('text')
  origin!: string;

  @Field(() => String, {
    nullable: true,
    description: 'As in the answer (`x-request-id`) and in the logs; null for commands and imports.',
  })
  @Column('uuid', { nullable: true })
  requestId!: string | null;

  @Field(() => String, {
    description:
      'What was done: the field of the mutation (`updateCustomer`), `import`, or `netstorming insert`, `enable`, `disable`.',
  })
  @Column('text')
  action!: string;

  @Field(() => [EventReason], { description: 'Why the customers have events; none for a change of a setting alone.' })
  @Column('text', { array: true })
  reasons!: EventReason[];

  @Field(() => Int, { description: 'How many customers were changed.' })
  @Column('int')
  customerCount!: number;

  @Field(() => subjectKinds, { nullable: true })
  @Column('text', { nullable: true })
  subjectKind!: SubjectKind | null;

  @Field(() => ID, { nullable: true, description: 'Id of the setting that was changed, or of the import.' })
  @Column('bigint', { nullable: true })
  subjectId!: string | null;
}
