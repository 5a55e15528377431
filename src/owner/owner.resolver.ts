import { Arg, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { demandScope } from '../access/caller.js';
import { setting, storeEntry } from '../audit/store-entry.js';
import type { Context } from '../context.js';
import type { Sql } from '../database/database.js';
import { Refusal, type Problem } from '../errors.js';
import { answer, UserError } from '../graphql/user-error.js';
import { Owner } from './owner.entity.js';
import { OwnerInput } from './owner.input.js';
import { createOwner, findOwner, updateOwner } from './owners.js';

@ObjectType({ description: 'The owner after the write; null with userErrors.' })
class OwnerPayload {
  @Field(() => Owner, { nullable: true })
  owner!: Owner | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver()
export class OwnerResolver {
  @Query(() => Owner, { description: 'The owner of this request, with its settings. Scope customers:read.' })
  async owner(@Ctx() ctx: Context): Promise<Owner> {
    const { id } = ctx.owner('customers:read');
    const owner = await findOwner(ctx.read, id);
    if (!owner) throw new Error(`owner ${id} is gone`);
    return owner;
  }

  @Mutation(() => OwnerPayload, {
    description:
      'Makes an owner with its eight external systems. Scope admin, with a key that covers every owner (STAMDATA_ADMIN_KEY).',
  })
  createOwner(@Ctx() ctx: Context, @Arg('input', () => OwnerInput) input: OwnerInput): Promise<OwnerPayload> {
    demandScope(ctx.caller, 'admin');
    if (ctx.caller.owners !== 'every')
      throw new Refusal('FORBIDDEN', 'a new owner needs a key that covers every owner (STAMDATA_ADMIN_KEY)');
    const create = async (sql: Sql) => {
      const owner = await createOwner(sql, input);
      await storeEntry(sql, [owner.id], ctx.deed, setting('OWNER', owner.id));
      return { owner };
    };
    return answer(() => ctx.hub.db.asSystem(create), { owner: null });
  }

  @Mutation(() => OwnerPayload, {
    description:
      'Changes settings of the owner with this code; what is not given stays. Another time zone or currency is an event for the customers it changes. Scope admin.',
  })
  async updateOwner(@Ctx() ctx: Context, @Arg('input', () => OwnerInput) input: OwnerInput): Promise<OwnerPayload> {
    const owner = await ctx.ownerNamed(input.code, 'admin');
    const update = () => ctx.write(owner, (tx) => updateOwner(tx, input), { settings: 'changed' });
    return answer(async () => ({ owner: await update() }), { owner: null });
  }
}
