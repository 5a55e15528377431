import type { ExternalReferenceFields } from './customer-fields.js';
import { BatchCustomer } from './batch-customer.js';
import type { StoredCustomer } from './stored-customers.js';
import { referenceKey, type KeyHolder, type TakenKeys } from './taken-keys.js';

/** A link as a row gives it; `systemId` undefined: the owner has no such system. */
export interface RowReference {
  systemId: string | undefined;
  identifier: string;
}

/**
 * Who has which key, as the rows so far have left it. Rows are planned one after the other against this, so a batch
 * comes to the same as its rows sent one by one.
 */
export class Batch {
  readonly created: BatchCustomer[] = [];
  /** Whether a customer takes a code that another one gives away in the same batch. */
  reusesCodes = false;
  private readonly ids = new Map<string, BatchCustomer>();
  private readonly codes = new Map<string, BatchCustomer>();
  private readonly references = new Map<string, BatchCustomer>();
  private readonly logins = new Map<string, BatchCustomer>();
  private readonly freedCodes = new Set<string>();
  private readonly met = new Map<string, BatchCustomer>();

  constructor(
    public taken: TakenKeys,
    private readonly stored: ReadonlyMap<string, StoredCustomer>,
  ) {
    this.know(taken);
  }

  /** What the owner has of the keys of further rows. What the batch itself has made of a key stands. */
  know(taken: TakenKeys): void {
    this.taken = taken;
    this.meet(taken.ids, this.ids);
    this.meet(taken.codes, this.codes);
    this.meet(taken.references, this.references);
  }

  private meet(holders: ReadonlyMap<string, KeyHolder>, known: Map<string, BatchCustomer>): void {
    for (const [key, { id, hidden }] of holders) {
      if (known.has(key)) continue;
      let customer = this.met.get(id);
      if (!customer) this.met.set(id, (customer = new BatchCustomer(id, hidden, this.stored.get(id) ?? null)));
      known.set(key, customer);
    }
  }

  /** Stored customers that the rows leave different. */
  get changed(): BatchCustomer[] {
    return [...this.met.values()].filter((customer) => customer.stored && customer.isChanged);
  }

  withId = (id: string): BatchCustomer | undefined => this.ids.get(id);
  withCode = (codeKey: string): BatchCustomer | undefined => this.codes.get(codeKey);
  withReference = (reference: RowReference): BatchCustomer | undefined =>
    reference.systemId === undefined ? undefined : this.references.get(keyOf(reference));

  /** Who has a login: a stored customer's id where no row made it. */
  withLogin(loginKey: string): { customer: BatchCustomer | null; id: string | null } | null {
    const customer = this.logins.get(loginKey);
    if (customer) return { customer, id: customer.id };
    const id = this.taken.logins.get(loginKey);
    return id === undefined ? null : { customer: null, id };
  }

  resolve = ({ system, identifier }: ExternalReferenceFields): RowReference => ({
    systemId: this.taken.systems.get(system.toUpperCase()),
    identifier,
  });

  add(customer: BatchCustomer, codeKey: string): void {
    this.created.push(customer);
    this.codes.set(codeKey, customer);
  }

  moveCode(customer: BatchCustomer, from: string, to: string): void {
    if (from === to) return;
    this.codes.delete(from);
    this.freedCodes.add(from);
    if (this.freedCodes.has(to) && customer.stored) this.reusesCodes = true;
    this.codes.set(to, customer);
  }

  link(customer: BatchCustomer, systemId: string, identifier: string): void {
    this.unlink(customer, systemId);
    customer.references.set(systemId, identifier);
    this.references.set(referenceKey({ systemId, identifier }), customer);
  }

  unlink(customer: BatchCustomer, systemId: string): void {
    const identifier = customer.references.get(systemId);
    if (identifier === undefined) return;
    customer.references.delete(systemId);
    this.references.delete(referenceKey({ systemId, identifier }));
  }

  takeLogin(customer: BatchCustomer, loginKey: string): void {
    this.logins.set(loginKey, customer);
  }
}

const keyOf = ({ systemId, identifier }: RowReference): string => referenceKey({ systemId: systemId!, identifier });
