import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Consent } from '../consent/consent.entity.js';
import type { Context } from '../context.js';
import { ShownExternalReference } from '../external-system/external-reference.type.js';
import { CustomerSnapshot } from '../snapshot/customer-snapshot.type.js';
import { Tag } from '../tag/tag.entity.js';
import { ContactInfo } from './contact-info.entity.js';
import { CustomerUser } from './customer-user.entity.js';
import { Customer } from './customer.entity.js';
import { PartialDate } from './partial-date.type.js';

/** What hangs on a customer: each edge is one statement for all the customers of an operation. */
@Resolver(() => Customer)
export class CustomerEdgesResolver {
  @FieldResolver(() => PartialDate, {
    nullable: true,
    description: 'Each part may be unknown; null when all are (G10–G12).',
  })
  birthDate(@Root() { birthYear, birthMonth, birthDay }: Customer): PartialDate | null {
    if (birthYear === null && birthMonth === null && birthDay === null) return null;
    return { year: birthYear, month: birthMonth, day: birthDay };
  }

  @FieldResolver(() => [ContactInfo])
  contactInfos(@Ctx() ctx: Context, @Root() customer: Customer): Promise<ContactInfo[]> {
    return ctx.loaders.contactInfos.load(customer.id);
  }

  @FieldResolver(() => [ShownExternalReference])
  externalReferences(@Ctx() ctx: Context, @Root() customer: Customer): Promise<ShownExternalReference[]> {
    return ctx.loaders.externalReferences.load(customer.id);
  }

  @FieldResolver(() => [Tag], { description: 'The tags that are set.' })
  tags(@Ctx() ctx: Context, @Root() customer: Customer): Promise<Tag[]> {
    return ctx.loaders.tags.load(customer.id);
  }

  @FieldResolver(() => [Consent], {
    description: 'The consent in force on each channel that the customer spoke about.',
  })
  consents(@Ctx() ctx: Context, @Root() customer: Customer): Promise<Consent[]> {
    return ctx.loaders.consents.load(customer.id);
  }

  @FieldResolver(() => [CustomerUser], { description: 'Logins; never with a password.' })
  users(@Ctx() ctx: Context, @Root() customer: Customer): Promise<CustomerUser[]> {
    return ctx.loaders.users.load(customer.id);
  }

  @FieldResolver(() => CustomerSnapshot, {
    description: 'The computed picture, as it was stored with the last version.',
  })
  async snapshot(@Ctx() ctx: Context, @Root() customer: Customer): Promise<CustomerSnapshot> {
    const snapshot = await ctx.loaders.snapshot.load(customer.id);
    if (!snapshot) throw new Error(`customer ${customer.id} has no snapshot`);
    return snapshot;
  }
}
