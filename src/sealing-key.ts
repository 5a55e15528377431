import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a sealed value begins with, before the id of its key. Values of older versions have neither. */
const mark = Buffer.from('stk1');
const idBytes = 4;
const headerBytes = mark.length + idBytes;
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** One secret of 32 bytes, and what is derived from it: a key for each purpose, so that none can stand in for another. */
export class SealingKey {
  /** Tells it from others and nothing else about it: 8 hexadecimal digits. */
  readonly id: string;
  /** What its sealed values begin with. */
  readonly header: Buffer;
  private readonly ofPurposes = new Map<string, Buffer>();

  constructor(private readonly bytes: Buffer) {
    const id = this.derive('key id', idBytes);
    this.id = id.toString('hex');
    this.header = Buffer.concat([mark, id]);
  }

  /** `length` bytes for `purpose` by HKDF-SHA-256. */
  derive(purpose: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, 'stamdata', purpose, length));
  }

  /** AES-256-GCM: header(8) | nonce(12) | tag(16) | ciphertext. `place` is bound in: a sealed value cannot be moved. */
  seal(purpose: string, place: string, plain: Buffer | string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.keyFor(purpose), nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([this.header, nonce, cipher.getAuthTag(), sealed]);
  }

  /** Whether a sealed value says that it is of this key. */
  isNamedBy(sealed: Buffer): boolean {
    return sealed.subarray(0, headerBytes).equals(this.header);
  }

  /** @throws when the value is of another key, purpose or place, or was altered */
  open(purpose: string, place: string, sealed: Buffer): Buffer {
    return this.openBare(purpose, place, sealed.subarray(headerBytes));
  }

  /** The same of a value without a header. */
  openBare(purpose: string, place: string, bare: Buffer): Buffer {
    const nonce = bare.subarray(0, nonceBytes);
    const tag = bare.subarray(nonceBytes, nonceBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, this.keyFor(purpose), nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(place))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(bare.subarray(nonceBytes + tagBytes)), decipher.final()]);
  }

  private keyFor(purpose: string): Buffer {
    const key = this.ofPurposes.get(purpose) ?? this.derive(purpose, 32);
    this.ofPurposes.set(purpose, key);
    return key;
  }
}

/** The id of the key that a sealed value names; null where it names none. */
export function keyIdOf(sealed: Buffer): string | null {
  if (sealed.length < headerBytes || !sealed.subarray(0, mark.length).equals(mark)) return null;
  return sealed.subarray(mark.length, headerBytes).toString('hex');
}

/** SQL: the same of a column. */
export const keyIdSql = (column: string): string =>
  `CASE WHEN substring(${column} FROM 1 FOR ${mark.length}) = '\\x${mark.toString('hex')}'
     THEN encode(substring(${column} FROM ${mark.length + 1} FOR ${idBytes}), 'hex') END`;
