import type { RowOutcome } from '../bulk/apply-rows.js';

/**
 * Knows the customers that a dry run has made: their ids are rolled back with it, and nobody is to be told them, also not by
 * a later row that meets one. Ids ascend, so the first one says it of all.
 */
export class MadeInRehearsal {
  private first: bigint | null = null;

  /** Takes the outcomes of the next rows in, and tells which ids are not to be told. */
  hides(outcomes: readonly RowOutcome[]): (customerId: string) => boolean {
    for (const { isNew, customerId } of outcomes) {
      if (!isNew || customerId === null) continue;
      const id = BigInt(customerId);
      if (this.first === null || id < this.first) this.first = id;
    }
    const { first } = this;
    return (customerId) => first !== null && BigInt(customerId) >= first;
  }
}
