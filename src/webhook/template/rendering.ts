import type { Subject } from '../../snapshot/subjects-shown.js';
import type { Reading } from './codes.js';
import type { Node, Template } from './template.js';

/** Of blank codes these take 15 ms; a thousand tags with a hundred codes each are half of them. */
const maxSteps = 200_000;

/** A template filled in for one customer, with the way back from a place in it to a place in the template. */
export class Rendering {
  text = '';
  /** Set where it was given up: in the middle of a block that repeats beyond all sense. */
  overrun: 'length' | 'steps' | null = null;
  private steps = 0;
  private readonly reading: Reading;
  private readonly pieces: { start: number; offset: number; verbatim: boolean }[] = [];

  constructor(
    private readonly template: Template,
    subject: Subject,
  ) {
    const { snapshot, details } = subject;
    this.reading = { snapshot, details, decimalMark: template.decimalMark };
    this.write(template.nodes, null);
  }

  /** The offset in the template of what stands at an offset of the text; of a value: that of its code. */
  placeOf(offset: number): number {
    const piece = this.pieces.findLast(({ start }) => start <= offset);
    if (!piece || offset >= this.text.length) return this.template.text.length;
    return piece.verbatim ? piece.offset + offset - piece.start : piece.offset;
  }

  private write(
    nodes: readonly Node[],
    item: { tag: Subject['snapshot']['tags'][number]; last: boolean } | null,
  ): void {
    const { format } = this.template;
    for (const node of nodes) {
      if (this.isOverrun()) return;
      if (node.kind === 'tags') this.repeat(node.nodes);
      else if (node.kind === 'text') this.add(node.text, node.offset, true);
      else if (node.kind === 'customer') this.add(format.escape(node.read(this.reading)), node.offset);
      else if (node.kind === 'tag') this.add(item ? format.escape(node.read(item.tag)) : '', node.offset);
      // nothing after the last item of a block (A47)
      else if (!item?.last) this.add(format.lineBreak({ between: item !== null, quoted: node.quoted }), node.offset);
    }
  }

  private repeat(nodes: readonly Node[]): void {
    const { tags } = this.reading.snapshot;
    for (const [i, tag] of tags.entries()) {
      if (this.isOverrun()) return;
      this.write(nodes, { tag, last: i === tags.length - 1 });
    }
  }

  /** Every node of every repetition is a step: blank ones make no text, but hold up the process all the same. */
  private isOverrun(): boolean {
    if (++this.steps > maxSteps) this.overrun = 'steps';
    else if (this.text.length > this.template.format.maxBytes) this.overrun = 'length';
    return this.overrun !== null;
  }

  private add(text: string, offset: number, verbatim = false): void {
    if (text === '') return;
    this.pieces.push({ start: this.text.length, offset, verbatim });
    this.text += text;
  }
}
