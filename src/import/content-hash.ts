import { createHash, createHmac } from 'node:crypto';

/**
 * A running hash of a file, told for any place between the last one that was passed and the end of what has come: so a
 * file that is sent again can be known by its beginning. Keyed, for the file may hold passwords (A28).
 */
export class ContentHash {
  private readonly hash = createHash('sha256');
  private hashed = 0;
  private come = 0;
  private waiting: Buffer[] = [];

  /** @param keys the first one makes hashes; by the others those that were made before are known again. */
  constructor(private readonly keys: readonly Buffer[]) {}

  /** Bytes that have come. */
  get length(): number {
    return this.come;
  }

  add(bytes: Buffer): void {
    this.come += bytes.length;
    if (bytes.length > 0) this.waiting.push(bytes);
  }

  /** Nothing before `offset` will be asked for any more: lets go of the bytes. */
  pass(offset: number): void {
    if (offset > this.come) throw new RangeError(`byte ${offset} has not come yet`);
    const kept: Buffer[] = [];
    for (const bytes of this.waiting) {
      const part = bytes.subarray(0, Math.max(0, offset - this.hashed));
      this.hash.update(part);
      this.hashed += part.length;
      if (part.length < bytes.length) kept.push(bytes.subarray(part.length));
    }
    this.waiting = kept;
  }

  /** Of the first `offset` bytes. */
  at(offset: number): Buffer {
    return this.under(this.keys[0]!, offset);
  }

  /** Whether a hash is the one of the first `offset` bytes. */
  isAt(offset: number, hash: Buffer): boolean {
    return this.keys.some((key) => this.under(key, offset).equals(hash));
  }

  private under(key: Buffer, offset: number): Buffer {
    this.pass(offset);
    return createHmac('sha256', key).update(this.hash.copy().digest()).digest();
  }
}
