import { getNullableType, isInputObjectType, type GraphQLInputType } from 'graphql';
import { limits } from './limits.js';
import type { Excess } from './variable-limits.js';

/** Rows of bulk calls: many, and each one judged by itself, so that one of them does not refuse the others. */
const rowTypes = new Set(['CustomerRowInput', 'CustomerUpdateRowInput', 'OrderInput', 'BookingInput']);

export function holdsRows(given: GraphQLInputType): boolean {
  const type = getNullableType(given);
  return isInputObjectType(type) && rowTypes.has(type.name);
}

/** What no judge of a row should be given: values of any depth, or longer than whole templates. */
export function tooMuchInRows(rows: readonly unknown[]): Excess | null {
  for (let i = 0; i < rows.length; i++) {
    const excess = tooMuchIn(rows[i], 0);
    if (excess) return { ...excess, path: `.${i}${excess.path}` };
  }
  return null;
}

function tooMuchIn(value: unknown, depth: number): Excess | null {
  if (typeof value === 'string')
    return value.length > limits.textCharacters.most
      ? { limit: 'textCharacters', found: value.length, path: '' }
      : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depth > limits.rowDepth.most) return { limit: 'rowDepth', found: null, path: '' };
  if (Array.isArray(value) && value.length > limits.listItems.most + 1)
    return { limit: 'listItems', found: value.length, path: '' };
  let n = 0;
  for (const name in value) {
    if (++n > limits.listItems.most + 1) return { limit: 'objectFields', found: null, path: '' };
    const excess = tooMuchIn((value as Record<string, unknown>)[name], depth + 1);
    if (excess) return { ...excess, path: `.${name}${excess.path}` };
  }
  return null;
}
