import type { Command } from 'commander';
import type { Asking } from './ask-hub.js';
import { StartupError } from './errors.js';

/** The hub that `--url` and `--key` name; null: none was named. @throws StartupError (wrong usage) */
export function namedHub({ url, key }: { url?: string; key?: string }, command: Command): Asking | null {
  if (!url) {
    if (command.getOptionValueSource('key') !== 'cli') return null;
    throw new StartupError('--key is for a running hub: name it with --url', 2);
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new StartupError(`--url: not the URL of a hub (http://host:port): ${url}`, 2);
  if (!key) throw new StartupError('--key: give a key, or set STAMDATA_KEY', 2);
  return { url: url.replace(/\/+$/, ''), key };
}
