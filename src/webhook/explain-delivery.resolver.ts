import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { Refusal, Rejected } from '../errors.js';
import { idOf } from '../graphql/ids.js';
import { explainDelivery } from './explain-delivery.js';
import { DeliveryExplanation } from './explanation.type.js';

@Resolver()
export class ExplainDeliveryResolver {
  @Query(() => DeliveryExplanation, {
    description:
      "Why a customer's snapshot is, or is not, sent to an endpoint: a verdict for each rule about its newest event, as it stands now. BAD_USER_INPUT for an unknown endpoint or customer. Scope webhooks:manage.",
  })
  async explainDelivery(
    @Ctx() ctx: Context,
    @Arg('endpointId', () => ID) endpointId: string,
    @Arg('customerId', () => ID) customerId: string,
  ): Promise<DeliveryExplanation> {
    const owner = ctx.owner('webhooks:manage');
    try {
      const named = {
        ownerId: owner.id,
        endpointId: idOf('endpointId', endpointId),
        customerId: idOf('customerId', customerId),
      };
      return await explainDelivery(await ctx.read.sql(), ctx.hub.secret, named, ctx.hub.clock.at());
    } catch (error) {
      if (error instanceof Rejected) throw new Refusal('BAD_USER_INPUT', error.message);
      throw error;
    }
  }
}
