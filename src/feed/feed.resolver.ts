import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { EventReason } from '../event-reason.js';
import { maxPage } from '../graphql/connection.js';
import { isId } from '../graphql/ids.js';
import { CustomerEvent, CustomerEventConnection } from './customer-event.type.js';
import { eventsAfter, everything } from './events-after.js';
import { demandLive, feedBounds } from './feed-event.js';
import { FeedReader, startOf } from './feed-reader.js';

@ArgsType()
class CustomerSnapshotsArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last event that was handled: everything since follows, without a gap. Without it only what happens from now on.',
  })
  after?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Only these customers.' })
  customers?: string[] | null;

  @Field(() => [EventReason], { nullable: true, description: 'Only events with one of these reasons.' })
  reasons?: EventReason[] | null;
}

@Resolver()
export class FeedResolver {
  @Subscription(() => CustomerEvent, {
    description:
      "Every change of the owner's customers as it happens, each customer's in order. Errors: BAD_USER_INPUT for a cursor that is not of this feed, CURSOR_EXPIRED for one that is too old. Scope changes:read.",
    subscribe: ({ args, context }: { args: CustomerSnapshotsArgs; context: Context }) => subscribe(context, args),
  })
  customerSnapshots(
    @Root() event: CustomerEvent,
    @Args(() => CustomerSnapshotsArgs) _: CustomerSnapshotsArgs,
  ): CustomerEvent {
    return event;
  }

  @Query(() => String, {
    description:
      'A cursor behind all that is in the feed now. To begin without a gap: take it, read all customers, then subscribe with it. Scope changes:read.',
  })
  async feedCursor(@Ctx() ctx: Context): Promise<string> {
    const owner = ctx.owner('changes:read');
    const { last } = await feedBounds(ctx.read, owner.id);
    return ctx.hub.cursors.encode(owner.id, last);
  }

  @Query(() => CustomerEventConnection, {
    description:
      'The feed in pages of up to 100, from its oldest entry or behind a cursor; the same events as the subscription. Scope changes:read.',
  })
  async customerEvents(
    @Ctx() ctx: Context,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('first', () => Int, { nullable: true }) first?: number,
  ): Promise<CustomerEventConnection> {
    const owner = ctx.owner('changes:read');
    const size = first ?? maxPage;
    if (size < 1 || size > maxPage) throw new Refusal('BAD_USER_INPUT', `first must be 1 to ${maxPage}, not ${size}`);
    const sql = await ctx.read.sql();
    const bounds = await feedBounds(sql, owner.id);
    const start = after == null ? bounds.first - 1n : ctx.hub.cursors.decode(owner.id, after);
    demandLive(start, bounds);
    const { events, readTo } = await eventsAfter(sql, ctx.hub.cursors, owner.id, start, size, everything);
    return {
      edges: events.map((node) => ({ cursor: node.cursor, node })),
      nodes: events,
      pageInfo: {
        hasNextPage: readTo < bounds.last,
        hasPreviousPage: start + 1n > bounds.first,
        startCursor: events.at(0)?.cursor ?? null,
        // behind the last event there is a place to go on from, even on an empty page
        endCursor: events.at(-1)?.cursor ?? ctx.hub.cursors.encode(owner.id, start),
      },
    };
  }
}

function customerId(text: string): string {
  if (isId(text)) return text;
  throw new Refusal('BAD_USER_INPUT', `customers: ${JSON.stringify(text.slice(0, 40))} is not an id`);
}

async function subscribe(ctx: Context, args: CustomerSnapshotsArgs): Promise<FeedReader> {
  const owner = ctx.owner('changes:read');
  const filter = {
    customers: args.customers ? new Set(args.customers.map(customerId)) : null,
    reasons: args.reasons ? new Set<string>(args.reasons) : null,
  };
  const start = await startOf(ctx.hub, owner.id, args.after ?? null);
  return FeedReader.open(ctx.hub, owner.id, start, filter);
}
