import { OrderDirection, type CustomerOrderInput } from './customer-order.input.js';
import type { Position } from './list-cursor.js';
import { orderings } from './orderings.js';

/** One page of an ordered list. */
export interface OrderedPage {
  /** How many rows; one more is fetched, to know whether there is a next page. */
  size: number;
  backward: boolean;
  order: CustomerOrderInput;
  after: Position | null;
  before: Position | null;
}

/** Which customers are listed: a condition on `c`, `snapshot` and `search`, its values in the parameters of the statement. */
export interface Listed {
  condition: string;
  showExcluded: boolean;
}

/**
 * A SELECT of the customers of a page, whole rows with the values by which they are ordered (`cursor_key`), in the direction in
 * which the page is read. The owner is $1, other values are appended to `parameters`. It reads on in the index from where the
 * page before ended, so that every page costs the same. Those without a value are read by themselves, so that they come last in
 * either direction.
 */
export function pageSelect(page: OrderedPage, listed: Listed, parameters: unknown[]): string {
  const { key, nullable, id, present = [] } = orderings[page.order.field];
  const direction = (page.order.direction === OrderDirection.DESC) === page.backward ? 'ASC' : 'DESC';
  const limit = `LIMIT ${page.size + 1}`; // no parameter: of an unknown limit PostgreSQL expects a tenth of all rows
  const partOf = (nulls: boolean): string => {
    const bounds = boundsOf(page, nulls, parameters);
    if (nulls && bounds.includes('FALSE')) return '';
    const part = nullable ? [`${key} IS ${nulls ? '' : 'NOT '}NULL`] : present;
    const where = [listedWhere(listed), ...part, ...bounds].join(' AND ');
    const value = key === null || nulls ? 'NULL' : key;
    const by = key === null || nulls ? `${id} ${direction}` : `${key} ${direction}, ${id} ${direction}`;
    return `SELECT c.*, ${nulls ? 1 : 0} AS part, ${value} AS key, ${value}::text AS cursor_key
      FROM ${listedFrom(where, id)} WHERE ${where} ORDER BY ${by} ${limit}`;
  };
  const [valued, without] = [partOf(false), nullable ? partOf(true) : ''];
  if (without === '') return valued;
  return `SELECT * FROM ((${valued}) UNION ALL (${without})) AS parts
    ORDER BY part ${page.backward ? 'DESC' : 'ASC'}, key ${direction}, id ${direction} ${limit}`;
}

/** The tables of a condition: `c`, and of the others those that it is about. */
export function listedFrom(...conditions: string[]): string {
  const about = (name: string) => conditions.some((text) => new RegExp(`\\b${name}\\.`).test(text));
  return (['snapshot', 'search'] as const).reduce(
    (from, name) =>
      about(name)
        ? `${from} JOIN listed_customer_${name} ${name} ON ${name}.owner_id = c.owner_id AND ${name}.customer_id = c.id`
        : from,
    'listed_customer c',
  );
}

/** The condition of whoever is listed, of the owner $1. */
export function listedWhere({ condition, showExcluded }: Listed): string {
  return `c.owner_id = $1${showExcluded ? '' : ' AND NOT c.excluded'} AND ${condition}`;
}

/** The conditions by which a part of the list, those with or without a value, lies between the cursors. */
function boundsOf(page: OrderedPage, nulls: boolean, parameters: unknown[]): string[] {
  const ascending = page.order.direction === OrderDirection.ASC;
  const outside = (position: Position | null, isAfter: boolean) =>
    position !== null && isNull(position, page) !== nulls && isAfter !== nulls; // those without a value come last
  if (outside(page.after, true) || outside(page.before, false)) return ['FALSE'];
  return [
    ...boundOf(page, page.after, ascending ? '>' : '<', nulls, parameters),
    ...boundOf(page, page.before, ascending ? '<' : '>', nulls, parameters),
  ];
}

const isNull = ({ key }: Position, { order }: OrderedPage): boolean => orderings[order.field].nullable && key === null;

function boundOf(
  page: OrderedPage,
  position: Position | null,
  operator: string,
  nulls: boolean,
  parameters: unknown[],
): string[] {
  if (!position || isNull(position, page) !== nulls) return [];
  const { key, type, id } = orderings[page.order.field];
  const at = (value: string, sqlType: string) => `$${parameters.push(value)}::${sqlType}`;
  if (key === null || nulls) return [`${id} ${operator} ${at(position.id, 'bigint')}`];
  const value = `${at(position.key!, type)}${type === 'text' ? ' COLLATE "C"' : ''}`;
  return [`(${key}, ${id}) ${operator} (${value}, ${at(position.id, 'bigint')})`];
}
