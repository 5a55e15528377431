import { Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Delivery } from './delivery.entity.js';
import { WebhookBreaker, WebhookError } from './endpoint-figures.type.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** How an endpoint stands right now. A list of endpoints costs one statement for each kind of figure. */
@Resolver(() => WebhookEndpoint)
export class EndpointFiguresResolver {
  @FieldResolver(() => Int, {
    description: 'Events behind the feed: neither delivered, filtered out nor parked yet. Of several shards the worst.',
  })
  async lag(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<number> {
    return Number((await ctx.loaders.endpointFigures.load(id))!.lag);
  }

  @FieldResolver(() => Float, { description: 'Age of the oldest of them, in seconds; 0 without any.' })
  async lagSeconds(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<number> {
    return (await ctx.loaders.endpointFigures.load(id))!.lagSeconds;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether changes that it was not sent have left the feed (14 days): only a replay of the current state tells the receiver everything (B.7).',
  })
  async needsResync(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<boolean> {
    return (await ctx.loaders.endpointFigures.load(id))!.needsResync;
  }

  @FieldResolver(() => Int, {
    description: 'Customers whose delivery failed and waits for its next attempt: see webhookParked.',
  })
  async parkedCount(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<number> {
    return (await ctx.loaders.endpointFigures.load(id))!.parked;
  }

  @FieldResolver(() => Int, { description: 'Customers whose attempts are used up (dead letters): see webhookParked.' })
  async deadCount(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<number> {
    return (await ctx.loaders.endpointFigures.load(id))!.dead;
  }

  @FieldResolver(() => WebhookBreaker)
  async breaker(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<WebhookBreaker> {
    const { open, failSince, fails, probeAt } = (await ctx.loaders.endpointFigures.load(id))!;
    return { state: open ? 'OPEN' : 'CLOSED', failingSince: failSince, failures: fails, nextProbeAt: probeAt };
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Share of the attempts for events that succeeded, 0 to 1: of the present hour and the 23 before. Null: there was no attempt.',
  })
  async successRate(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<number | null> {
    return (await ctx.loaders.successRate.load(id))?.rate ?? null;
  }

  @FieldResolver(() => WebhookError, {
    nullable: true,
    description: 'The last attempt that failed within 14 days, tests and operational events among them; null: none.',
  })
  async lastError(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<WebhookError | null> {
    const failure = await ctx.loaders.lastFailure.load(id);
    return failure && { at: failure.at, status: failure.status, message: failure.error ?? 'failed' };
  }

  @FieldResolver(() => Delivery, {
    nullable: true,
    description: 'The last attempt within 14 days, tests and operational events among them; null: none.',
  })
  lastDelivery(@Ctx() ctx: Context, @Root() { id }: WebhookEndpoint): Promise<Delivery | null> {
    return ctx.loaders.lastDelivery.load(id);
  }
}
