import { Arg, Ctx, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { isId } from '../graphql/ids.js';
import { findEndpoint } from './find-endpoints.js';
import { countParked, parkedPage, type ParkedFilter } from './find-parked.js';
import { ParkedCustomer, parkedStates, type ParkedState } from './parked-customer.type.js';

@ObjectType({ description: 'A page of the customers that wait for an endpoint.' })
export class ParkedCustomerConnection extends connectionType('ParkedCustomer', ParkedCustomer) {
  filter!: ParkedFilter;
}

@Resolver(() => ParkedCustomerConnection)
export class ParkedResolver {
  @Query(() => ParkedCustomerConnection, {
    description:
      'Customers whose delivery to an endpoint failed, by customer id, in pages of up to 100: those that are tried again, and dead letters (B.7). BAD_USER_INPUT for an unknown endpoint. Scope webhooks:manage.',
  })
  async webhookParked(
    @Ctx() ctx: Context,
    @Arg('endpointId', () => ID) endpointId: string,
    @Arg('state', () => parkedStates, { nullable: true, description: 'Default: both.' }) state?: ParkedState | null,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
  ): Promise<ParkedCustomerConnection> {
    const owner = ctx.owner('webhooks:manage');
    const page = pageOf({ first, after });
    const endpoint = isId(endpointId) ? await findEndpoint(ctx.read, owner.id, endpointId) : null;
    if (!endpoint) throw new Refusal('BAD_USER_INPUT', 'invalid endpointId (no such webhook endpoint)');
    const filter = { endpointId, state: state ?? null };
    return { ...connectionOf(page, await parkedPage(ctx.read, owner.id, filter, page)), filter };
  }

  @FieldResolver(() => Int, { description: 'How many customers match.' })
  totalCount(@Ctx() ctx: Context, @Root() connection: ParkedCustomerConnection): Promise<number> {
    return countParked(ctx.read, ctx.owner('webhooks:manage').id, connection.filter);
  }
}
