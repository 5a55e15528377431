import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { DateTime } from '../graphql/scalars.js';
import type { Scope } from './scope.js';

@Entity('api_key')
@ObjectType({ description: 'A key. Its text is shown once, when it is made.', simpleResolvers: true })
export class ApiKey {
  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String, { description: 'The part of the key that may be shown: stam_live_<publicId>_…' })
  @Column('text')
  publicId!: string;

  @Field(() => String)
  @Column('text')
  name!: string;

  @Field(() => [String])
  @Column('text', { array: true })
  scopes!: Scope[];

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'From then on it is refused; null: never.' })
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'To the minute.' })
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The key that has taken its place (rotateApiKey); until `expiresAt` both are live.',
  })
  @Column('bigint', { nullable: true })
  replacedBy!: string | null;
}
