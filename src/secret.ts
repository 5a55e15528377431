import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from './errors.js';

/** The hub's secret and what is derived from it: one key per purpose, so that none can stand in for another. */
export class Secret {
  private readonly sealingKeys = new Map<string, Buffer>();

  constructor(private readonly bytes: Buffer) {}

  /** `length` bytes for `purpose` by HKDF-SHA-256. */
  derive(purpose: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, 'stamdata', purpose, length));
  }

  /** AES-256-GCM: nonce(12) | tag(16) | ciphertext. `place` is bound in, so that a sealed value cannot be moved. */
  seal(purpose: string, place: string, plain: Buffer | string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey(purpose), nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws when the value was sealed under another secret, for another place, or was altered. */
  open(purpose: string, place: string, sealed: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.sealingKey(purpose), sealed.subarray(0, 12))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  }

  private sealingKey(purpose: string): Buffer {
    const key = this.sealingKeys.get(purpose) ?? this.derive(purpose, 32);
    this.sealingKeys.set(purpose, key);
    return key;
  }
}

/**
 * The secret of the configuration, else the one of the data directory, generated there at the first start.
 * @throws StartupError when the file cannot be made, read, or does not hold a secret
 */
export function loadSecret(configured: Buffer | null, dataDir: string): Secret {
  if (configured) return new Secret(configured);
  const file = join(dataDir, 'secret');
  const bytes = Buffer.from(readOrGenerate(file, dataDir), 'base64');
  if (bytes.length !== 32) throw new StartupError(`${file} is damaged: it must hold 32 bytes in base64`);
  return new Secret(bytes);
}

function readOrGenerate(file: string, dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!existsSync(file)) generate(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`cannot use ${file}: ${(error as Error).message}`);
  }
}

/** Written aside and linked into place: whoever finds the file, finds it whole, and of two processes one wins. */
function generate(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
