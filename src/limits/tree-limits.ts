import {
  getNamedType,
  isInputObjectType,
  Kind,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import { Refusal } from '../errors.js';
import { limits } from './limits.js';

const mostObjects = limits.criteria.most;
const deepest = limits.criteriaDepth.most;

/** The input types that may hold themselves, such as the criteria of a search: a value of one has no size by its type. */
export function recursiveInputs(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  return new Set(types.filter((type) => reaches(type, type, new Set())).map(({ name }) => name));
}

/**
 * Judges variables of such types before graphql-js reads them: a request of 32 MiB of empty objects would keep it busy
 * for minutes, one of 5,000 nested ones overflow its stack. What stands in the document is bounded by its tokens.
 * @throws Refusal BAD_USER_INPUT
 */
export function demandSmallTrees(
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> | null | undefined,
  recursive: ReadonlySet<string>,
): void {
  for (const { type, variable } of operation.variableDefinitions ?? [])
    if (recursive.has(nameOf(type)) && !isSmall(variables?.[variable.name.value]))
      throw new Refusal('BAD_USER_INPUT', `$${variable.name.value}: at most ${mostObjects} objects, ${deepest} deep`);
}

function reaches(from: GraphQLInputObjectType, wanted: GraphQLInputObjectType, seen: Set<string>): boolean {
  return Object.values(from.getFields()).some((field) => {
    const type = getNamedType(field.type);
    if (type === wanted) return true;
    if (!isInputObjectType(type) || seen.has(type.name)) return false;
    seen.add(type.name);
    return reaches(type, wanted, seen);
  });
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

/** Level by level, so that depth costs no stack. Lists count as they nest, plain values do not. */
function isSmall(value: unknown): boolean {
  let level = [value].filter(isObject);
  let objects = 0;
  for (let depth = 0; level.length > 0; depth++) {
    objects += level.length;
    if (objects > mostObjects || depth > 2 * deepest) return false;
    level = level.flatMap((object) => Object.values(object).filter(isObject));
  }
  return true;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
