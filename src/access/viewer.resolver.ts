import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';

@ObjectType({ description: 'An owner that a key covers.' })
class CoveredOwner {
  @Field(() => String)
  code!: string;
}

@ObjectType({ description: 'Who is calling.' })
class Viewer {
  @Field(() => String, { description: 'Name of the key, or the subject of the token.' })
  name!: string;

  @Field(() => [String])
  scopes!: string[];

  @Field(() => [CoveredOwner], { description: "The owners the key covers; the operator's key lists every owner." })
  owners!: CoveredOwner[];
}

@Resolver()
export class ViewerResolver {
  @Query(() => Viewer, { description: 'The name, scopes and owners of the key of this request.' })
  async viewer(@Ctx() ctx: Context): Promise<Viewer> {
    const { name, scopes, owners } = ctx.caller;
    const covered =
      owners === 'every'
        ? await ctx.hub.db.asSystem((sql) =>
            sql.rows<CoveredOwner>('/* allOwners */ SELECT code FROM owner ORDER BY code'),
          )
        : owners.map(({ code }) => ({ code }));
    return { name, scopes: [...scopes], owners: covered };
  }
}
