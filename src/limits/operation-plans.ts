import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { valueOf, type Cost } from './cost.js';
import { LimitExceeded } from './limit-exceeded.js';
import { limits } from './limits.js';
import { costOfOperation } from './operation-cost.js';
import { webhookChangesIn } from './webhook-changes.js';
import { variableLimits, type DemandModestVariables } from './variable-limits.js';

/** What is to be judged of an operation each time it is sent. */
export interface OperationPlan {
  /** @throws Refusal BAD_USER_INPUT for variables beyond a limit */
  demandModestVariables: DemandModestVariables;
  /** What it costs with these variables, in points: 1 at least. @throws LimitExceeded when that is too much for any key */
  costWith: (variables: Readonly<Record<string, unknown>>) => number;
  /** How many changes of webhooks are in it. */
  webhookChanges: number;
}

/** The plans of operations of valid documents, made once for each. */
export class OperationPlans {
  private readonly plans = new WeakMap<OperationDefinitionNode, OperationPlan>();
  private readonly limitsOf: ReturnType<typeof variableLimits>;

  constructor(private readonly schema: GraphQLSchema) {
    this.limitsOf = variableLimits(schema);
  }

  of(document: DocumentNode, operation: OperationDefinitionNode): OperationPlan {
    const before = this.plans.get(operation);
    if (before) return before;
    const plan: OperationPlan = {
      demandModestVariables: this.limitsOf(document, operation),
      webhookChanges: webhookChangesIn(operation),
      costWith: costWith(costOfOperation(this.schema, document, operation)),
    };
    this.plans.set(operation, plan);
    return plan;
  }
}

function costWith(cost: Cost): OperationPlan['costWith'] {
  return (variables) => {
    const points = Math.max(1, Math.round(valueOf(cost, variables)));
    if (points > limits.cost.most) throw new LimitExceeded('BAD_USER_INPUT', 'cost', points);
    return points;
  };
}
