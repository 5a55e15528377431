import { getNamedType, isLeafType, isObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql';

export type Field = GraphQLField<unknown, unknown>;
export const fieldsOf = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());
export const objectOf = ({ type }: Field): GraphQLObjectType | null => {
  const inner = getNamedType(type);
  return isObjectType(inner) ? inner : null;
};

/** A field with all that can be selected below it, so many levels deep; `first` rows of each list. */
export function selection(field: Field, deep: number, first: number): string {
  const type = objectOf(field);
  const args = field.args.some(({ name }) => name === 'first') ? `(first: ${first})` : '';
  if (!type) return field.name + args;
  const below = fieldsOf(type).filter((one) => isLeafType(getNamedType(one.type)) || deep > 1);
  const selected = below.map((one) => selection(one, deep - 1, first)).join(' ');
  return below.length > 0 ? `${field.name}${args} { ${selected} }` : '';
}
