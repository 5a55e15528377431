import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
} from 'graphql';

/** Chooses; the same every time for the same seed. */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/** A query with aliases, fields named twice, fragments, and fields that variables `$yes` and `$no` decide on. */
export function randomDocument(query: GraphQLObjectType, chance: Chance, deep = 3): string {
  const fragments: string[] = [];
  const selection = (type: GraphQLObjectType, depth: number): string => {
    const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)));
    const parts = ['__typename'];
    for (let n = 0; n <= chance(6) && fields.length > 0; n++)
      parts.push(part(type, fields[chance(fields.length)]!, depth));
    return `{ ${parts.join(' ')} }`;
  };
  const part = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string => {
    const inner = getNamedType(field.type);
    const below = isObjectType(inner) ? ` ${selection(inner, depth - 1)}` : '';
    // as many aliases as there are selections: two of one name must be mergeable
    const text = `a${fragments.length}_${aliases++}: ${field.name}${argumentsOf(field)}${decision(chance)}${below}`;
    if (chance(6) === 0) return `... on ${type.name}${decision(chance)} { ${text} }`;
    if (chance(6) > 0)
      return chance(5) > 0 || below || field.args.length > 0 ? text : `${field.name}${argumentsOf(field)} ${text}`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${type.name} { ${text} }`);
    return `...${name}${decision(chance)}`;
  };
  let aliases = 0;
  const root = selection(query, deep);
  return `query ($yes: Boolean!, $no: Boolean!) ${root} ${fragments.join(' ')} fragment Used on Query { __typename @include(if: $yes) @skip(if: $no) }`.replace(
    '{',
    '{ ...Used ',
  );
}

function decision(chance: Chance): string {
  return ['', '', '', '', '', '', ' @include(if: $yes)', ' @include(if: $no)', ' @skip(if: $no)', ' @skip(if: true)'][
    chance(10)
  ]!;
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => `${name}: ${literal(type)}`);
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return `{ ${given.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  }
  return (
    {
      Int: '1',
      Float: '1',
      Boolean: 'true',
      DateTime: '"2026-01-01T00:00:00Z"',
      Date: '"2026-01-01"',
      Decimal: '"1.00"',
    }[type.name] ?? '"1"'
  );
}
