import type { Fault } from './format.js';

/**
 * Where a text stops being well-formed XML 1.0 as a receiver without a DTD reads it; null when it is. Document types and
 * CDATA are refused: the former are how parsers are attacked, and an escaped value within the latter means something else.
 */
export function xmlFault(text: string): Fault | null {
  const wrong = unsayable.exec(text);
  if (wrong) return { offset: wrong.index, reason: 'a character that XML cannot have' };
  const scan = new Scan(text);
  return scan.document() ? null : { offset: scan.at, reason: scan.reason };
}

/** Reads on as long as it is XML; each step tells whether it was. */
class Scan {
  at = 0;
  reason = '';
  private readonly open: string[] = [];
  private roots = 0;

  constructor(private readonly text: string) {}

  document(): boolean {
    this.take(declaration);
    while (this.at < this.text.length) if (!this.content() || !this.markup()) return false;
    if (this.open.length > 0) return this.fail(`an element is not closed`);
    return this.roots === 1 || this.fail('an element is expected');
  }

  /** Text up to the next `<`. */
  private content(): boolean {
    const next = this.text.indexOf('<', this.at);
    const end = next < 0 ? this.text.length : next;
    const content = this.text.slice(this.at, end);
    if (this.open.length === 0 && content.trim() !== '') return this.fail('text outside the root element');
    const bracket = content.indexOf(']]>');
    if (bracket >= 0) return this.fail('> must be written &gt; here', bracket + 2);
    if (!this.references(content)) return false;
    this.at = end;
    return true;
  }

  /** What `<` begins: an element's start or end, a comment, an instruction. */
  private markup(): boolean {
    if (this.at >= this.text.length || this.take(comment) || this.take(instruction)) return true;
    if (this.text.startsWith('<!', this.at)) return this.fail('of what begins with <! only comments are taken');
    if (this.text.startsWith('</', this.at)) return this.end();
    const start = this.peek(startTag);
    if (!start) return this.fail('< must be written &lt;, or the element is not well formed');
    const [whole, name, attributes, closed] = start as unknown as [string, string, string, string];
    const names = [...attributes.matchAll(attribute)].map(([, attributeName]) => attributeName);
    if (new Set(names).size < names.length) return this.fail('an attribute stands here twice');
    if (!this.references(whole)) return false;
    if (this.open.length === 0 && ++this.roots > 1) return this.fail('a second root element');
    if (closed === '') this.open.push(name);
    this.at += whole.length;
    return true;
  }

  private end(): boolean {
    const end = this.peek(endTag);
    if (!end || end[1] !== this.open.at(-1)) return this.fail('this is not the end of the element that is open');
    this.open.pop();
    this.at += end[0].length;
    return true;
  }

  /** Every & of a piece of text that begins here is a reference to a character that XML can have. */
  private references(piece: string): boolean {
    for (const { index } of piece.matchAll(/&/g)) {
      reference.lastIndex = index;
      const [, decimal, hex] = reference.exec(piece) ?? [null];
      const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : 0x20;
      if (reference.lastIndex === 0 || code > 0x10ffff || unsayable.test(String.fromCodePoint(code)))
        return this.fail('& must be written &amp;', index);
    }
    return true;
  }

  private peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  private take(pattern: RegExp): boolean {
    const found = this.peek(pattern);
    if (found) this.at += found[0].length;
    return found !== null;
  }

  private fail(reason: string, further = 0): false {
    this.at += further;
    this.reason = reason;
    return false;
  }
}

/** What XML 1.0 forbids. */
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const declaration = /<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>/y;
const comment = /<!--(?:[^-]|-[^-])*-->/y;
const reference = /&(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));/y;
const name = '[\\p{L}_:][\\p{L}\\p{M}\\p{Nd}_:.\\-·]*';
const instruction = new RegExp(`<\\?(?!xml\\b)${name}(?:\\s[^?]*(?:\\?(?!>)[^?]*)*)?\\?>`, 'iuy');
const quoted = `"[^<"]*"|'[^<']*'`;
const attribute = new RegExp(`\\s(${name})\\s*=\\s*(?:${quoted})`, 'gu');
const startTag = new RegExp(`<(${name})((?:\\s+${name}\\s*=\\s*(?:${quoted}))*)\\s*(/?)>`, 'uy');
const endTag = new RegExp(`</(${name})\\s*>`, 'uy');
