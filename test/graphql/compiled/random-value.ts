import { isEnumType, isListType, isNonNullType, isObjectType, type GraphQLOutputType } from 'graphql';
import type { Chance } from './random-document.js';

export type Faults = null | 'now' | 'later';

/**
 * What a resolver could give for a type: now and then a promise, and with `faults` also an error, null where none may
 * be, a function, or what is no list; all of them at once without any promise, or all by promises: where both meet in a
 * list, graphql-js itself leaves rejections unhandled. An object gives the same for a field whenever it is asked.
 */
export function randomValue(type: GraphQLOutputType, chance: Chance, faults: Faults): unknown {
  if (faults) {
    const value = planted[chance(200)];
    if (value) return faults === 'later' ? Promise.resolve(value()) : value();
  }
  if (!isNonNullType(type) && chance(8) === 0) return null;
  const value = soundValue(isNonNullType(type) ? type.ofType : type, chance, faults);
  return chance(5) === 0 && faults !== 'now' ? Promise.resolve(value) : value;
}

const planted: (() => unknown)[] = [
  () => new Error('an error as a value'),
  () => null,
  () => () => 'by a function',
  () => new Set(['by a set']),
];

function soundValue(type: GraphQLOutputType, chance: Chance, faults: Faults): unknown {
  if (isListType(type))
    return Array.from({ length: chance(4) }, () => randomValue(type.ofType as GraphQLOutputType, chance, faults));
  if (isEnumType(type)) return type.getValues()[0]!.value;
  if (!isObjectType(type)) return scalars[String(type)] ?? 'text';
  const fields = type.getFields();
  const given = new Map<string | symbol, unknown>();
  return new Proxy(
    {},
    {
      get: (_, name) => {
        if (!given.has(name))
          given.set(name, fields[name as string] && randomValue(fields[name as string]!.type, chance, faults));
        return given.get(name);
      },
    },
  );
}

const scalars: Record<string, unknown> = {
  Int: 7,
  Float: 0.5,
  Boolean: true,
  DateTime: new Date(0),
  Date: '2026-01-01',
};
