import { demandScope, pickedOwner, type Caller, type OwnerRef } from './access/caller.js';
import type { Scope } from './access/scope.js';
import { actorOf } from './audit/actor.js';
import { AuditedDatabase } from './audit/audited-database.js';
import type { Deed } from './audit/store-entry.js';
import type { SubjectKind } from './audit/subject.js';
import { ReadTransaction } from './database/read-transaction.js';
import type { Hub } from './hub.js';
import type { Spent } from './limits/points.js';
import { Loaders } from './loaders.js';
import { write, type Write, type WriteOptions } from './write.js';

interface Open {
  operation: 'query' | 'mutation' | 'subscription';
  reads: ReadTransaction | null;
  loaders: Loaders | null;
  ended: boolean;
  /** Why it was given up. */
  failure: Error | null;
  paid: { spent: Spent | null } | null;
}

/** One GraphQL operation: who calls, which owner is meant, how to read and how to write. Never outlives it. */
export class Context {
  /** In an object of its own: Apollo executes on a shallow copy of the context, and both must close the same reads. */
  private readonly open: Open = {
    operation: 'mutation',
    reads: null,
    loaders: null,
    ended: false,
    failure: null,
    paid: null,
  };

  constructor(
    readonly hub: Hub,
    readonly caller: Caller,
    readonly requestId: string,
    /** What is being done, for the audit log: the schema sets it to the field of a mutation, a door says its own. */
    public action = '',
  ) {}

  private readonly since = performance.now();

  /** What is being executed, once the transport knows it. */
  get operation(): Open['operation'] {
    return this.open.operation;
  }

  set operation(operation: Open['operation']) {
    this.open.operation = operation;
  }

  /** What it has cost, once that is known; null where nothing is counted. */
  get spent(): Spent | null {
    return this.open.paid?.spent ?? null;
  }

  /** Has the caller pay so many points, once. @throws RateLimited when there are not so many left */
  pay(cost: number): void {
    this.open.paid ??= { spent: this.hub.points.spend(this.caller, cost) };
  }

  /** Who does what right now, as the audit log keeps it. */
  get deed(): Deed {
    return { by: actorOf(this.caller, this.requestId), action: this.action };
  }

  /**
   * The hub for a change of a setting of this kind: its transaction leaves an entry in the audit log. Without an id the setting
   * is what the transaction gives.
   */
  changing(kind: SubjectKind, id: string | null = null): Hub {
    return { ...this.hub, db: new AuditedDatabase(this.hub.db, this.deed, { kind, id }) };
  }

  /** The owner of the request. @throws Refusal when the caller lacks the scope or no owner was picked. */
  owner(scope: Scope): OwnerRef {
    demandScope(this.caller, scope);
    return pickedOwner(this.caller);
  }

  /**
   * The owner named in an input, if the caller covers it. It is meant by that field alone: the owner of the request stays
   * what it is for the others. @throws Refusal FORBIDDEN
   */
  async ownerNamed(code: string, scope: Scope): Promise<OwnerRef> {
    demandScope(this.caller, scope);
    return this.hub.authenticator.ownerOf(this.caller, code);
  }

  /** Reads as the picked owner. Every function that resolves a field has passed `owner(scope)` before. */
  get read(): ReadTransaction {
    if (!this.open.reads) {
      if (this.open.failure) throw this.open.failure;
      if (this.open.ended) throw new Error('the operation has been answered');
      this.open.reads = new ReadTransaction(this.hub.db, pickedOwner(this.caller).id);
      this.open.reads.stable = this.operation === 'query';
    }
    return this.open.reads;
  }

  get loaders(): Loaders {
    this.open.loaders ??= new Loaders(this.read, pickedOwner(this.caller).id, this.showExcluded);
    return this.open.loaders;
  }

  /** Whether excluded customers are visible (A44). */
  get showExcluded(): boolean {
    return this.caller.scopes.has('admin');
  }

  /** The door for writes (`write.ts`), as the owner, in the name of the key. Reads after it see what it wrote. */
  async write<T>(
    owner: OwnerRef,
    work: (tx: Write) => Promise<T>,
    options: Pick<WriteOptions, 'dryRun' | 'settings' | 'delivery'> = {},
  ): Promise<T> {
    await this.close();
    return write(this.hub, { ownerId: owner.id, origin: this.caller.name, deed: this.deed, ...options }, work);
  }

  /**
   * Gives a query up, for this reason: what it reads right now is cancelled. A mutation is done or not done, and nothing of
   * it is broken off.
   */
  abort(reason: Error): void {
    if (this.open.ended || this.open.failure || this.operation !== 'query') return;
    this.open.failure = reason;
    this.open.reads?.abort(reason);
  }

  /** The transport calls it when the operation has been answered: what is still being resolved reads no more. */
  async end(): Promise<void> {
    const isOver = this.open.ended;
    this.open.ended = true;
    if (!isOver) this.tell();
    await this.close();
  }

  /** A line for the log. Of a token not even the subject: issuers make them of names and addresses. */
  private tell(): void {
    const { kind, id, picked } = this.caller;
    this.hub.log('debug', 'operation', {
      requestId: this.requestId,
      operation: this.action || this.operation,
      ...(kind === 'KEY' && id ? { keyId: id } : {}),
      ...(picked ? { ownerId: picked.id } : {}),
      durationMs: Math.round(performance.now() - this.since),
    });
  }

  /** Gives back the connection of the reads; those that follow open another transaction. */
  async close(): Promise<void> {
    const { reads } = this.open;
    this.open.reads = null;
    this.open.loaders = null;
    await reads?.close();
  }
}
