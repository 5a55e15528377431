import { Field, ObjectType } from 'type-graphql';
import { ExternalReference } from './external-reference.entity.js';
import { ExternalSystem } from './external-system.entity.js';

@ObjectType('ExternalReference', {
  description: 'The pair that links a customer to an external system (T4).',
  simpleResolvers: true,
})
export class ShownExternalReference extends ExternalReference {
  @Field(() => ExternalSystem)
  system!: ExternalSystem;
}
