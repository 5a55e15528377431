import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context.js';
import { identifyCustomer } from '../../customer/identify-customers.js';
import { Refusal, type Problem } from '../../errors.js';
import { connectionOf, connectionType, pageOf } from '../../graphql/connection.js';
import { idOf, isId } from '../../graphql/ids.js';
import { answer, UserError } from '../../graphql/user-error.js';
import { cancelReplay } from './cancel-replay.js';
import { countReplays, findReplay, replaysPage, type FoundReplay } from './find-replays.js';
import { replayDeliveries } from './replay-deliveries.js';
import { ReplayDeliveriesInput } from './replay.input.js';
import { WebhookReplay } from './webhook-replay.entity.js';

@ObjectType({ description: 'A replay as it is now; null with userErrors.' })
class ReplayPayload {
  @Field(() => WebhookReplay, { nullable: true, description: 'The replay that was asked for or cancelled.' })
  replay!: WebhookReplay | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@ObjectType({ description: 'A page of the replays.' })
export class WebhookReplayConnection extends connectionType('WebhookReplay', WebhookReplay) {
  endpointId!: string | null;
}

@Resolver(() => WebhookReplay)
export class ReplayResolver {
  @Query(() => WebhookReplay, {
    nullable: true,
    description: 'A replay and how far it has got; null: there is none of this id. Scope webhooks:manage.',
  })
  webhookReplay(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<WebhookReplay | null> {
    const owner = ctx.owner('webhooks:manage');
    return isId(id) ? findReplay(ctx.read, owner.id, id) : Promise.resolve(null);
  }

  @Query(() => WebhookReplayConnection, {
    description:
      'The replays of an endpoint, or of all, the newest first, in pages of up to 100. Scope webhooks:manage.',
  })
  async webhookReplays(
    @Ctx() ctx: Context,
    @Arg('endpointId', () => ID, { nullable: true }) endpointId?: string | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<WebhookReplayConnection> {
    const owner = ctx.owner('webhooks:manage');
    if (endpointId != null && !isId(endpointId)) throw new Refusal('BAD_USER_INPUT', 'endpointId: no such id');
    const page = pageOf({ first, after });
    const rows = await replaysPage(ctx.read, owner.id, endpointId ?? null, page);
    return { ...connectionOf(page, rows), endpointId: endpointId ?? null };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why nothing of it is being sent right now, in words: the endpoint is paused, disabled or failing, or another replay goes first. Null: it is being sent, or has ended.',
  })
  waitingFor(@Root() replay: FoundReplay): string | null {
    return replay.waitingFor;
  }

  @Mutation(() => ReplayPayload, {
    description:
      "Sends deliveries to an endpoint once more (B.7): dead ones, a time range, a customer, or the present state of all. Each under the webhook-id it had (a state without an event in the feed: one that stays the same within the replay), with the header webhook-replay: 1 and the newest snapshot; a state's webhook-event is customer.snapshot. At least once; of a customer in order, and never while another request of it is under way. At most half of the endpoint's rate: what happens now goes first. The endpoint's filters apply, but a state has no reason or origin that they could judge. Of customers that are excluded only that is told. What fails goes on by the normal retries, with the same header: all of the customer from that event on is then sent again, in order; a customer that waits for a retry or is dead is tried with what is replayed of it. Replays of an endpoint run one after the other; up to 10 may wait. Survives restarts. Scope webhooks:manage.",
  })
  replayDeliveries(
    @Ctx() ctx: Context,
    @Arg('input', () => ReplayDeliveriesInput) input: ReplayDeliveriesInput,
  ): Promise<ReplayPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => {
        const { customer, deadOnly, since, until, currentState } = input;
        const place = { ownerId: owner.id, endpointId: idOf('endpointId', input.endpointId) };
        const named = { field: 'customer', showExcluded: ctx.showExcluded };
        const customerId = customer ? await identifyCustomer(ctx.read, owner.id, customer, named) : null;
        await ctx.close();
        const times = { since: since ?? null, until: until ?? null };
        const request = { ...times, customerId, deadOnly: deadOnly ?? false, currentState: currentState ?? false };
        const id = await replayDeliveries(ctx.changing('WEBHOOK_REPLAY').db, place, request, ctx.caller.name);
        return { replay: await findReplay(ctx.read, owner.id, id) };
      },
      { replay: null },
    );
  }

  @Mutation(() => ReplayPayload, {
    description:
      'Ends a replay early: within a second nothing more of it is started. What was handed to the normal retries goes on. Scope webhooks:manage.',
  })
  cancelReplay(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<ReplayPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => {
        await cancelReplay(ctx.changing('WEBHOOK_REPLAY', id).db, owner.id, idOf('id', id));
        return { replay: await findReplay(ctx.read, owner.id, id) };
      },
      { replay: null },
    );
  }
}

@Resolver(() => WebhookReplayConnection)
export class WebhookReplayConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many replays match.' })
  totalCount(@Ctx() ctx: Context, @Root() connection: WebhookReplayConnection): Promise<number> {
    return countReplays(ctx.read, ctx.owner('webhooks:manage').id, connection.endpointId);
  }
}
