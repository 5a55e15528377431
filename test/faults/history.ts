/** How an operation ended for the client. `pending`: it has not, and counts as `unknown`. */
export type Outcome = 'pending' | 'ok' | 'fail' | 'unknown';

/** One write as its client saw it. */
export interface Operation {
  kind: string;
  /** Name of the key: the origin of the events. */
  writer: string;
  outcome: Outcome;
  invokedAt: number;
  endedAt: number | null;
  /** Customers that it changes when it is done, each by one version. Null: any, any number of times. */
  customers: string[] | null;
  /** Texts that its transaction stores, and no other one does. */
  marks: string[];
  /** For an update that demanded a version: the next one, which is its own, and what it set. */
  made: { customerId: string; version: number; name: string } | null;
  /** Versions that its answer showed. */
  seen: { customerId: string; version: number }[];
}

/** Every client operation of a run, invoked and ended; the model that the committed rows are compared with. */
export class History {
  readonly operations: Operation[] = [];
  /** Answers that no fault explains. */
  readonly surprises: string[] = [];

  invoke(what: Pick<Operation, 'kind' | 'writer'> & Partial<Operation>): Operation {
    const begun = { outcome: 'pending' as const, invokedAt: Date.now(), endedAt: null };
    const operation: Operation = { customers: [], marks: [], made: null, seen: [], ...begun, ...what };
    this.operations.push(operation);
    return operation;
  }

  end(operation: Operation, outcome: Exclude<Outcome, 'pending'>): void {
    operation.outcome = outcome;
    operation.endedAt = Date.now();
  }

  surprise(operation: Operation, what: unknown): void {
    this.surprises.push(`${operation.kind} of ${operation.writer}: ${JSON.stringify(what)}`);
  }

  count(outcome: Outcome): number {
    return this.operations.filter((operation) => operation.outcome === outcome).length;
  }
}
