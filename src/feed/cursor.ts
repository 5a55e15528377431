import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual, type Cipher } from 'node:crypto';
import { Refusal } from '../errors.js';
import type { Secret } from '../secret.js';

/**
 * Cursors of the feed: one AES-128 block over position (8 bytes), owner (4) and a check (4), in base64url (22
 * characters). Opaque and unforgeable; two owners' cursors tell nothing of each other's volume (delivery-design B.5).
 */
export class Cursors {
  private readonly key: Buffer;
  private readonly checkKey: Buffer;
  /** One for all: each block by itself is all that ECB knows, and making a cipher costs more than its block. */
  private readonly cipher: Cipher;

  constructor(secret: Secret) {
    this.key = secret.derive('feed cursor', 16);
    this.checkKey = secret.derive('feed cursor check', 32);
    this.cipher = createCipheriv('aes-128-ecb', this.key, null).setAutoPadding(false);
  }

  /** The cursor that stands right after position `pos` of the owner's feed. */
  encode(ownerId: string, pos: bigint): string {
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(pos, 0);
    block.writeUInt32BE(Number(BigInt(ownerId) & 0xffff_ffffn), 8);
    this.check(block).copy(block, 12);
    return this.cipher.update(block).toString('base64url');
  }

  /** The position behind a cursor. @throws Refusal BAD_USER_INPUT when it is altered, malformed or of another owner. */
  decode(ownerId: string, cursor: string): bigint {
    const given = Buffer.from(cursor, 'base64url');
    // the last character has four bits to spare, and Node skips what is no base64: only the one spelling is genuine
    if (given.length !== 16 || given.toString('base64url') !== cursor) throw notACursor();
    const decipher = createDecipheriv('aes-128-ecb', this.key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(given), decipher.final()]);
    const genuine = timingSafeEqual(this.check(block), block.subarray(12));
    const owner = block.readUInt32BE(8);
    if (!genuine || owner !== Number(BigInt(ownerId) & 0xffff_ffffn)) throw notACursor();
    return block.readBigUInt64BE(0);
  }

  private check(block: Buffer): Buffer {
    return createHmac('sha256', this.checkKey).update(block.subarray(0, 12)).digest().subarray(0, 4);
  }
}

const notACursor = () => new Refusal('BAD_USER_INPUT', 'after: this is not a cursor of this feed');
