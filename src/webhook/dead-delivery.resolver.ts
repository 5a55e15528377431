import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import type { Problem } from '../errors.js';
import { idOf } from '../graphql/ids.js';
import { answer, UserError } from '../graphql/user-error.js';
import { skipDeadDelivery } from './skip-dead.js';

@ObjectType({ description: 'What giving a dead delivery up leads to.' })
class SkipDeadDeliveryPayload {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many later events of the customer follow, those that the endpoint does not want included; null with userErrors.',
  })
  waitingEvents!: number | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver()
export class DeadDeliveryResolver {
  @Mutation(() => SkipDeadDeliveryPayload, {
    description:
      'Gives up the event of a customer that ran out of attempts at an endpoint (B.7): it is never sent, and what waits behind it (onDead: BLOCK) follows in order, each with all its attempts, within a second where the endpoint is served. To have it tried again instead, replayDeliveries with deadOnly. NOT_FOUND: no delivery of the customer is dead. Scope webhooks:manage.',
  })
  skipDeadDelivery(
    @Ctx() ctx: Context,
    @Arg('endpointId', () => ID) endpointId: string,
    @Arg('customerId', () => ID, { description: 'As deliveries tell it; it may be excluded by now.' })
    customerId: string,
  ): Promise<SkipDeadDeliveryPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => ({
        waitingEvents: await skipDeadDelivery(
          ctx.changing('WEBHOOK_ENDPOINT', endpointId).db,
          owner.id,
          idOf('endpointId', endpointId),
          idOf('customerId', customerId),
        ),
      }),
      { waitingEvents: null },
    );
  }
}
