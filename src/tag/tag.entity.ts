import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('tag')
@ObjectType({ description: 'A label of an owner that customers can carry (G30–G32).', simpleResolvers: true })
export class Tag {
  @PrimaryColumn('bigint')
  ownerId!: string;

  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Field(() => String, { description: '1 to 50 characters, unique per owner without regard to case.' })
  @Column('text')
  name!: string;

  @Column('text')
  nameKey!: string;
}
