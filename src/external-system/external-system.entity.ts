import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('external_system')
@ObjectType({
  description: 'A system that customers are linked to: one of the eight of T5, or one the owner has added (A41).',
  simpleResolvers: true,
})
export class ExternalSystem {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String, { description: 'Upper case: WOOCOMMERCE.' })
  @Column('text')
  code!: string;

  @Field(() => String, { nullable: true, description: 'Its number on the wire, "6" for WOOCOMMERCE (T5).' })
  @Column('text', { nullable: true })
  number!: string | null;

  @Field(() => String)
  @Column('text')
  name!: string;
}
