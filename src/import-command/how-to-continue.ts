import type { ImportOptions } from './import-options.js';

/**
 * The command that goes on with an import, to be pasted into a shell. Without the key of the hub, which does not belong on a
 * screen. `idempotencyKey`: null where the same file leads to the same one by itself.
 */
export function howToContinue({ file, settings, place }: ImportOptions, idempotencyKey: string | null): string {
  const { owner, format, charset, profile, onExisting, delivery } = settings;
  const words = [
    ...(owner === null ? [] : ['--owner', owner]),
    ...(format === null ? [] : ['--format', format]),
    ...(charset === 'utf-8' ? [] : ['--charset', charset]),
    ...(profile === 'standard' ? [] : ['--profile', profile]),
    ...(onExisting === 'reject' ? [] : ['--on-existing', onExisting]),
    ...(delivery === 'normal' ? [] : ['--delivery', delivery]),
    ...(idempotencyKey === null ? [] : ['--idempotency-key', idempotencyKey]),
    ...place,
  ];
  return ['npx stamdata import', ...[file, ...words].map(quoted)].join(' ');
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
