import { Arg, Ctx, FieldResolver, ID, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { identifyCustomer } from '../customer/identify-customers.js';
import { Refusal } from '../errors.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { idOf } from '../graphql/ids.js';
import { refusing } from '../graphql/refusing.js';
import { version } from '../version.js';
import { deliveryStates, type DeliveryState } from './delivery-state.js';
import { Delivery } from './delivery.entity.js';
import { countDeliveries, deliveriesPage, type DeliveryFilter } from './find-deliveries.js';
import { sendTest } from './send-test.js';

@ObjectType({ description: 'A page of the log of attempts.' })
export class DeliveryConnection extends connectionType('Delivery', Delivery) {
  filter!: DeliveryFilter;
}

@Resolver(() => DeliveryConnection)
export class DeliveryResolver {
  @Query(() => DeliveryConnection, {
    description:
      'Attempts to deliver of the last 14 days, the newest first, in pages of up to 100. Scope webhooks:manage.',
  })
  async deliveries(
    @Ctx() ctx: Context,
    @Arg('endpointId', () => ID, { nullable: true }) endpointId?: string | null,
    @Arg('customerId', () => ID, { nullable: true }) customerId?: string | null,
    @Arg('state', () => deliveryStates, { nullable: true }) state?: DeliveryState | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<DeliveryConnection> {
    const owner = ctx.owner('webhooks:manage');
    const filter = {
      endpointId: givenId('endpointId', endpointId),
      customerId: givenId('customerId', customerId),
      state: state ?? null,
    };
    const page = pageOf({ first, after });
    return { ...connectionOf(page, await deliveriesPage(ctx.read, owner.id, filter, page)), filter };
  }

  @FieldResolver(() => Int, { description: 'How many attempts match.' })
  totalCount(@Ctx() ctx: Context, @Root() connection: DeliveryConnection): Promise<number> {
    return countDeliveries(ctx.read, ctx.owner('webhooks:manage').id, connection.filter);
  }

  @Mutation(() => Delivery, {
    description:
      'Sends a test (webhook-event: webhook.test) at once and tells what came of it; with a customer, the body has its snapshot. Scope webhooks:manage.',
  })
  async sendTestWebhook(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('customer', () => CustomerIdentifierInput, { nullable: true }) customer?: CustomerIdentifierInput | null,
  ): Promise<Delivery> {
    const owner = ctx.owner('webhooks:manage');
    return refusing(async () => {
      const endpointId = idOf('id', id);
      const named = { field: 'customer', showExcluded: false };
      const customerId = customer ? await identifyCustomer(ctx.read, owner.id, customer, named) : null;
      await ctx.close(); // no connection is held while the receiver answers
      return sendTest(ctx.hub, { ownerId: owner.id, endpointId, customerId }, version);
    });
  }
}

function givenId(argument: string, id: string | null | undefined): string | null {
  if (id == null) return null;
  if (/^[1-9]\d{0,17}$/.test(id)) return id;
  throw new Refusal('BAD_USER_INPUT', `${argument}: no such id`);
}
