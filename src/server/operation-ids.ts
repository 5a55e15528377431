/**
 * The ids of one socket's operations. A client may use an id again as soon as it has completed the operation, while the
 * hub may still be at it; to graphql-ws the end of the first was then the end of the second. So within the hub each
 * operation has a number before its id, and messages to the client go without it.
 */
export class OperationIds {
  private last = 0;
  /** Of operations that neither side has ended: by what the client calls it, what it is within the hub. */
  private readonly active = new Map<string, string>();

  /** The id within the hub of a new operation; null when its client has one with the same id. */
  begin(clientId: string): string | null {
    if (this.active.has(clientId)) return null;
    const id = `${++this.last}:${clientId}`;
    this.active.set(clientId, id);
    return id;
  }

  /** The client wants no more of an operation. Gives its id within the hub, if there is one. */
  complete(clientId: string): string | undefined {
    const id = this.active.get(clientId);
    this.active.delete(clientId);
    return id;
  }

  /** The hub has ended an operation. */
  end(id: string): void {
    const clientId = clientIdOf(id);
    if (this.active.get(clientId) === id) this.active.delete(clientId);
  }
}

/** What the client calls an operation. */
export const clientIdOf = (id: string): string => id.slice(id.indexOf(':') + 1);

/** A message of graphql-ws as it goes to the client. */
export const outward = (message: string): string => message.replace(aboutOperation, '{"id":"');

/** How one about an operation begins. */
const aboutOperation = /^\{"id":"\d+:/;
