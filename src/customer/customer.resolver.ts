import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  FieldResolver,
  Info,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { demandScope } from '../access/caller.js';
import { setMarketingConsent } from '../consent/set-marketing-consent.js';
import { ConsentInput } from '../consent/consent.input.js';
import type { Context } from '../context.js';
import { linkExternalSystem, unlinkExternalSystem } from '../external-system/link-external-system.js';
import { connectionOf, connectionType, pageSizeOf } from '../graphql/connection.js';
import { selectedFields } from '../graphql/selected-fields.js';
import { answer } from '../graphql/user-error.js';
import { changeCustomer } from './change-customer.js';
import { createCustomer } from './create-customer.js';
import { VatStatus } from './customer-enums.js';
import { CustomerIdentifierInput, ExternalReferenceInput } from './customer-identifier.input.js';
import { Customer } from './customer.entity.js';
import { CreateCustomerInput, UpdateCustomerInput } from './customer.input.js';
import { CustomerPayload } from './customer.payload.js';
import { checkReference } from './check-reference.js';
import { setCustomerExcluded } from './exclusion.js';
import { customerNamed } from './customer-named.js';
import { customersText, customerText } from './customers-text.js';
import { gatherCustomers } from './gather-customers.js';
import { mostCounted, type Count } from './list/count-customers.js';
import { CustomerList } from './list/customer-list.js';
import { CustomerOrderInput } from './list/customer-order.input.js';
import { updateCustomer } from './update-customer.js';
import type { CustomerWhere } from './where/customer-criteria.js';
import { CustomerWhereInput } from './where/customer-where.input.js';

@ObjectType({ description: 'A page of customers.' })
export class CustomerConnection extends connectionType('Customer', Customer) {
  /** No field: for the two that tell how many there are. */
  count!: () => Promise<Count>;
}

@Resolver(() => CustomerConnection)
export class CustomerConnectionResolver {
  @FieldResolver(() => Int, {
    description: `How many customers meet the criteria on all pages; counted only when asked for (A46), one by one up to ${mostCounted}, and more are estimated.`,
  })
  async totalCount(@Ctx() ctx: Context, @Root() { count }: CustomerConnection): Promise<number> {
    ctx.owner('customers:read');
    return (await count()).count;
  }

  @FieldResolver(() => Boolean, {
    description: `Whether totalCount is what the database expects by its statistics: it is where there are more than ${mostCounted}.`,
  })
  async totalCountIsEstimate(@Ctx() ctx: Context, @Root() { count }: CustomerConnection): Promise<boolean> {
    ctx.owner('customers:read');
    return (await count()).isEstimate;
  }
}

const by = 'by';

@Resolver()
export class CustomerResolver {
  @Query(() => Customer, {
    nullable: true,
    description:
      'One customer by id, customer number or external pair (T9, T10); null when there is none. Scope customers:read.',
  })
  @Extensions({ text: customerText })
  async customer(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('by', () => CustomerIdentifierInput) identifier: CustomerIdentifierInput,
  ): Promise<Customer | null> {
    const owner = ctx.owner('customers:read');
    const found = customerNamed(owner.id, identifier, ctx.showExcluded);
    const gathered = await gatherCustomers(ctx.read, found, selectedFields(info, []));
    ctx.loaders.take(gathered);
    return gathered.customers[0] ?? null;
  }

  @Query(() => CustomerConnection, {
    description:
      'The customers that meet the criteria and the search, all of them without any, in pages of up to 100: say first or last (T11). In the order that is asked for; without one, what is searched for stands best first, and all else in the order of the ids. Scope customers:read.',
  })
  @Extensions({ text: customersText })
  async customers(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => String, { nullable: true }) after?: string,
    @Arg('last', () => Int, { nullable: true }) last?: number,
    @Arg('before', () => String, { nullable: true }) before?: string,
    @Arg('search', () => String, {
      nullable: true,
      description:
        'Words, each of them a piece of a name, e-mail address, telephone number, code or external identifier, in any order; one or two letters begin a word. Case and accents do not count. Where nobody has all of them, a typing error in each word from 4 letters on is tolerated. Up to 200 characters and 10 words.',
    })
    search?: string,
    @Arg('where', () => CustomerWhereInput, { nullable: true }) where?: CustomerWhere,
    @Arg('orderBy', () => CustomerOrderInput, { nullable: true }) orderBy?: CustomerOrderInput,
  ): Promise<CustomerConnection> {
    const owner = ctx.owner('customers:read');
    const size = pageSizeOf({ first, last });
    const list = new CustomerList(ctx.read, owner.id, { where, search, orderBy, showExcluded: ctx.showExcluded });
    const page = await list.page(size, { after, before });
    const gathered = await gatherCustomers(ctx.read, page, selectedFields(info, ['edges', 'node'], ['nodes']));
    ctx.loaders.take(gathered);
    let counted: Promise<Count> | undefined;
    return {
      ...connectionOf({ ...size, after, before }, gathered.customers, page.cursorOf),
      count: () => (counted ??= list.count()),
    };
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Creates a customer. A code or pair that exists is TAKEN with existingId (A42). Triggers CREATED. Scope customers:write.',
  })
  createCustomer(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCustomerInput) input: CreateCustomerInput,
  ): Promise<CustomerPayload> {
    const owner = ctx.owner('customers:write');
    const { showExcluded, hub, caller } = ctx;
    return answer(
      async () => {
        const options = { secret: hub.secret, consentSource: caller.name, showExcluded };
        const id = await ctx.write(owner, (tx) => createCustomer(tx, input, options));
        return { customer: await ctx.loaders.customer.load(id) };
      },
      { customer: null },
    );
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Changes the fields that are given; null clears. With expectedVersion only if nobody changed it meanwhile. Triggers UPDATED (CONSENT) when something changes. Scope customers:write.',
  })
  updateCustomer(
    @Ctx() ctx: Context,
    @Arg('by', () => CustomerIdentifierInput) identifier: CustomerIdentifierInput,
    @Arg('input', () => UpdateCustomerInput) input: UpdateCustomerInput,
    @Arg('expectedVersion', () => Int, { nullable: true }) expectedVersion?: number,
  ): Promise<CustomerPayload> {
    const options = {
      expectedVersion: expectedVersion ?? null,
      consentSource: ctx.caller.name,
      showExcluded: ctx.showExcluded,
    };
    const owner = ctx.owner('customers:write');
    return changeCustomer(ctx, owner, identifier, (tx, found) => updateCustomer(tx, found, input, options), by);
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Links a customer to an external system; a link to the same system is replaced (T4, A40). Triggers UPDATED. Scope customers:write.',
  })
  linkExternalSystem(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('reference', () => ExternalReferenceInput) reference: ExternalReferenceInput,
  ): Promise<CustomerPayload> {
    const options = { field: 'reference', showExcluded: ctx.showExcluded };
    return changeCustomer(ctx, ctx.owner('customers:write'), customer, async (tx, { id }) => {
      await linkExternalSystem(tx, id, checkReference(reference), options);
    });
  }

  @Mutation(() => CustomerPayload, {
    description: 'Takes the link to a system away (A40). Triggers UPDATED. Scope customers:write.',
  })
  unlinkExternalSystem(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('system', () => String, { description: 'Code or number.' }) system: string,
  ): Promise<CustomerPayload> {
    return changeCustomer(ctx, ctx.owner('customers:write'), customer, (tx, { id }) =>
      unlinkExternalSystem(tx, id, system),
    );
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Records what a customer said about marketing. Of all statements on a channel the one that happened last counts (T2). Triggers CONSENT. Scope customers:write.',
  })
  setMarketingConsent(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('input', () => ConsentInput) input: ConsentInput,
  ): Promise<CustomerPayload> {
    return changeCustomer(ctx, ctx.owner('customers:write'), customer, (tx, { id }) =>
      setMarketingConsent(tx, id, input, ctx.caller.name),
    );
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Sets the default VAT handling: one that the owner has enabled, 2 to 6 for companies only (T12, A45). Triggers UPDATED. Scope customers:write.',
  })
  setVatStatus(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('status', () => VatStatus) status: VatStatus,
  ): Promise<CustomerPayload> {
    const options = { expectedVersion: null, consentSource: ctx.caller.name, showExcluded: ctx.showExcluded };
    return changeCustomer(ctx, ctx.owner('customers:write'), customer, (tx, found) =>
      updateCustomer(tx, found, { vatStatus: status }, options),
    );
  }

  @Mutation(() => CustomerPayload, {
    description:
      'Hides a customer from every channel, or lifts that (T3, A44). Triggers EXCLUDED or INCLUDED. Scope customers:write; lifting needs admin. Without admin the answer has no customer: it is hidden.',
  })
  setCustomerExcluded(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('excluded', () => Boolean) excluded: boolean,
  ): Promise<CustomerPayload> {
    if (!excluded) demandScope(ctx.caller, 'admin');
    return changeCustomer(ctx, ctx.owner('customers:write'), customer, (tx, found) =>
      setCustomerExcluded(tx, found, excluded),
    );
  }
}
