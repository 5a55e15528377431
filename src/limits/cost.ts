type Variables = Readonly<Record<string, unknown>>;

/** Points, or how they come from the variables as they were sent: where none matters, nothing is left to be computed. */
export type Cost = number | ((variables: Variables) => number);

export function sumOf(costs: readonly Cost[]): Cost {
  let fixed = 0;
  const varying: Exclude<Cost, number>[] = [];
  for (const cost of costs)
    if (typeof cost === 'number') fixed += cost;
    else varying.push(cost);
  if (varying.length === 0) return fixed;
  return (variables) => varying.reduce((sum, cost) => sum + cost(variables), fixed);
}

export function productOf(a: Cost, b: Cost): Cost {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  return (variables) => valueOf(a, variables) * valueOf(b, variables);
}

export const valueOf = (cost: Cost, variables: Variables): number =>
  typeof cost === 'number' ? cost : cost(variables);
