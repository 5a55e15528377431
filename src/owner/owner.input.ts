import { Field, InputType } from 'type-graphql';
import { VatStatus } from '../customer/customer-enums.js';

@InputType({ description: 'An owner; updateOwner picks it by code and leaves as it is what is not given.' })
export class OwnerInput {
  @Field(() => String, { description: '3 to 12 letters or digits, unique without regard to case.' })
  code!: string;

  @Field(() => String, { nullable: true, description: '1 to 100 characters; default: the code.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'IANA name such as Europe/Copenhagen; default UTC. A change recomputes all snapshots (A62).',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 4217; default EUR. Cannot change once there are orders (A60).',
  })
  currency?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 639-1; default en.' })
  language?: string | null;

  @Field(() => [VatStatus], {
    nullable: true,
    description: 'VAT statuses that may be set on customers (A45); default: all seven.',
  })
  enabledVatStatuses?: VatStatus[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'City codes that PARTNER rows may have (A25): 3 or 4 letters or digits each; null or none: no list.',
  })
  knownCities?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Notification languages that PARTNER rows may have (A26): ISO 639-1; null or none: no list.',
  })
  notifyLanguages?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether new bookings may notify their guest (C6); default false.',
  })
  notifyNewBookings?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'The global switch of guest feeds (C3); default false.' })
  guestFeedsActive?: boolean | null;
}
