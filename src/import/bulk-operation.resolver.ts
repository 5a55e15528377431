import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { Context } from '../context.js';
import { problem, Refusal, Rejected, type Problem } from '../errors.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { idOf, isId } from '../graphql/ids.js';
import { answer, UserError } from '../graphql/user-error.js';
import { BulkOperation } from './bulk-operation.entity.js';
import { cancelOperation } from './end-operation.js';
import { countOperations, findOperation, operationsPage } from './find-operations.js';
import { watchOperation, type WatchedOperation } from './operation-watch.js';
import { resultsPath } from './results-door.js';

@ObjectType({ description: 'An operation as it is now; null with userErrors.' })
class BulkOperationPayload {
  @Field(() => BulkOperation, { nullable: true })
  bulkOperation!: BulkOperation | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@ObjectType({ description: 'A page of the bulk operations.' })
export class BulkOperationConnection extends connectionType('BulkOperation', BulkOperation) {}

@Resolver(() => BulkOperation)
export class BulkOperationResolver {
  @Query(() => BulkOperation, {
    nullable: true,
    description:
      'An import and how far it has got; null: there is none of this id, or it ended more than 7 days ago. Scope customers:bulk.',
  })
  bulkOperation(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<BulkOperation | null> {
    const owner = ctx.owner('customers:bulk');
    return isId(id) ? findOperation(ctx.read, owner.id, id) : Promise.resolve(null);
  }

  @Query(() => BulkOperationConnection, {
    description: 'The imports of the last days, the newest first, in pages of up to 100. Scope customers:bulk.',
  })
  async bulkOperations(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<BulkOperationConnection> {
    const owner = ctx.owner('customers:bulk');
    const page = pageOf({ first, after });
    return connectionOf(page, await operationsPage(ctx.read, owner.id, page));
  }

  @FieldResolver(() => String, {
    description: 'Path of the result file: what became of each row, a line of JSON each (GET, with the same key).',
  })
  resultPath(@Root() operation: BulkOperation): string {
    return `${resultsPath}${operation.id}`;
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Ends an import early: within about a second, behind the chunk that is being written. What was written stays written, and its idempotency key cannot be used to go on. One that is DONE stays so. Scope customers:bulk.',
  })
  cancelBulkOperation(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<BulkOperationPayload> {
    const owner = ctx.owner('customers:bulk');
    return answer(
      async () => {
        idOf('id', id);
        const { db } = ctx.changing('BULK_OPERATION', id);
        await ctx.close();
        await db.asOwner(owner.id, async (sql) => {
          if (await cancelOperation(sql, owner.id, id, ctx.caller.name)) return;
          throw new Rejected([problem('NOT_FOUND', 'id', 'invalid id (no such operation)')]);
        });
        return { bulkOperation: await findOperation(ctx.read, owner.id, id) };
      },
      { bulkOperation: null },
    );
  }

  @Subscription(() => BulkOperation, {
    name: 'bulkOperation',
    description:
      'An import as it is now, then whenever it has got further, whichever process it runs on; completes when it has ended. Scope customers:bulk.',
    subscribe: ({ args, context }: { args: { id: string }; context: Context }) => follow(context, args.id),
  })
  bulkOperationProgress(@Root() operation: WatchedOperation, @Arg('id', () => ID) _id: string): BulkOperation {
    return operation;
  }
}

@Resolver(() => BulkOperationConnection)
export class BulkOperationConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many there are.' })
  totalCount(@Ctx() ctx: Context): Promise<number> {
    return countOperations(ctx.read, ctx.owner('customers:bulk').id);
  }
}

async function follow(ctx: Context, id: string): Promise<AsyncIterable<WatchedOperation>> {
  const owner = ctx.owner('customers:bulk');
  const { db } = ctx.hub;
  const known = isId(id) && (await db.asOwner(owner.id, (sql) => findOperation(sql, owner.id, id)));
  if (!known) throw new Refusal('BAD_USER_INPUT', 'id: no such operation');
  return watchOperation(db, owner.id, id);
}
