import { Kind, type OperationDefinitionNode, type TypeNode, type ValueNode } from 'graphql';
import { sumOf, type Cost } from './cost.js';

/** How many items are in the lists of an argument: those of the lists themselves and of its objects, no deeper. */
export function itemsIn(value: ValueNode, operation: OperationDefinitionNode): Cost {
  if (value.kind === Kind.LIST)
    return sumOf([value.values.length, ...value.values.map((one) => itemsIn(one, operation))]);
  if (value.kind === Kind.OBJECT) return sumOf(value.fields.map((field) => itemsIn(field.value, operation)));
  if (value.kind !== Kind.VARIABLE) return 0;
  const name = value.name.value;
  if (isValue(definitionOf(name, operation)?.type)) return 0;
  return (variables) => itemsOf(variables[name]);
}

/** A number that an argument is given; `otherwise` where none is. Below zero, which is refused elsewhere: zero. */
export function numberIn(value: ValueNode, operation: OperationDefinitionNode, otherwise: number): Cost {
  if (value.kind === Kind.INT) return Math.max(0, Number(value.value));
  if (value.kind !== Kind.VARIABLE) return otherwise;
  const name = value.name.value;
  const given = definitionOf(name, operation)?.defaultValue;
  const usual = given?.kind === Kind.INT ? Number(given.value) : otherwise;
  return (variables) => {
    const number = variables[name];
    return typeof number === 'number' ? Math.max(0, number) : usual;
  };
}

const definitionOf = (name: string, { variableDefinitions = [] }: OperationDefinitionNode) =>
  variableDefinitions.find(({ variable }) => variable.name.value === name);

/** The types of the specification that hold no lists; of all others the value tells. */
const valueTypes = new Set(['ID', 'String', 'Int', 'Float', 'Boolean']);

function isValue(type: TypeNode | undefined): boolean {
  if (type?.kind === Kind.NON_NULL_TYPE) return isValue(type.type);
  return type?.kind === Kind.NAMED_TYPE && valueTypes.has(type.name.value);
}

function itemsOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > deepest) return 0;
  let items = 0;
  if (Array.isArray(value)) return value.length;
  for (const part of Object.values(value)) items += itemsOf(part, depth + 1);
  return items;
}

/** Criteria within criteria; rows are counted by the list that they stand in. */
const deepest = 6;
