import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { demandOfDocument } from './limit-exceeded.js';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Counts what graphql-js compares to see whether fields can be merged: of fields that answer under one name in one place
 * each with each, and with the fields below them again. To be called for a document of few selections without cycles.
 * @throws LimitExceeded
 */
export function demandFewPairs(roots: readonly { selectionSet: SelectionSetNode }[], fragments: Fragments): void {
  const budget = { pairs: 0 };
  for (const { selectionSet } of roots) countPairs([selectionSet], fragments, budget);
}

function countPairs(sets: readonly SelectionSetNode[], fragments: Fragments, budget: { pairs: number }): void {
  for (const [name, { times, below }] of mergedFields(sets, fragments)) {
    budget.pairs += (times * (times - 1)) / 2;
    demandOfDocument('mergedPairs', budget.pairs, name);
    if (below.length > 0) countPairs(below, fragments, budget);
  }
}

interface Merged {
  times: number;
  below: SelectionSetNode[];
}

/** By the names under which they answer; a fragment counts once, as in graphql-js. */
function mergedFields(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, Merged> {
  const fields = new Map<string, Merged>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const fragment = visited.has(name) ? undefined : fragments.get(name);
        visited.add(name);
        if (fragment) collect(fragment.selectionSet);
      } else {
        const name = (selection.alias ?? selection.name).value;
        const field = fields.get(name) ?? { times: 0, below: [] };
        fields.set(name, field);
        field.times++;
        if (selection.selectionSet) field.below.push(selection.selectionSet);
      }
    }
  };
  sets.forEach(collect);
  return fields;
}
