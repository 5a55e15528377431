import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Reply } from './ask.js';
import type { Operation } from './history.js';
import type { World, WorldOwner } from './world.js';

const patienceMs = 20_000;

interface Answered {
  userErrors: { code: string }[];
}

/** A client that changes customers through any hub that is there, and writes down what it was told of each try. */
export class Writer {
  private made = 0;

  /** `url`: of a hub to ask now, undefined while there is none. `key`: bears this writer's name. */
  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly key: string,
    private readonly url: () => string | undefined,
  ) {}

  /** Sets a name that nobody else gives. With `expected` only if that is the customer's version. */
  async rename(owner: WorldOwner, customerId: string, expected: number | null = null): Promise<void> {
    const name = this.mark();
    const operation = this.invoke('rename', { customers: [customerId] });
    const reply = await this.ask<{ updateCustomer: Answered & { customer: { version: number } | null } }>(
      owner,
      `mutation ($id: ID!, $name: String!, $expected: Int) {
         updateCustomer(by: { id: $id }, input: { name: $name }, expectedVersion: $expected) {
           customer { version } userErrors { code } } }`,
      { id: customerId, name, expected },
    );
    if (!this.answered(operation, reply)) return;
    const { customer, userErrors } = reply.data.updateCustomer;
    if (userErrors.some(({ code }) => code !== 'VERSION_CONFLICT')) this.world.history.surprise(operation, userErrors);
    if (customer) this.saw(operation, customerId, customer.version);
    if (customer && expected !== null) operation.made = { customerId, version: expected + 1, name };
    this.end(operation, customer ? 'ok' : 'fail');
  }

  /** Says something new about marketing. */
  async consent(owner: WorldOwner, customerId: string, accepted: boolean): Promise<void> {
    const evidence = this.mark();
    const operation = this.invoke('consent', { customers: [customerId], marks: [evidence] });
    const reply = await this.ask<{ setMarketingConsent: Answered & { customer: { version: number } | null } }>(
      owner,
      `mutation ($id: ID!, $accepted: Boolean!, $evidence: String!) {
         setMarketingConsent(customer: { id: $id }, input: { channel: SMS, accepted: $accepted, evidence: $evidence }) {
           customer { version } userErrors { code } } }`,
      { id: customerId, accepted, evidence },
    );
    if (!this.answered(operation, reply)) return;
    const { customer, userErrors } = reply.data.setMarketingConsent;
    if (!customer) this.world.history.surprise(operation, userErrors);
    else this.saw(operation, customerId, customer.version);
    this.end(operation, customer ? 'ok' : 'fail');
  }

  /** Sets a tag on customers or takes it off; those that had it so before do not change. */
  async tag(owner: WorldOwner, tagId: string, customerIds: string[], set = true): Promise<void> {
    const operation = this.invoke('tag', { customers: customerIds });
    const field = set ? 'tagCustomers' : 'untagCustomers';
    const reply = await this.ask<Record<string, Answered & { customerIds: string[] }>>(
      owner,
      `mutation ($tag: ID!, $ids: [ID!]!) { ${field}(tagId: $tag, customerIds: $ids) { customerIds userErrors { code } } }`,
      { tag: tagId, ids: customerIds },
    );
    if (!this.answered(operation, reply)) return;
    const { customerIds: changed, userErrors } = reply.data[field]!;
    if (userErrors.length > 0) this.world.history.surprise(operation, userErrors);
    operation.customers = changed;
    this.end(operation, userErrors.length === 0 ? 'ok' : 'fail');
  }

  /**
   * Records an order of each customer, all or none. With `certain` it is asked again under the same idempotency key until
   * it is known. `spoiled`: by one bad row. `shared` numbers move orders between customers: all may change.
   */
  async orders(
    owner: WorldOwner,
    customerIds: string[],
    how: { certain?: boolean; dryRun?: boolean; spoiled?: boolean; shared?: string[] } = {},
  ): Promise<void> {
    const numbers = how.shared ?? customerIds.map(() => this.mark());
    const orders = customerIds.map((id, i) => order(id, numbers[i]!));
    if (how.spoiled) orders.push(order(customerIds[0]!, ''));
    const operation = this.invoke(
      'orders',
      how.shared ? { customers: null } : { customers: [...new Set(customerIds)], marks: numbers },
    );
    const input = {
      ownerCode: owner.code,
      dryRun: how.dryRun ?? false,
      errorPolicy: 'REJECT_EVERYTHING',
      ...(how.certain && { idempotencyKey: this.mark() }),
      orders,
    };
    const reply = await this.askUntilKnown(owner, { input }, how.certain ?? false);
    if (!this.answered(operation, reply)) return;
    const { counts, userErrors } = reply.data.recordOrders;
    const done = counts.created + counts.updated + counts.unchanged;
    if (userErrors.length > 0 || done !== (how.spoiled ? 0 : orders.length))
      this.world.history.surprise(operation, reply.data);
    this.end(operation, done > 0 && !how.dryRun ? 'ok' : 'fail');
  }

  private async askUntilKnown(owner: WorldOwner, variables: object, certain: boolean): Promise<Reply<Recorded>> {
    const deadline = Date.now() + patienceMs;
    for (let doubt = false; ; await sleep(20)) {
      const reply = await this.ask<Recorded>(owner, recordOrders, variables);
      const atWork =
        reply.kind === 'answer' && reply.data.recordOrders.userErrors.some(({ code }) => code === 'IN_PROGRESS');
      doubt ||= reply.kind === 'unknown';
      if (!certain || (!atWork && reply.kind !== 'unknown' && !(doubt && reply.kind === 'unsent'))) return reply;
      if (Date.now() > deadline) return { kind: 'unknown', why: 'asked again and again' };
    }
  }

  private ask<Data>(owner: WorldOwner, query: string, variables: object): Promise<Reply<Data>> {
    const url = this.url();
    if (url === undefined) return Promise.resolve({ kind: 'unsent' });
    return ask(url, { key: this.key, owner: owner.code }, query, variables);
  }

  /** Whether there is an answer to look at; if not, the operation has ended. */
  private answered<Data>(operation: Operation, reply: Reply<Data>): reply is { kind: 'answer'; data: Data } {
    if (reply.kind === 'answer') return true;
    if (reply.kind === 'refused') this.world.history.surprise(operation, reply);
    this.end(operation, reply.kind === 'unknown' ? 'unknown' : 'fail');
    return false;
  }

  private saw(operation: Operation, customerId: string, version: number): void {
    operation.seen.push({ customerId, version });
    this.world.versions.set(customerId, Math.max(version, this.world.versions.get(customerId) ?? 0));
  }

  private invoke(kind: string, what: Partial<Operation>): Operation {
    return this.world.history.invoke({ kind, writer: this.name, ...what });
  }

  private end(operation: Operation, outcome: 'ok' | 'fail' | 'unknown'): void {
    this.world.history.end(operation, outcome);
  }

  /** A text of this writer that is used once. */
  private mark(): string {
    return `${this.name}-${++this.made}`;
  }
}

interface Recorded {
  recordOrders: Answered & { counts: { created: number; updated: number; unchanged: number } };
}

const recordOrders = `mutation ($input: RecordOrdersInput!) { recordOrders(input: $input) {
  counts { created updated unchanged } userErrors { code } } }`;

const order = (customerId: string, number: string) => ({
  customer: { id: customerId },
  channel: 'POS',
  kind: 'RECEIPT',
  number,
  orderedAt: '2026-01-01T00:00:00Z',
  totalValue: '1.00',
  totalValueExVat: '1.00',
});
