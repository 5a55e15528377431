import { isEnumType, type GraphQLEnumType, type GraphQLLeafType } from 'graphql';

/**
 * SQL for a stored value as its type writes it into an answer: what the type's `serialize` and `JSON.stringify` give. Null
 * for a type that is not known here.
 */
export function leafText(type: GraphQLLeafType, leaf: string, form: 'column' | 'json'): string | null {
  const text = form === 'json' ? `(${leaf} #>> '{}')` : `${leaf}::text`;
  if (isEnumType(type)) return enumText(type, text);
  switch (type.name) {
    case 'Int':
    case 'Boolean':
      return leaf;
    case 'ID':
    case 'String':
    case 'Date':
    case 'Decimal':
      return form === 'json' ? leaf : text;
    case 'DateTime': // a Date counts milliseconds, and cuts off the rest
      return `to_char(${form === 'json' ? `${text}::timestamptz` : leaf} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    default:
      return null;
  }
}

function enumText(type: GraphQLEnumType, text: string): string {
  const values = type.getValues();
  if (values.every(({ name, value }) => name === value)) return text;
  return `CASE ${text} ${values.map(({ name, value }) => `WHEN '${String(value)}' THEN '${name}'`).join(' ')} END`;
}
