import { createHash } from 'node:crypto';
import {
  createSourceEventStream,
  execute,
  Kind,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import { pickedOwner } from '../access/caller.js';
import type { Context } from '../context.js';
import type { CustomerEvent } from '../feed/customer-event.type.js';
import { FeedReader } from '../feed/feed-reader.js';
import type { SharedFrames } from './shared-frames.js';
import type { SocketWriter } from './socket-writer.js';
import type { Watched } from './stall-watch.js';

/** `text`: of the operation, by which those who hold the same one are known; `id`: what the client calls it. */
export type SubscriptionArgs = ExecutionArgs & { id: string; text: string };

/** What subscribers are given: all of it that can differ is named by its cursor, but for a snapshot that is withdrawn. */
type SharedEvent = Pick<CustomerEvent, 'cursor'> & Partial<Pick<CustomerEvent, 'snapshot'>>;

/**
 * Subscribes with each event executed once for all who hold the same operation with the same
 * rights. An answer depends on the event, the text of the operation, the owner, and those variables that are not just
 * arguments of the subscription itself (cursor and filters choose the events, not what is shown of them). Once it is
 * made, an answer goes from there to the sockets that keep up, past graphql-ws: its promises were more than the rest.
 */
export async function subscribeShared(
  frames: SharedFrames,
  startWatch: () => Watched,
  writer: SocketWriter,
  args: SubscriptionArgs,
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = (source as AsyncIterable<SharedEvent, undefined>)[Symbol.asyncIterator]();
  const operation = operationKey(args);
  // The cursor names the event; whether there is a snapshot is what changes of it when a customer is excluded.
  const keyOf = (event: SharedEvent) => `${event.cursor}${event.snapshot === null ? '-' : '+'}${operation}`;
  const answerTo = (event: SharedEvent) =>
    frames.standIn(keyOf(event), () => Promise.resolve(execute({ ...args, rootValue: event })));
  const watch = startWatch(); // only now: a subscription that was refused has none
  const [head, tail] = [`{"id":${JSON.stringify(args.id)},"type":"next","payload":`, '}'];
  if (source instanceof FeedReader)
    source.offerTo({
      take: (event) => {
        const text = frames.text(keyOf(event));
        if (!text || !writer.add([head, text, tail])) return false;
        watch.sent(event.cursor);
        return true;
      },
      flush: () => writer.flush(),
    });
  const end = (last: Promise<unknown>) => {
    watch.end();
    return last.then(() => ({ done: true, value: undefined }) as const);
  };
  const failed = (error: unknown): never => {
    watch.end(); // after an error nobody calls return: an expired cursor would be watched for ever
    throw error;
  };
  type Step = IteratorResult<ExecutionResult, undefined>;
  const hand = (step: IteratorResult<SharedEvent, undefined>): Step | Promise<Step> => {
    if (step.done) return end(Promise.resolve());
    const give = (value: ExecutionResult) => {
      watch.handed(step.value.cursor);
      return { done: false, value } as const;
    };
    const answer = answerTo(step.value);
    return answer instanceof Promise ? answer.then(give, failed) : give(answer);
  };
  const answers: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => answers,
    next: () => {
      watch.taken();
      return events.next().then(hand, failed);
    },
    return: () => end(events.return!()),
    throw: (error: unknown) => end(events.throw!(error)),
  };
  return answers;
}

/** A short name for the operation and rights that answers are shared by; a digest, so that nothing need be remembered. */
function operationKey(args: SubscriptionArgs): string {
  const { caller, showExcluded } = args.contextValue as Context;
  const parts = [pickedOwner(caller).id, showExcluded, args.text, args.operationName, shownVariables(args)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** The variables whose value can show in an answer: all but those that are only arguments of the root field. */
function shownVariables({ document, variableValues }: ExecutionArgs): Record<string, unknown> {
  const used = variablesBelowRoot(document);
  return Object.fromEntries(Object.entries(variableValues ?? {}).filter(([name]) => used.has(name)));
}

function variablesBelowRoot(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  visit(document, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.ARGUMENT]: (_node, _key, _parent, path) => (isRootArgument(path) ? false : undefined),
    [Kind.VARIABLE]: ({ name }) => void used.add(name.value),
  });
  return used;
}

/** definitions, n, selectionSet, selections, n, arguments, n: an argument of a field of the operation itself. */
const isRootArgument = (path: readonly (string | number)[]): boolean => path.length === 7 && path[5] === 'arguments';
