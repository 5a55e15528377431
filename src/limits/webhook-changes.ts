import { Kind, OperationTypeNode, type OperationDefinitionNode } from 'graphql';
import type { Caller } from '../access/caller.js';
import { RateLimited } from './points.js';
import { TokenBuckets } from './token-buckets.js';

/** What makes or changes the targets of the hub's own requests, or has it send one. */
const managing = new Set([
  'createWebhookEndpoint',
  'updateWebhookEndpoint',
  'deleteWebhookEndpoint',
  'rotateWebhookSecret',
  'sendTestWebhook',
]);

/** How many of them are in an operation. */
export function webhookChangesIn({ operation, selectionSet }: OperationDefinitionNode): number {
  if (operation !== OperationTypeNode.MUTATION) return 0;
  return selectionSet.selections.filter((one) => one.kind !== Kind.FIELD || managing.has(one.name.value)).length;
}

/** How often a key may do so: with it the hub could be made to knock at door after door. */
export class WebhookChanges {
  private readonly allowed: TokenBuckets;

  constructor(private readonly perMinute: number) {
    this.allowed = new TokenBuckets(perMinute, perMinute / 60);
  }

  /** @throws RateLimited, and takes nothing */
  take({ kind, id }: Caller, changes: number): void {
    const waitMs = this.allowed.take(`${kind} ${id}`, changes);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new RateLimited(`webhooks are changed ${this.perMinute} times a minute: try again in ${seconds} s`, seconds);
  }
}
