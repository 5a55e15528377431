import { Arg, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import type { Problem } from '../errors.js';
import { answer, UserError } from '../graphql/user-error.js';
import { ExternalSystem } from './external-system.entity.js';
import { createExternalSystem, findExternalSystems } from './external-systems.js';

@ObjectType({ description: 'The system that was added; null with userErrors.' })
class ExternalSystemPayload {
  @Field(() => ExternalSystem, { nullable: true })
  externalSystem!: ExternalSystem | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver()
export class ExternalSystemResolver {
  @Query(() => [ExternalSystem], {
    description: 'The eight of T5 and those that the owner added. Scope customers:read.',
  })
  externalSystems(@Ctx() ctx: Context): Promise<ExternalSystem[]> {
    const owner = ctx.owner('customers:read');
    return findExternalSystems(ctx.read, owner.id);
  }

  @Mutation(() => ExternalSystemPayload, {
    description:
      "Adds a system of the owner's own (A41): a code in capitals, and a number if partners use one. Scope customers:write.",
  })
  createExternalSystem(
    @Ctx() ctx: Context,
    @Arg('code', () => String) code: string,
    @Arg('name', () => String) name: string,
    @Arg('number', () => String, { nullable: true }) number?: string,
  ): Promise<ExternalSystemPayload> {
    const owner = ctx.owner('customers:write');
    return answer(
      async () => ({
        externalSystem: await ctx.write(owner, (tx) => createExternalSystem(tx, { code, name, number })),
      }),
      { externalSystem: null },
    );
  }
}
