import { readFileSync } from 'node:fs';

/** The version of the package, for `user-agent`. From TypeScript this file lies one directory higher than built. */
export const hubVersion: string = (
  JSON.parse(
    readFileSync(
      new URL(import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json', import.meta.url),
      'utf8',
    ),
  ) as { version: string }
).version;
