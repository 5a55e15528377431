import { getMetadataArgsStorage } from 'typeorm';
import { snake } from './snake-case.js';

/**
 * The select list of an entity's columns under its property names, for hand-written SQL:
 * `t.owner_id AS "ownerId", t.id AS "id", …`. Written once, by the entity.
 */
export function selectList(entity: abstract new () => object, alias: string): string {
  return getMetadataArgsStorage()
    .filterColumns(entity)
    .map(({ propertyName, options }) => `${alias}.${options.name ?? snake(propertyName)} AS "${propertyName}"`)
    .join(', ');
}
