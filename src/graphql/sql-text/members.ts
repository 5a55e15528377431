import { getMetadataArgsStorage } from 'typeorm';

/**
 * What a field is in SQL, given the row that it is read from:
 * - `leaf`: an expression that gives the value as it is stored; `form`: as a column, or as JSON
 * - `object`: made of the same row, null unless `present`
 * - `one`: made of the one row of another SELECT, which must be there
 * - `list`: one for each row of a SELECT, in its order
 */
export type Member =
  | { leaf: string; form: 'column' | 'json'; nullable: boolean }
  | { object: Members; row: string; present: string }
  | { one: Members; select: string }
  | { list: Members; select: string };

/** The fields of a GraphQL type in SQL, by their names; null: not known. `row` is an alias, or an expression. */
export type Members = (field: string, row: string) => Member | null;

/** Of an entity, as `selectList` names its columns: those fields that bear the name of a column. */
export function entityMembers(entity: abstract new () => object): Members {
  const columns = new Map(
    getMetadataArgsStorage()
      .filterColumns(entity)
      .map(({ propertyName, options }) => [propertyName, options.nullable ?? false]),
  );
  return (field, row) => {
    const nullable = columns.get(field);
    return nullable === undefined ? null : { leaf: `${row}."${field}"`, form: 'column', nullable };
  };
}

/** Of a JSON object (`row`) whose members bear the names of the fields. Who writes it sees to what must not be null. */
export const jsonMembers: Members = (field, row) => ({ leaf: `${row}->'${field}'`, form: 'json', nullable: false });
