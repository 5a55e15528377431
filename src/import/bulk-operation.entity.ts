import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';
import {
  bulkOperationKinds,
  bulkOperationStates,
  type BulkOperationKind,
  type BulkOperationState,
} from './bulk-operation-enums.js';

@Entity('bulk_operation')
@ObjectType({
  description:
    'An import of any size, and how far it has got. Kept, with its result file, for 7 days after its end. rows = created + updated + unchanged + skipped + rejected at all times.',
  simpleResolvers: true,
})
export class BulkOperation {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => bulkOperationKinds)
  @Column('text')
  kind!: BulkOperationKind;

  @Field(() => bulkOperationStates)
  @Column('text')
  state!: BulkOperationState;

  @Field(() => Boolean, { description: 'Everything was judged, nothing written: the same code, rolled back.' })
  @Column('boolean')
  dryRun!: boolean;

  @Field(() => String, { description: 'Name of the key that asked for it.' })
  @Column('text')
  requestedBy!: string;

  @Field(() => String, { nullable: true, description: 'With it an import that was interrupted goes on.' })
  @Column('text', { nullable: true })
  idempotencyKey!: string | null;

  @Field(() => Int, { description: 'Rows that have their result.' })
  @Column('integer')
  rows!: number;

  @Field(() => Float, { description: 'How much of the file they are, in bytes of UTF-8.' })
  @Column('bigint')
  bytesRead!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Length of the file as its sender announced it; null: it did not.',
  })
  @Column('bigint', { nullable: true })
  bytesExpected!: string | null;

  @Field(() => Int)
  @Column('integer')
  created!: number;

  @Field(() => Int)
  @Column('integer')
  updated!: number;

  @Field(() => Int, { description: 'Rows that say what is stored already.' })
  @Column('integer')
  unchanged!: number;

  @Field(() => Int, { description: 'Rows whose customer exists, with onExisting=skip.' })
  @Column('integer')
  skipped!: number;

  @Field(() => Int)
  @Column('integer')
  rejected!: number;

  @Field(() => String, { nullable: true, description: 'Why it ended before the end of the file, in words.' })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Null while it runs.' })
  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
