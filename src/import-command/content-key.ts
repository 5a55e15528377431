import { createHmac } from 'node:crypto';
import type { ImportSettings } from './import-options.js';
import type { SourceFile } from './source-file.js';

/**
 * The idempotency key of an import for which none was given: the same file with the same settings, sent with the same key
 * to the hub, goes on where it stopped. Keyed by `secret`, for the file may hold passwords (A28) and the key is stored.
 */
export async function contentKey(
  source: SourceFile,
  { owner, charset, profile, onExisting, delivery }: ImportSettings,
  secret: string,
): Promise<string> {
  const settings = [owner?.toUpperCase() ?? null, source.format, charset, profile, onExisting, delivery];
  const hash = createHmac('sha256', secret).update(`${JSON.stringify(settings)}\n`);
  for await (const piece of source.read()) hash.update(piece);
  return `file-${hash.digest('hex').slice(0, 40)}`;
}
