import type { AdminUserFields, CustomerFields } from './customer-fields.js';
import type { StoredCustomer } from './stored-customers.js';

export interface BatchConsent {
  accepted: boolean;
  source: string | null;
}

/**
 * A customer that the rows of a batch meet or make, as the rows so far have left it. Nothing is written while rows are
 * planned; what differs from `stored` is written once at the end, however many rows were about it.
 */
export class BatchCustomer {
  fields: Partial<CustomerFields>;
  /** Identifiers by the system's id. */
  readonly references: Map<string, string>;
  /** Names by `caselessKey`. */
  readonly tags: Map<string, string>;
  /** What the rows say about marketing and is not in force already, by channel. */
  readonly consents = new Map<'EMAIL' | 'SMS', BatchConsent>();
  /** Logins to make, with the row that each is of. */
  readonly logins: (AdminUserFields & { index: number })[] = [];
  /** The rows of the batch make it. */
  readonly isNew: boolean;

  /**
   * @param id null until it is inserted
   * @param stored null for a new one, and for one that rows may meet and not change
   */
  constructor(
    public id: string | null,
    readonly hidden: boolean,
    readonly stored: StoredCustomer | null,
  ) {
    this.isNew = id === null;
    // columns under the names of their fields: an entity is that, and more
    this.fields = (stored?.customer ?? {}) as Partial<CustomerFields>;
    this.references = new Map(stored?.references);
    this.tags = new Map(stored?.tags);
  }

  /** Raised by one with the first change: so the rows of a batch see what its end will store. */
  get version(): number {
    const { customer } = this.stored!;
    return customer.version + (this.isChanged ? 1 : 0);
  }

  get isFieldChanged(): boolean {
    const stored = this.stored?.customer as Partial<CustomerFields> | undefined;
    if (!stored || this.fields === stored) return false;
    return Object.entries(this.fields).some(([field, value]) => stored[field as keyof CustomerFields] !== value);
  }

  /** Links to take away, replaced ones too: the ids of their systems. */
  get linksGone(): string[] {
    return [...(this.stored?.references ?? [])].flatMap(([systemId, identifier]) =>
      this.references.get(systemId) === identifier ? [] : [systemId],
    );
  }

  get linksNew(): { systemId: string; identifier: string }[] {
    return [...this.references].flatMap(([systemId, identifier]) =>
      this.stored?.references.get(systemId) === identifier ? [] : [{ systemId, identifier }],
    );
  }

  get tagsNew(): string[] {
    return [...this.tags].flatMap(([key, name]) => (this.stored?.tags.has(key) ? [] : [name]));
  }

  get isChanged(): boolean {
    return (
      this.isFieldChanged ||
      this.consents.size + this.logins.length + this.tagsNew.length > 0 ||
      this.linksGone.length + this.linksNew.length > 0
    );
  }
}
