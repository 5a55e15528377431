import { Arg, Ctx, Field, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import type { Problem } from '../errors.js';
import { pageOf } from '../graphql/connection.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { idOf } from '../graphql/ids.js';
import { refusing } from '../graphql/refusing.js';
import { DateTime } from '../graphql/scalars.js';
import { answer, UserError } from '../graphql/user-error.js';
import { createFeed } from './create-feed.js';
import { deleteFeed } from './delete-feed.js';
import { explainStay } from './explain-stay.js';
import { GuestFeedExplanation } from './explanation.type.js';
import { findFeeds, type FoundFeed } from './find-feeds.js';
import { GuestFeedRun } from './guest-feed-run.entity.js';
import { GuestFeed } from './guest-feed.entity.js';
import { GuestFeedInput } from './guest-feed.input.js';
import { resendStays } from './resend-stays.js';
import { updateFeed } from './update-feed.js';

@ObjectType({ description: 'The feed that was made or changed; null with userErrors.' })
class GuestFeedPayload {
  @Field(() => GuestFeed, { nullable: true })
  guestFeed!: GuestFeed | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@ObjectType({ description: 'What will be sent again.' })
class ResendGuestFeedStaysPayload {
  @Field(() => [String], {
    description: 'Numbers of the stays that had been sent or refused; what was never tried is left out.',
  })
  bookingNumbers!: string[];

  @Field(() => [UserError])
  userErrors!: Problem[];
}

const nothing = { guestFeed: null };

@Resolver(() => GuestFeed)
export class GuestFeedResolver {
  @Query(() => [GuestFeed], { description: 'The guest feeds of the owner, oldest first. Scope webhooks:manage.' })
  guestFeeds(@Ctx() ctx: Context): Promise<GuestFeed[]> {
    return findFeeds(ctx.read, ctx.owner('webhooks:manage').id);
  }

  @Query(() => GuestFeedExplanation, {
    description:
      'Why a stay is, or is not, sent by a feed: a verdict for each criterion as it is now (C9). Scope webhooks:manage.',
  })
  explainGuestFeed(
    @Ctx() ctx: Context,
    @Arg('feedId', () => ID) feedId: string,
    @Arg('bookingNumber', () => String) bookingNumber: string,
  ): Promise<GuestFeedExplanation> {
    const owner = ctx.owner('webhooks:manage');
    return refusing(() =>
      explainStay(ctx.read, ctx.hub.secret, { ownerId: owner.id, feedId: idOf('feedId', feedId) }, bookingNumber),
    );
  }

  @FieldResolver(() => Boolean, { description: 'Whether a hotel id is stored; it is not shown (C2).' })
  hotelIdSet(): boolean {
    return true; // no feed is made without
  }

  @FieldResolver(() => Boolean, { description: 'Whether an access key is stored; it is not shown (C2).' })
  accessKeySet(): boolean {
    return true; // no feed is made without
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'When the cron job comes next (C4); null while one of the two switches is off, or it was stopped.',
  })
  nextRunAt(@Root() { ownerActive, dueAt }: FoundFeed): Date | null {
    return ownerActive ? dueAt : null;
  }

  @FieldResolver(() => [GuestFeedRun], { description: 'Its runs, the newest first: up to 100.' })
  async runs(
    @Ctx() ctx: Context,
    @Root() feed: GuestFeed,
    @Arg('first', () => Int, { nullable: true, defaultValue: 10 }) first: number | null,
  ): Promise<GuestFeedRun[]> {
    const page = pageOf({ first: first ?? 10 });
    return (await ctx.loaders.guestFeedRuns(page).load(feed.id)).slice(0, page.size);
  }

  @Mutation(() => GuestFeedPayload, {
    description:
      'Makes a guest feed (C2). It runs while it is active and so is the owner (guestFeedsActive). Scope webhooks:manage.',
  })
  createGuestFeed(
    @Ctx() ctx: Context,
    @Arg('input', () => GuestFeedInput) input: GuestFeedInput,
  ): Promise<GuestFeedPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(async () => ({ guestFeed: await createFeed(ctx.changing('GUEST_FEED'), owner.id, input) }), nothing);
  }

  @Mutation(() => GuestFeedPayload, {
    description:
      'Changes a guest feed; what the input leaves out stays. active: true starts again what was stopped. Scope webhooks:manage.',
  })
  updateGuestFeed(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => GuestFeedInput) input: GuestFeedInput,
  ): Promise<GuestFeedPayload> {
    const owner = ctx.owner('webhooks:manage');
    const hub = ctx.changing('GUEST_FEED', id);
    return answer(async () => ({ guestFeed: await updateFeed(hub, owner.id, idOf('id', id), input) }), nothing);
  }

  @Mutation(() => DeletePayload, {
    description:
      'Deletes a guest feed with its credentials, runs and marks; the histories of the stays keep what was sent. Scope webhooks:manage.',
  })
  deleteGuestFeed(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<DeletePayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => {
        await deleteFeed(ctx.changing('GUEST_FEED', id).db, owner.id, idOf('id', id));
        return { deletedId: id };
      },
      { deletedId: null },
    );
  }

  @Mutation(() => ResendGuestFeedStaysPayload, {
    description:
      'Lets the next run send up to 1,000 stays again that were sent or refused, all or none (A34). Scope webhooks:manage.',
  })
  resendGuestFeedStays(
    @Ctx() ctx: Context,
    @Arg('feedId', () => ID) feedId: string,
    @Arg('bookingNumbers', () => [String]) bookingNumbers: string[],
  ): Promise<ResendGuestFeedStaysPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => {
        const place = { ownerId: owner.id, feedId: idOf('feedId', feedId) };
        return { bookingNumbers: await resendStays(ctx.changing('GUEST_FEED', feedId).db, place, bookingNumbers) };
      },
      { bookingNumbers: [] },
    );
  }

  @Mutation(() => GuestFeedRun, {
    description:
      'Runs a guest feed at once and gives the run when it has ended, a long one as it is after 30 seconds; where a run is under way, that one. While a switch of C3 is off it sends nothing and says why. Scope webhooks:manage.',
  })
  runGuestFeed(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<GuestFeedRun> {
    const owner = ctx.owner('webhooks:manage');
    return refusing(async () => {
      await ctx.close(); // no connection is held while the service answers
      return ctx.hub.guestFeeds.runNow(owner.id, idOf('id', id), ctx.changing('GUEST_FEED', id).db);
    });
  }
}
