import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import type { Problem } from '../errors.js';
import { DeletePayload } from '../graphql/delete-payload.js';
import { idOf } from '../graphql/ids.js';
import { answer, UserError } from '../graphql/user-error.js';
import { createEndpoint } from './create-endpoint.js';
import { deleteEndpoint } from './delete-endpoint.js';
import { findEndpoints } from './find-endpoints.js';
import { rotateSecret } from './rotate-secret.js';
import { shownConditions } from './shown-conditions.js';
import { templateWarnings } from './template/check-template.js';
import { updateEndpoint } from './update-endpoint.js';
import { WebhookConditions } from './webhook-conditions.type.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointInput } from './webhook-endpoint.input.js';

@ObjectType({ description: 'The endpoint that was made or changed; null with userErrors.' })
class WebhookEndpointPayload {
  @Field(() => WebhookEndpoint, { nullable: true })
  webhookEndpoint!: WebhookEndpoint | null;

  @Field(() => String, { nullable: true, description: 'The signing secret when it was made or rotated: this once.' })
  secret!: string | null;

  @Field(() => [String], {
    description: 'What in the template looks like a code and is none: it is sent as it stands (A51).',
  })
  warnings!: string[];

  @Field(() => [UserError])
  userErrors!: Problem[];
}

const nothing = { webhookEndpoint: null, secret: null, warnings: [] };

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Query(() => [WebhookEndpoint], {
    description: 'The webhook endpoints of the owner, oldest first. Scope webhooks:manage.',
  })
  webhookEndpoints(@Ctx() ctx: Context): Promise<WebhookEndpoint[]> {
    return findEndpoints(ctx.read, ctx.owner('webhooks:manage').id);
  }

  @FieldResolver(() => WebhookConditions, {
    nullable: true,
    description: 'What must hold of the snapshot that is sent; null: nothing.',
  })
  conditions(@Root() endpoint: WebhookEndpoint, @Ctx() ctx: Context): Promise<WebhookConditions> | null {
    const { conditions } = endpoint;
    return (
      conditions && shownConditions(conditions, (ids) => Promise.all(ids.map((id) => ctx.loaders.tagName.load(id))))
    );
  }

  @FieldResolver(() => [String], { description: 'Names of the headers of your own; their values are not shown.' })
  headerNames(@Root() endpoint: WebhookEndpoint): string[] {
    return endpoint.headers.map((header) => header.name);
  }

  @Mutation(() => WebhookEndpointPayload, {
    description:
      'Makes an endpoint: it is told of what happens from now on. Answers the signing secret, once. Scope webhooks:manage.',
  })
  createWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => WebhookEndpointInput) input: WebhookEndpointInput,
  ): Promise<WebhookEndpointPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(async () => {
      await ctx.close(); // fields of the answer read what is written here
      return warned(await createEndpoint(ctx.changing('WEBHOOK_ENDPOINT'), owner.id, input));
    }, nothing);
  }

  @Mutation(() => WebhookEndpointPayload, {
    description:
      'Changes an endpoint; what the input leaves out stays. In force within a second. Scope webhooks:manage.',
  })
  updateWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('id', () => ID) id: string,
    @Arg('input', () => WebhookEndpointInput) input: WebhookEndpointInput,
  ): Promise<WebhookEndpointPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(async () => {
      await ctx.close();
      const hub = ctx.changing('WEBHOOK_ENDPOINT', id);
      return warned({ webhookEndpoint: await updateEndpoint(hub, owner.id, idOf('id', id), input), secret: null });
    }, nothing);
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes an endpoint; the log of its deliveries stays for 14 days. Scope webhooks:manage.',
  })
  deleteWebhookEndpoint(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<DeletePayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(
      async () => {
        await ctx.close();
        await deleteEndpoint(ctx.changing('WEBHOOK_ENDPOINT', id).db, owner.id, idOf('id', id));
        return { deletedId: id };
      },
      { deletedId: null },
    );
  }

  @Mutation(() => WebhookEndpointPayload, {
    description:
      'Gives an endpoint a new signing secret, answered once. The old one signs for 24 hours more; up to 3 are live. Scope webhooks:manage.',
  })
  rotateWebhookSecret(@Ctx() ctx: Context, @Arg('id', () => ID) id: string): Promise<WebhookEndpointPayload> {
    const owner = ctx.owner('webhooks:manage');
    return answer(async () => {
      await ctx.close();
      return warned(await rotateSecret(ctx.changing('WEBHOOK_ENDPOINT', id), owner.id, idOf('id', id)));
    }, nothing);
  }
}

function warned<T extends { webhookEndpoint: WebhookEndpoint }>(made: T): T & { warnings: string[] } {
  const { template } = made.webhookEndpoint;
  return { ...made, warnings: template === null ? [] : templateWarnings({ ...made.webhookEndpoint, template }) };
}
