import { Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { Documents } from './documents.js';
import { OperationPlans } from './operation-plans.js';
import { isObject } from '../format/json-object.js';

type Variables = Readonly<Record<string, unknown>>;

/** What every operation passes on its way in, over HTTP and over WebSocket. One for both. */
export class Admission {
  readonly documents: Documents;
  private readonly plans: OperationPlans;

  constructor(schema: GraphQLSchema) {
    this.documents = new Documents(schema);
    this.plans = new OperationPlans(schema);
  }

  /**
   * Judges the variables of an operation of a valid document, and has its key pay for it: once, however often it is
   * called for one context. @throws Refusal BAD_USER_INPUT beyond a limit, RATE_LIMITED when the key has not enough left
   */
  admit(ctx: Context, document: DocumentNode, operation: OperationDefinitionNode, given: unknown): void {
    const variables = isObject(given) ? given : {};
    const plan = this.plans.of(document, operation);
    plan.demandModestVariables(variables);
    const cost = plan.costWith(variables);
    if (plan.webhookChanges > 0) ctx.hub.webhookChanges.take(ctx.caller, plan.webhookChanges);
    ctx.pay(cost);
  }

  /** Of a valid document. @throws LimitExceeded for an operation that costs too much whatever its variables are */
  demandAffordable(document: DocumentNode): void {
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const shortest = (operation.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, 0]);
      this.plans.of(document, operation).costWith(Object.fromEntries(shortest) as Variables);
    }
  }

  /** The same as `admit`; false where it refuses. */
  admits(ctx: Context, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): boolean {
    try {
      this.admit(ctx, document, operation, variables);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }
}
