import { Refusal, type RefusalCode } from '../errors.js';
import { limits, type LimitName } from './limits.js';

/**
 * A call asks for more than a limit allows. Says which one, how much was found and where, in words and in
 * `extensions.limit`.
 */
export class LimitExceeded extends Refusal {
  /**
   * @param found as far as it was counted; null: more than the limit, it was not counted any further
   * @param where a field, a variable or a fragment; null: the whole
   */
  constructor(
    code: RefusalCode,
    readonly limit: LimitName,
    found: number | null,
    where: string | null = null,
  ) {
    const { what, most } = limits[limit];
    const place = where === null ? '' : `${where}: `;
    super(
      code,
      `${place}${what}: at most ${told(most)}, ${found === null ? 'there are more' : `found ${told(found)}`}`,
      {
        limit: { name: limit, most, ...(found === null ? {} : { found }), ...(where === null ? {} : { where }) },
      },
    );
  }
}

/** @throws LimitExceeded when more was found in a document than the limit allows */
export function demandOfDocument(limit: LimitName, found: number, where: string | null = null): void {
  if (found > limits[limit].most) throw new LimitExceeded('GRAPHQL_VALIDATION_FAILED', limit, found, where);
}

const told = (n: number): string => n.toLocaleString('en');
