import { isUtf8 } from 'node:buffer';
import { malformedFile } from './refused.js';

/** What the file says it is written in. Latin-1 is read as windows-1252, as browsers do: its euro sign is used everywhere. */
export type Charset = 'utf-8' | 'windows-1252';

/** Takes the bytes of a file as they come and gives them in UTF-8, without a byte order mark. */
export interface Utf8Bytes {
  /** @throws ImportRefused for what is not text in the charset, with its place. `sound`: what came before it. */
  take: (bytes: Buffer) => Utf8Part;
  end: () => Utf8Part;
}

/** Bytes that are whole characters, and what is wrong behind them. */
export interface Utf8Part {
  bytes: Buffer;
  fault: Error | null;
}

export const utf8Bytes = (charset: Charset): Utf8Bytes => (charset === 'utf-8' ? new CheckedUtf8() : new Windows1252());

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const newline = 0x0a;

class CheckedUtf8 implements Utf8Bytes {
  /** The beginning of a character whose end has not come yet. */
  private rest: Buffer = Buffer.alloc(0);
  private offset = 0;
  private lines = 0;
  private begun = false;

  take(bytes: Buffer): Utf8Part {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    if (!this.begun && all.length < byteOrderMark.length) {
      this.rest = all;
      return { bytes: Buffer.alloc(0), fault: null };
    }
    const whole = all.subarray(0, all.length - unfinished(all));
    this.rest = all.subarray(whole.length);
    return this.give(whole);
  }

  end(): Utf8Part {
    const { rest } = this;
    this.rest = Buffer.alloc(0);
    return this.give(rest);
  }

  private give(given: Buffer): Utf8Part {
    const marked = !this.begun && given.subarray(0, 3).equals(byteOrderMark);
    if (given.length > 0) this.begun = true;
    if (marked) this.offset += 3;
    const bytes = marked ? given.subarray(3) : given;
    if (isUtf8(bytes)) {
      this.pass(bytes);
      return { bytes, fault: null };
    }
    const sound = bytes.subarray(0, soundLength(bytes));
    this.pass(sound);
    return { bytes: sound, fault: this.fault() };
  }

  private pass(bytes: Buffer): void {
    this.offset += bytes.length;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) this.lines++;
  }

  private fault(): Error {
    const line = this.lines + 1;
    return malformedFile(
      `line ${line}: byte ${this.offset} of the file is not UTF-8 (for a Latin-1 file send charset=iso-8859-1)`,
      line,
    );
  }
}

/** How many bytes at the end begin a character that would need more. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

const lengthOf = (leading: number): number => (leading >= 0xf0 ? 4 : leading >= 0xe0 ? 3 : 2);

/** How many bytes are whole characters before the first one that is none. Once for a file, so character by character. */
function soundLength(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at]!;
    const end = at + (first < 0x80 ? 1 : lengthOf(first));
    if (end > bytes.length || !isUtf8(bytes.subarray(at, end))) return at;
    at = end;
  }
  return at;
}

/** What windows-1252 has in the places 0x80 to 0x9f; the five that are free stay what they are in Latin-1. */
const typographic = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

class Windows1252 implements Utf8Bytes {
  take(bytes: Buffer): Utf8Part {
    const text = bytes
      .toString('latin1')
      .replace(/[\u0080-\u009f]/g, (char) => typographic.charAt(char.charCodeAt(0) - 0x80));
    return { bytes: Buffer.from(text, 'utf8'), fault: null };
  }

  end(): Utf8Part {
    return { bytes: Buffer.alloc(0), fault: null };
  }
}
