/** A node of a plan as EXPLAIN tells it in JSON. */
export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Every node of a plan that reads a table or an index. */
export function scansOf(plan: Plan): Plan[] {
  const below = (plan.Plans ?? []).flatMap(scansOf);
  return plan['Node Type'].includes('Scan') ? [plan, ...below] : below;
}

/** The most rows that one of them has looked at, those that a filter removed among them. */
export const examined = (plan: Plan): number =>
  Math.max(
    0,
    ...scansOf(plan).map(
      (scan) =>
        (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0) + (scan['Rows Removed by Index Recheck'] ?? 0)) *
        scan['Actual Loops'],
    ),
  );
