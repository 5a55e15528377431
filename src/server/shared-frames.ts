import { randomBytes } from 'node:crypto';
import type { ExecutionResult } from 'graphql';

/** What is kept of answers that many subscribers get, in bytes. The oldest go first. */
const mostKept = 16 * 1024 * 1024;
/** What an answer takes beside its text: its key, and places in the maps. Of short ones it is the greater part. */
const perAnswer = 500;

/**
 * Answers to events that are executed and turned into text once, however many subscribers hold the same operation with
 * the same rights. What goes through graphql-ws is a stand-in; when it is turned into a message, the text is noted,
 * and takes its place as the message is put on the socket right after.
 */
export class SharedFrames {
  private readonly place = randomBytes(16).toString('hex'); // nobody's data can contain it
  private readonly mark = `{"data":"${this.place}"}`;
  private readonly byKey = new Map<string, StandIn | Promise<ExecutionResult>>();
  /** Of the answers in `byKey` that are made, the oldest first. */
  private readonly sizes = new Map<string, number>();
  private size = 0;
  private noted: Buffer | null = null;

  /** The stand-in for the answer under `key`; `execute` is called once for all who ask. Errors are not shared. */
  standIn(key: string, execute: () => Promise<ExecutionResult>): ExecutionResult | Promise<ExecutionResult> {
    const known = this.byKey.get(key);
    if (known) return known;
    const made = execute().then(
      (result) => {
        if (!result.errors) return this.keep(key, Buffer.from(JSON.stringify(result)));
        this.byKey.delete(key);
        return result;
      },
      (error: unknown) => {
        this.byKey.delete(key);
        throw error;
      },
    );
    this.byKey.set(key, made);
    return made;
  }

  /** The text of the answer under `key`; undefined when it is not made, or not kept any more. */
  text(key: string): Buffer | undefined {
    const known = this.byKey.get(key);
    return known instanceof StandIn ? known.text : undefined;
  }

  /** The message that was made last, with the answer in place of its stand-in: the pieces it consists of. */
  expand(message: string): readonly (string | Buffer)[] {
    const from = message.indexOf(this.mark);
    if (from < 0) return [message];
    return [message.slice(0, from), this.noted!, message.slice(from + this.mark.length)];
  }

  private keep(key: string, text: Buffer): ExecutionResult {
    const toJSON = () => {
      this.noted = text;
      return this.place;
    };
    const standIn = new StandIn({ toJSON }, text);
    this.byKey.set(key, standIn);
    this.count(key, text.length + perAnswer);
    for (const [oldest, size] of this.sizes) {
      if (this.size <= mostKept || oldest === key) break;
      this.byKey.delete(oldest);
      this.count(oldest, -size);
    }
    return standIn;
  }

  private count(key: string, bytes: number): void {
    this.size += bytes;
    if (bytes > 0) this.sizes.set(key, bytes);
    else this.sizes.delete(key);
  }
}

/** Goes through graphql-ws in place of an answer. */
class StandIn implements ExecutionResult {
  readonly #text: Buffer; // not to be seen when it is spread into a message

  constructor(
    readonly data: { toJSON: () => string },
    text: Buffer,
  ) {
    this.#text = text;
  }

  get text(): Buffer {
    return this.#text;
  }
}
