import { Field, InputType } from 'type-graphql';
import { ContactInfoKind, ContactInfoPurpose } from './contact-info.entity.js';

@InputType({ description: 'A postal address; at least one part must be given.' })
export class PostalAddressInput {
  @Field(() => String, { nullable: true, description: 'Addressee, up to 100 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Street and number, may have several lines; up to 150 characters.',
  })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 16 characters.' })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 100 characters.' })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State or province, up to 100 characters.' })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, either case.' })
  country?: string | null;
}

@InputType({ description: 'A way to reach a customer: a value, or an address for POSTAL_ADDRESS; never both.' })
export class ContactInfoInput {
  @Field(() => ContactInfoKind)
  kind!: ContactInfoKind;

  @Field(() => ContactInfoPurpose, { nullable: true, defaultValue: ContactInfoPurpose.GENERAL })
  purpose?: ContactInfoPurpose | null;

  @Field(() => String, { nullable: true, description: 'A name for people, up to 100 characters.' })
  label?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address up to 100 characters, or up to 30 digits, spaces, + - ( ).',
  })
  value?: string | null;

  @Field(() => PostalAddressInput, { nullable: true })
  address?: PostalAddressInput | null;
}
