import { getMetadataArgsStorage } from 'typeorm';
import { snake } from './snake-case.js';

type Entity = abstract new () => object;

/**
 * The select list of an entity's columns under its property names, for hand-written SQL:
 * `t.owner_id::text AS "ownerId", t.name AS "name", …`. Written once, by the entity. What JavaScript cannot count
 * exactly is a text, so that the list gives the same as rows and as JSON, but for moments: see `datesOf`.
 *
 * @param only the properties that are wanted; all unless told
 */
export function selectList(entity: Entity, alias: string, only?: ReadonlySet<string>): string {
  return columnsOf(entity)
    .filter(({ propertyName }) => !only || only.has(propertyName))
    .map(({ propertyName, options }) => {
      const exact = options.type === 'bigint' || options.type === 'numeric' ? '::text' : '';
      return `${alias}.${options.name ?? snake(propertyName)}${exact} AS "${propertyName}"`;
    })
    .join(', ');
}

/** The properties of an entity that are a Date, and as JSON a text. */
export const datesOf = (entity: Entity): string[] =>
  columnsOf(entity).flatMap(({ propertyName, options }) => (options.type === 'timestamptz' ? [propertyName] : []));

const columnsOf = (entity: Entity) => getMetadataArgsStorage().filterColumns(entity);
