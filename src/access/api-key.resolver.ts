import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import type { Sql } from '../database/database.js';
import type { Problem } from '../errors.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { idOf } from '../graphql/ids.js';
import { DateTime } from '../graphql/scalars.js';
import { answer, UserError } from '../graphql/user-error.js';
import { ApiKey } from './api-key.entity.js';
import { auditKey } from './audit-key.js';
import { createApiKey, findApiKeys, revokeApiKey } from './api-keys.js';
import { demandScope } from './caller.js';
import { maxGraceHours, rotateApiKey, usualGraceHours } from './rotate-api-key.js';

@InputType({ description: 'A key to make.' })
class ApiKeyInput {
  @Field(() => String, { description: 'For people, and the `origin` of events: 1 to 100 characters.' })
  name!: string;

  @Field(() => [String], { description: 'Codes of the owners it covers, all of them covered by the calling key.' })
  owners!: string[];

  @Field(() => [String], { description: 'customers:read, customers:write, customers:bulk …' })
  scopes!: string[];

  @Field(() => DateTime, { nullable: true, description: 'Default: never.' })
  expiresAt?: Date | null;
}

@ObjectType('ApiKeyEntry', { description: 'A key with the owners it covers.' })
class ListedApiKey extends ApiKey {
  @Field(() => [String], { description: 'Codes of those owners that the calling key covers too.' })
  owners!: string[];
}

@ObjectType({ description: 'The key that was made; null with userErrors.' })
class ApiKeyPayload {
  @Field(() => ApiKey, { nullable: true })
  apiKey!: ApiKey | null;

  @Field(() => String, { nullable: true, description: 'The key itself, this once.' })
  key!: string | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver()
export class ApiKeyResolver {
  @Query(() => [ListedApiKey], {
    description: 'The keys that cover an owner of this key; never their text. Scope admin.',
  })
  apiKeys(@Ctx() ctx: Context): Promise<ListedApiKey[]> {
    demandScope(ctx.caller, 'admin');
    return ctx.hub.db.asSystem((sql) => findApiKeys(sql, ctx.caller.owners));
  }

  @Mutation(() => ApiKeyPayload, { description: 'Makes a key and answers it, this once. Scope admin.' })
  async createApiKey(@Ctx() ctx: Context, @Arg('input', () => ApiKeyInput) input: ApiKeyInput): Promise<ApiKeyPayload> {
    demandScope(ctx.caller, 'admin');
    const owners = await Promise.all(input.owners.map((code) => ctx.hub.authenticator.ownerOf(ctx.caller, code)));
    const key = { ...input, owners, expiresAt: input.expiresAt ?? null };
    const create = async (sql: Sql) => {
      const made = await createApiKey(sql, key);
      await auditKey(sql, ctx.deed, made.apiKey.id);
      return made;
    };
    return answer(() => ctx.hub.db.asSystem(create), { apiKey: null, key: null });
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Makes a key in the place of another one, with the same name, scopes, owners and length of life, and answers it, this once. The old one goes on for graceHours, so that nothing stands still while it is exchanged; one that it replaced itself ends now. Scope admin.',
  })
  rotateApiKey(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('graceHours', () => Int, {
      defaultValue: usualGraceHours,
      description: `For how long the old key is still taken: 0 (it ends at once) to ${maxGraceHours}.`,
    })
    graceHours: number,
  ): Promise<ApiKeyPayload> {
    demandScope(ctx.caller, 'admin');
    return answer(
      async () => {
        const rotate = async (sql: Sql) => {
          const rotated = await rotateApiKey(sql, idOf('id', id), graceHours, ctx.caller.owners);
          await auditKey(sql, ctx.deed, id);
          return rotated;
        };
        const { changed, ...made } = await ctx.hub.db.asSystem(rotate);
        for (const keyId of changed) ctx.hub.authenticator.forget(keyId);
        return made;
      },
      { apiKey: null, key: null },
    );
  }

  @Mutation(() => DeletePayload, { description: 'Ends a key: within five seconds on every process. Scope admin.' })
  revokeApiKey(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<DeletePayload> {
    demandScope(ctx.caller, 'admin');
    return answer(
      async () => {
        await ctx.hub.db.asSystem(async (sql) => {
          await revokeApiKey(sql, idOf('id', id), ctx.caller.owners);
          await auditKey(sql, ctx.deed, id);
        });
        ctx.hub.authenticator.forget(id);
        return { deletedId: id };
      },
      { deletedId: null },
    );
  }
}
