import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import type { Problem } from '../errors.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { idOf } from '../graphql/ids.js';
import { answer, UserError } from '../graphql/user-error.js';
import { ContactInfo } from './contact-info.entity.js';
import { ContactInfoInput } from './contact-info.input.js';
import { createContactInfo, deleteContactInfo, updateContactInfo } from './contact-infos.js';
import { CustomerIdentifierInput } from './customer-identifier.input.js';
import { lockCustomer } from './lock-customer.js';
import { PostalAddress } from './postal-address.type.js';

@ObjectType({ description: 'The contact info after the write; null with userErrors.' })
class ContactInfoPayload {
  @Field(() => ContactInfo, { nullable: true })
  contactInfo!: ContactInfo | null;

  @Field(() => [UserError])
  userErrors!: Problem[];
}

@Resolver(() => ContactInfo)
export class ContactInfoResolver {
  @FieldResolver(() => PostalAddress, { nullable: true, description: 'For POSTAL_ADDRESS; null for the other kinds.' })
  address(@Root() info: ContactInfo): PostalAddress | null {
    if (info.value !== null) return null;
    return {
      name: info.addressName,
      street: info.addressStreet,
      postalCode: info.addressPostalCode,
      city: info.addressCity,
      region: info.addressRegion,
      country: info.addressCountry,
    };
  }

  @Mutation(() => ContactInfoPayload, {
    description: 'Adds a way to reach a customer (T7). Triggers UPDATED. Scope customers:write.',
  })
  createContactInfo(
    @Ctx() ctx: Context,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
    @Arg('input', () => ContactInfoInput) input: ContactInfoInput,
  ): Promise<ContactInfoPayload> {
    const owner = ctx.owner('customers:write');
    const options = { field: 'customer', showExcluded: ctx.showExcluded };
    const work = () =>
      ctx.write(owner, async (tx) => createContactInfo(tx, await lockCustomer(tx, customer, options), input));
    return answer(async () => ({ contactInfo: await work() }), { contactInfo: null });
  }

  @Mutation(() => ContactInfoPayload, {
    description: 'Replaces a contact info. Triggers UPDATED when something changes. Scope customers:write.',
  })
  updateContactInfo(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => ContactInfoInput) input: ContactInfoInput,
  ): Promise<ContactInfoPayload> {
    const owner = ctx.owner('customers:write');
    const work = () => ctx.write(owner, (tx) => updateContactInfo(tx, idOf('id', id), input, ctx.showExcluded));
    return answer(async () => ({ contactInfo: await work() }), { contactInfo: null });
  }

  @Mutation(() => DeletePayload, { description: 'Deletes a contact info. Triggers UPDATED. Scope customers:write.' })
  deleteContactInfo(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<DeletePayload> {
    const owner = ctx.owner('customers:write');
    return answer(
      async () => {
        await ctx.write(owner, (tx) => deleteContactInfo(tx, idOf('id', id), ctx.showExcluded));
        return { deletedId: id };
      },
      { deletedId: null },
    );
  }
}
