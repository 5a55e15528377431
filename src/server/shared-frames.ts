import { randomBytes } from 'node:crypto';
import type { ExecutionResult } from 'graphql';

/** What is kept of answers that many subscribers get, in characters. The oldest go first. */
const mostKept = 32 * 1024 * 1024;

/**
 * Answers to events that are executed and turned into text once, however many subscribers hold the same operation with
 * the same rights. What goes through graphql-ws is a stand-in of a few bytes; when the message is put on the socket
 * the text takes its place.
 */
export class SharedFrames {
  private readonly mark = `{"data":{"frame":"${randomBytes(16).toString('hex')}:`; // nobody's data can contain it
  private readonly byKey = new Map<string, ExecutionResult | Promise<ExecutionResult>>();
  private readonly texts = new Map<number, { key: string; text: string }>();
  private size = 0;
  private next = 0;

  /** The stand-in for the answer under `key`; `execute` is called once for all who ask. Errors are not shared. */
  standIn(key: string, execute: () => Promise<ExecutionResult>): ExecutionResult | Promise<ExecutionResult> {
    const known = this.byKey.get(key);
    if (known) return known;
    const made = execute().then(
      (result) => {
        if (!result.errors) return this.keep(key, JSON.stringify(result));
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

  /** A message for the socket with the text in place of its stand-in. */
  expand(message: string): string {
    const from = message.indexOf(this.mark);
    if (from < 0) return message;
    const to = message.indexOf('"}}', from);
    const kept = this.texts.get(Number(message.slice(from + this.mark.length, to)));
    if (!kept) throw new Error('an answer was dropped before it was sent');
    return message.slice(0, from) + kept.text + message.slice(to + 3);
  }

  private keep(key: string, text: string): ExecutionResult {
    const id = this.next++;
    const standIn = { data: { frame: `${this.mark.slice(-33)}${id}` } };
    this.texts.set(id, { key, text });
    this.byKey.set(key, standIn);
    this.size += text.length;
    for (const [oldest, entry] of this.texts) {
      if (this.size <= mostKept || oldest === id) break;
      this.texts.delete(oldest);
      this.byKey.delete(entry.key);
      this.size -= entry.text.length;
    }
    return standIn;
  }
}
