import { customerCodes, tagCodes, type Reading } from './codes.js';
import type { Fault, Format } from './format.js';

/** A template made ready to be filled in any number of times. Offsets are places in its text (UTF-16). */
export interface Template {
  text: string;
  format: Format;
  decimalMark: '.' | ',';
  nodes: readonly Node[];
  /** Blocks that do not match. With any of them the template gives nothing. */
  faults: readonly Fault[];
  /** Codes that mean nothing where they stand and are left as they are (A51); each once, at its first place. */
  strangers: readonly Stranger[];
}

export interface Stranger extends Fault {
  code: string;
}

type TagCode = (typeof tagCodes)[string];
export type Node =
  | { kind: 'text'; offset: number; text: string }
  | { kind: 'customer'; offset: number; read: (from: Reading) => string }
  | { kind: 'tag'; offset: number; read: TagCode }
  | { kind: 'lineBreak'; offset: number; quoted: boolean }
  | { kind: 'tags'; offset: number; nodes: Node[] };

/** Reads a template: once, so that nothing that a value contains is ever taken for a code. */
export function readTemplate(text: string, format: Format, options: { decimalComma: boolean }): Template {
  const reader = new Reader(format);
  let done = 0;
  for (const { 0: whole, 1: code, index } of text.matchAll(/\[([A-Za-z][A-Za-z0-9_-]*)\]/g)) {
    reader.literal(text.slice(done, index), done);
    reader.code(code!, index);
    done = index + whole.length;
  }
  reader.literal(text.slice(done), done);
  const { nodes, faults, strangers } = reader.end();
  return { text, format, decimalMark: options.decimalComma ? ',' : '.', nodes, faults, strangers };
}

class Reader {
  private readonly nodes: Node[] = [];
  private readonly faults: Fault[] = [];
  private readonly strangers = new Map<string, Stranger>();
  private block: (Node & { kind: 'tags' }) | null = null;
  /** Whether what comes next stands in a JSON string: the quotes of the template decide, those of values are escaped. */
  private quoted = false;

  constructor(private readonly format: Format) {}

  literal(text: string, offset: number): void {
    for (const [character] of text.matchAll(/\\[^]|"/g)) if (character === '"') this.quoted = !this.quoted;
    if (!this.format.joinsLines) return this.add({ kind: 'text', offset, text });
    for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
      const begins = index > 0 || offset === 0;
      const piece = index + line.length < text.length ? line.trimEnd() : line;
      const kept = begins ? piece.trimStart() : piece;
      this.add({ kind: 'text', offset: offset + index + piece.length - kept.length, text: kept });
    }
  }

  code(code: string, offset: number): void {
    const name = code.toLowerCase();
    const ofCustomer = customers.get(name);
    const ofTag = tags.get(name);
    if (name === 'linebreak') this.add({ kind: 'lineBreak', offset, quoted: this.quoted });
    else if (name === 'customertag_begin') this.begin(offset);
    else if (name === 'customertag_end') this.finish(offset);
    else if (ofCustomer) this.add({ kind: 'customer', offset, read: ofCustomer });
    else if (ofTag && this.block) this.add({ kind: 'tag', offset, read: ofTag });
    else this.leave(code, offset, ofTag !== undefined);
  }

  end(): Pick<Template, 'nodes' | 'faults' | 'strangers'> {
    if (this.block) this.fault('[customerTag_Begin] without [customerTag_End]', this.block.offset);
    return { nodes: this.nodes, faults: this.faults, strangers: [...this.strangers.values()] };
  }

  private begin(offset: number): void {
    if (this.block) return this.fault('[customerTag_Begin] within another block', offset);
    this.block = { kind: 'tags', offset, nodes: [] };
    this.nodes.push(this.block);
  }

  private finish(offset: number): void {
    if (!this.block) return this.fault('[customerTag_End] without [customerTag_Begin]', offset);
    this.block = null;
  }

  private leave(code: string, offset: number, isOfTag: boolean): void {
    this.add({ kind: 'text', offset, text: `[${code}]` });
    const reason = isOfTag
      ? 'means something only between [customerTag_Begin] and [customerTag_End]'
      : /cpr/i.test(code)
        ? 'is not served, as no CPR number is stored'
        : 'is no replacement code';
    if (!this.strangers.has(code)) this.strangers.set(code, { code, offset, reason });
  }

  private add(node: Node): void {
    (this.block?.nodes ?? this.nodes).push(node);
  }

  private fault(reason: string, offset: number): void {
    this.faults.push({ reason, offset });
  }
}

/** Codes are met in any case (A1). */
const anyCase = <T>(codes: Readonly<Record<string, T>>): Map<string, T> =>
  new Map(Object.entries(codes).map(([name, read]) => [name.toLowerCase(), read]));
const customers = anyCase(customerCodes);
const tags = anyCase(tagCodes);
