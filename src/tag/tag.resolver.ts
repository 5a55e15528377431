import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { lockCustomers } from '../customer/lock-customers.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { idOf, idsOf } from '../graphql/ids.js';
import { answer, UserError } from '../graphql/user-error.js';
import { Tag } from './tag.entity.js';
import { changeTagOf, createTag, deleteTag, findTags, renameTag } from './tags.js';

@ObjectType({ description: 'The tag that was made or renamed; null with userErrors.' })
class TagPayload {
  @Field(() => Tag, { nullable: true })
  tag!: Tag | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@ObjectType({ description: 'What became of a tagging.' })
class TagCustomersPayload {
  @Field(() => [ID], {
    description: 'The customers that changed: those that had (or had not) the tag before are left out.',
  })
  customerIds!: string[];

  @Field(() => Int)
  changed!: number;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver()
export class TagResolver {
  @Query(() => [Tag], { description: 'Every tag of the owner. Scope customers:read.' })
  tags(@Ctx() ctx: Context): Promise<Tag[]> {
    return findTags(ctx.read, ctx.owner('customers:read').id);
  }

  @Mutation(() => TagPayload, { description: 'Makes a tag. No event: nobody carries it yet. Scope customers:write.' })
  createTag(@Ctx() ctx: Context, @Arg('name', () => String) name: string): Promise<TagPayload> {
    const owner = ctx.owner('customers:write');
    return answer(async () => ({ tag: await ctx.write(owner, (tx) => createTag(tx, name)) }), { tag: null });
  }

  @Mutation(() => TagPayload, {
    description: 'Renames a tag: an event for each customer with it. Scope customers:write.',
  })
  renameTag(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
  ): Promise<TagPayload> {
    const owner = ctx.owner('customers:write');
    return answer(async () => ({ tag: await ctx.write(owner, (tx) => renameTag(tx, idOf('id', id), name)) }), {
      tag: null,
    });
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a tag: an event for each customer with it. Scope customers:write.',
  })
  deleteTag(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<DeletePayload> {
    const owner = ctx.owner('customers:write');
    return answer(
      async () => {
        await ctx.write(owner, (tx) => deleteTag(tx, idOf('id', id)));
        return { deletedId: id };
      },
      { deletedId: null },
    );
  }

  @Mutation(() => TagCustomersPayload, {
    description:
      'Sets a tag on up to 10,000 customers, all or none. Triggers TAG for those that change. Scope customers:write.',
  })
  tagCustomers(
    @Ctx() ctx: Context,
    @Arg('tagId', () => ID) tagId: string,
    @Arg('customerIds', () => [ID]) customerIds: string[],
  ): Promise<TagCustomersPayload> {
    return this.change(ctx, tagId, customerIds, 'set');
  }

  @Mutation(() => TagCustomersPayload, {
    description:
      'Takes a tag off up to 10,000 customers, all or none. Triggers TAG for those that change. Scope customers:write.',
  })
  untagCustomers(
    @Ctx() ctx: Context,
    @Arg('tagId', () => ID) tagId: string,
    @Arg('customerIds', () => [ID]) customerIds: string[],
  ): Promise<TagCustomersPayload> {
    return this.change(ctx, tagId, customerIds, 'unset');
  }

  private change(
    ctx: Context,
    tagId: string,
    customerIds: string[],
    change: 'set' | 'unset',
  ): Promise<TagCustomersPayload> {
    const owner = ctx.owner('customers:write');
    return answer(
      async () => {
        if (customerIds.length > 10_000)
          throw new Rejected([problem('LIMIT_EXCEEDED', 'customerIds', 'invalid customerIds (at most 10,000)')]);
        const ids = idsOf('customerIds', customerIds);
        const changed = await ctx.write(owner, async (tx) => {
          await lockCustomers(tx, ids, { field: 'customerIds', showExcluded: ctx.showExcluded });
          return changeTagOf(tx, idOf('tagId', tagId), ids, change);
        });
        return { customerIds: changed, changed: changed.length };
      },
      { customerIds: [], changed: 0 },
    );
  }
}
