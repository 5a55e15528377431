import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { idOf } from '../graphql/ids.js';
import { refusing } from '../graphql/refusing.js';
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
    return refusing(async () => {
      const named = {
        ownerId: owner.id,
        endpointId: idOf('endpointId', endpointId),
        customerId: idOf('customerId', customerId),
      };
      return explainDelivery(await ctx.read.sql(), ctx.hub.secret, named, ctx.hub.clock.at());
    });
  }
}
