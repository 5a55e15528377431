import { keyIdOf, SealingKey } from './sealing-key.js';

/**
 * The secrets of the hub. The present one seals; older ones still open what was sealed under them, until
 * `stamdata secret rotate` has sealed all of it anew.
 */
export class Secret {
  readonly present: SealingKey;
  /** Every one that opens, the present one first. */
  readonly keys: readonly SealingKey[];

  constructor(bytes: Buffer, older: readonly Buffer[] = []) {
    this.present = new SealingKey(bytes);
    this.keys = [this.present, ...older.map((each) => new SealingKey(each)).filter(({ id }) => id !== this.present.id)];
  }

  /** `length` bytes for `purpose`, of the present secret. */
  derive(purpose: string, length: number): Buffer {
    return this.present.derive(purpose, length);
  }

  /** The same of every secret, the present one first: to know again what was made under an older one. */
  deriveEach(purpose: string, length: number): Buffer[] {
    return this.keys.map((key) => key.derive(purpose, length));
  }

  /** Seals for a purpose and a place: it opens for no other. */
  seal(purpose: string, place: string, plain: Buffer | string): Buffer {
    return this.present.seal(purpose, place, plain);
  }

  /**
   * @throws MissingKey when the value was sealed under a secret that is not here; an error of another kind when it is of
   * another purpose or place, or was altered
   */
  open(purpose: string, place: string, sealed: Buffer): Buffer {
    return this.opened(purpose, place, sealed).plain;
  }

  /** The same, with the key that opened it. */
  opened(purpose: string, place: string, sealed: Buffer): { plain: Buffer; key: SealingKey } {
    const named = this.keys.find((key) => key.isNamedBy(sealed));
    if (named) return { plain: named.open(purpose, place, sealed), key: named };
    for (const key of this.keys) {
      try {
        return { plain: key.openBare(purpose, place, sealed), key };
      } catch {
        // of another one: values of older versions do not say of which
      }
    }
    const id = keyIdOf(sealed);
    throw id === null ? new Error('a sealed value does not open: it was altered, or moved') : new MissingKey(id);
  }
}

/** A value was sealed under a secret that this process does not have. */
export class MissingKey extends Error {
  constructor(readonly keyId: string) {
    super(`sealed under key ${keyId}, which is neither of STAMDATA_SECRET nor of STAMDATA_OLD_SECRETS`);
  }
}
