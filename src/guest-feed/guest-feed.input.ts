import { Field, InputType, Int } from 'type-graphql';
import { guestFeedKinds, type GuestFeedKind } from './channels.js';

@InputType({
  description:
    'Settings of a guest feed. When updating, what is left out stays as it is and null restores the default.',
})
export class GuestFeedInput {
  @Field(() => guestFeedKinds, { nullable: true, description: 'Default: CUSTOMER_ALLIANCE.' })
  kind?: GuestFeedKind | null;

  @Field(() => String, { description: '1 to 100 characters; stands in the history of each stay that was sent (C8).' })
  name!: string;

  @Field(() => String, { description: 'https and a public address, unless the operator allows more.' })
  baseUrl!: string;

  @Field(() => String, {
    description:
      '1 to 100 characters (C2). Kept encrypted, never shown. When updating, an empty text keeps the stored one, unless baseUrl leads elsewhere.',
  })
  hotelId!: string;

  @Field(() => String, {
    description:
      '1 to 255 visible ASCII characters (C2). Kept encrypted, never shown. When updating, an empty text keeps the stored one, unless baseUrl leads elsewhere.',
  })
  accessKey!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Cron expression of five fields in the owner's time zone. Default: 0 3 * * *, once a day (C4). A time that the change to summer time skips comes right after it.",
  })
  schedule?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Default: false. True also starts again what the hub has stopped.',
  })
  active?: boolean | null;

  @Field(() => Int, { nullable: true, description: '0 to 365. Default: 0.' })
  lookBackDays?: number | null;
}
