import { readFileSync } from 'node:fs';

/** Two folders up from the built file, one from the source. */
const packageFile = new URL(
  import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json',
  import.meta.url,
);

/** The version of this hub, as package.json has it. */
export const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
