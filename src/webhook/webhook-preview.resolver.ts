import { Arg, Args, ArgsType, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { CustomerIdentifierInput } from '../customer/customer-identifier.input.js';
import { identifyCustomer } from '../customer/identify-customers.js';
import type { Problem } from '../errors.js';
import { idOf } from '../graphql/ids.js';
import { DateTime } from '../graphql/scalars.js';
import { answer, UserError } from '../graphql/user-error.js';
import { previewWebhook, type Preview } from './preview-webhook.js';
import type { Difference } from './template/differences.js';

@ObjectType({ description: 'One place where a body differs from the one before it.', simpleResolvers: true })
class WebhookDifference implements Difference {
  @Field(() => String, {
    description: 'Of JSON the path, `CUSTOMERTAGS.0.CUSTOMERTAGVALUE`; else `line 3`, or of a form `pair 3`.',
  })
  path!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the endpoint accepted last, of JSON as JSON; null: nothing.',
  })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'What the template gives, of JSON as JSON; null: nothing.' })
  after!: string | null;
}

@ObjectType({ description: 'What a template would send of a customer. Nothing was sent.', simpleResolvers: true })
class WebhookPreview implements Preview {
  @Field(() => String, { description: 'The body, or with GET the query; as far as it gets where userErrors has more.' })
  body!: string;

  @Field(() => String, { description: 'As the header would tell it.' })
  contentType!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What the endpoint accepted last of this customer, within 14 days and up to 64 KiB. Without a template: the default body of the event that was sent last, with the customer as it is now.',
  })
  lastBody!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When lastBody was sent.' })
  lastSentAt!: Date | null;

  @Field(() => [WebhookDifference], { description: 'Between lastBody and body, up to 500; none without a lastBody.' })
  differences!: Difference[];

  @Field(() => [String], { description: 'What looks like a code and is none: it is sent as it stands (A51).' })
  warnings!: string[];

  @Field(() => [UserError], { description: 'Why nothing can be shown, or why the template would not be stored.' })
  userErrors!: Problem[];
}

@ArgsType()
class PreviewWebhookArgs {
  @Field(() => String, { description: 'As in WebhookEndpointInput.' })
  template!: string;

  @Field(() => String, { nullable: true, description: "As in WebhookEndpointInput. Default: the endpoint's." })
  method?: string | null;

  @Field(() => String, { nullable: true, description: "As in WebhookEndpointInput. Default: the endpoint's." })
  contentType?: string | null;

  @Field(() => Boolean, { nullable: true, description: "As in WebhookEndpointInput. Default: the endpoint's." })
  moneyDecimalComma?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'The endpoint whose last body the preview is compared with.' })
  endpointId?: string | null;
}

const nothing = {
  ...{ body: '', contentType: '', lastBody: null, lastSentAt: null },
  ...{ differences: [], warnings: [] },
};

@Resolver()
export class WebhookPreviewResolver {
  @Query(() => WebhookPreview, {
    description:
      'Fills a webhook template in for a customer, sends nothing, and tells the differences from the last body that the endpoint accepted for this customer. Scope webhooks:manage.',
  })
  previewWebhook(
    @Ctx() ctx: Context,
    @Args(() => PreviewWebhookArgs) args: PreviewWebhookArgs,
    @Arg('customer', () => CustomerIdentifierInput) customer: CustomerIdentifierInput,
  ): Promise<WebhookPreview> {
    const owner = ctx.owner('webhooks:manage');
    const { template, method, contentType, moneyDecimalComma } = args;
    return answer(async () => {
      const endpointId = args.endpointId == null ? null : idOf('endpointId', args.endpointId);
      const named = { field: 'customer', showExcluded: false };
      const customerId = await identifyCustomer(ctx.read, owner.id, customer, named);
      const given = {
        method: method ?? undefined,
        contentType: contentType ?? undefined,
        moneyDecimalComma: moneyDecimalComma ?? undefined,
      };
      const request = { template, endpointId, customerId, ...given };
      return previewWebhook(await ctx.read.sql(), owner.id, request, ctx.hub.clock.at());
    }, nothing);
  }
}
