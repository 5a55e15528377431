import { maxBodyBytes } from '../message.js';
import type { Fault, Format } from './format.js';

/** application/json: values stand between quotes of the template, numbers may stand without. */
export const jsonFormat: Format = {
  name: 'JSON',
  escape: (value) => JSON.stringify(value).slice(1, -1),
  lineBreak: ({ between, quoted }) => (quoted ? '\\n' : between ? ',\n' : '\n'),
  fault: jsonFault,
  joinsLines: false,
  maxBytes: maxBodyBytes,
};

const maxDepth = 64;

/**
 * Where a text stops being JSON (RFC 8259); null when it is. JSON.parse has the last word, but tells no place in half of
 * its errors.
 */
export function jsonFault(text: string): Fault | null {
  const scan = new Scan(text);
  if (!scan.document()) return { offset: scan.at, reason: scan.reason };
  try {
    JSON.parse(text);
    return null;
  } catch {
    return { offset: 0, reason: 'no JSON at all' };
  }
}

/** Reads on as long as it is JSON; each step tells whether it was. */
class Scan {
  at = 0;
  reason = '';

  constructor(private readonly text: string) {}

  document(): boolean {
    if (!this.value(0)) return false;
    return this.at === this.text.length || this.fail('nothing may follow after the end of the JSON');
  }

  private value(depth: number): boolean {
    this.take(space);
    if (depth > maxDepth) return this.fail(`more than ${maxDepth} levels deep`);
    if (this.take(/\{/y)) return this.members(depth, '}', () => this.name());
    if (this.take(/\[/y)) return this.members(depth, ']', () => true);
    const quoted = this.text[this.at] === '"';
    if (quoted ? !this.string() : !this.take(scalar)) return quoted ? false : this.fail('a value is expected');
    return this.take(space);
  }

  private members(depth: number, end: '}' | ']', name: () => boolean): boolean {
    this.take(space);
    if (!this.takeText(end))
      do {
        this.take(space);
        if (!name() || !this.value(depth + 1)) return false;
        if (this.takeText(end)) break;
        if (this.text[this.at] !== ',') return this.fail(`a comma or ${end} is expected`);
        this.at += 1;
      } while (true);
    this.take(space);
    return true;
  }

  private name(): boolean {
    if (this.text[this.at] !== '"') return this.fail('a name in quotes is expected');
    if (!this.string()) return false;
    this.take(space);
    return this.takeText(':') || this.fail('a colon is expected');
  }

  private string(): boolean {
    this.at += 1;
    do this.take(plainCharacters);
    while (this.take(escape));
    if (this.takeText('"')) return true;
    if (this.at >= this.text.length) return this.fail('a string is not closed');
    const backslash = this.text[this.at] === '\\';
    return this.fail(backslash ? 'no such escape in a string' : 'a line break or tab within a string');
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  private takeText(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private fail(reason: string): false {
    this.reason = reason;
    return false;
  }
}

const space = /[ \t\n\r]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
// JSON forbids the control characters in a string.
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
