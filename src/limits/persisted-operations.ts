import { getOperationAST } from 'graphql';
import type { Caller } from '../access/caller.js';
import { Refusal } from '../errors.js';
import type { Log } from '../log.js';
import type { Documents } from './documents.js';
import { hashOf } from './read-manifest.js';
import { isObject } from '../format/json-object.js';

/** What becomes of an operation that is not in the manifest: it passes and is told of, or it is refused. */
export type PersistedMode = 'log' | 'enforce';

/**
 * The operations that the clients of this hub were built with. Decides for both transports, before anything is parsed.
 * Keys with the scope `admin` may send whatever they like: GraphiQL, the commands of the hub and whoever looks into a
 * fault go on.
 */
export class PersistedOperations {
  /** How many requests came for operations that are not among them: for the metrics. */
  unlisted = 0;
  /** By their ids, and by the SHA-256 of their texts. */
  private readonly byId: ReadonlyMap<string, string>;
  private readonly texts: ReadonlySet<string>;
  /** Hashes of the texts that the log has already. */
  private readonly told = new Set<string>();

  constructor(
    private readonly mode: PersistedMode,
    manifest: ReadonlyMap<string, string>,
    private readonly documents: Documents,
    private readonly log: Log,
  ) {
    this.texts = new Set(manifest.values());
    this.byId = new Map([...manifest, ...[...this.texts].map((text): [string, string] => [hashOf(text), text])]);
  }

  /**
   * Gives the request as it is to be executed: with its text in place of the id of a listed operation.
   * @throws Refusal PERSISTED_OPERATIONS_ONLY
   */
  settle<Asked>(asked: Asked, caller: Caller, requestId: string): Asked {
    const { query, operationName, ...named } = (isObject(asked) ? asked : {}) as Request;
    const id = idOf(named);
    const listed = id === null ? undefined : (this.byId.get(id) ?? this.byId.get(id.replace(/^sha256:/, '')));
    const text = typeof query === 'string' && query !== '' ? query : listed;
    if (text !== undefined && this.texts.has(text)) return text === listed ? withText(asked, text) : asked;
    if (caller.scopes.has('admin')) return asked;
    this.unlisted++;
    if (this.mode === 'enforce') throw new Refusal('PERSISTED_OPERATIONS_ONLY', advice);
    if (text !== undefined) this.tell(text, operationName, requestId);
    return asked;
  }

  /** Each text once, never the text itself. One that cannot be executed is refused soon, and nothing to be listed. */
  private tell(text: string, operationName: unknown, requestId: string): void {
    if (this.told.size >= mostTold) return;
    const operation = this.kindOf(text, operationName);
    if (operation === null) return;
    const hash = hashOf(text);
    if (this.told.has(hash)) return;
    this.told.add(hash);
    this.log('warn', 'an operation is not in the manifest', { requestId, operation });
  }

  private kindOf(text: string, operationName: unknown): string | null {
    try {
      const name = typeof operationName === 'string' && operationName !== '' ? operationName : null;
      return getOperationAST(this.documents.read(text), name)?.operation ?? null;
    } catch {
      return null;
    }
  }
}

const advice =
  'this hub executes the operations of its manifest alone: send one of them, by its id in ' +
  'extensions.persistedQuery.sha256Hash or documentId, or by its exact text. A new one is added to the file ' +
  'STAMDATA_PERSISTED_OPERATIONS_FILE, not by sending it';

/** Clients that write values into their texts never send the same one twice. What is beyond is still counted. */
const mostTold = 1_000;

interface Request {
  query?: unknown;
  operationName?: unknown;
  id?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** As Apollo's clients send it, as the draft for GraphQL over HTTP has it, and as Relay's do. */
function idOf({ id, documentId, extensions }: Request): string | null {
  const { persistedQuery } = isObject(extensions) ? extensions : {};
  const hash = isObject(persistedQuery) && persistedQuery.version === 1 ? persistedQuery.sha256Hash : undefined;
  return [hash, documentId, id].find((one) => typeof one === 'string') ?? null;
}

/** As if it had been sent by its text: nothing behind has to know of ids. */
function withText<Asked>(asked: Asked, query: string): Asked {
  const { extensions, ...request } = asked as Asked & Request;
  const others = Object.entries(isObject(extensions) ? extensions : {}).filter(([name]) => name !== 'persistedQuery');
  const kept = others.length > 0 ? { extensions: Object.fromEntries(others) } : {};
  return { ...request, query, ...kept } as Asked;
}
