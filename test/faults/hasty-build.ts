import { breakCopy, type BrokenCopy } from './broken-copy.js';

/** Milliseconds that a hasty build has in place of seconds: as far apart as the product's own; attempts go on for as long as a test does. */
export const hasty: Haste = {
  leaseMs: 2_500,
  deadlineMs: 1_000,
  probeMs: [100, 400],
  retryMs: 500,
};

export interface Haste {
  leaseMs: number;
  deadlineMs: number;
  probeMs: readonly [number, number];
  /** Between any two attempts; null: by the product's own schedule. */
  retryMs: number | null;
}

/**
 * A copy of the built product whose dispatcher waits for shorter times, or (`times` null) for its own; it tells receivers
 * `version` as its own, so that they know its requests from those of others.
 */
export function hastyBuild(version: string, times: Haste | null): BrokenCopy {
  const timing = (text: string, instead: string) => ({ file: 'webhook/timing.js', text, instead });
  return breakCopy([
    {
      file: 'version.js',
      text: "export const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));",
      instead: `void [readFileSync, packageFile]; export const version = '${version}';`,
    },
    ...(times === null
      ? []
      : [
          timing('leaseMs: 30_000', `leaseMs: ${times.leaseMs}`),
          timing('deadlineMs: requestDeadlineMs', `deadlineMs: ${times.deadlineMs}`),
          ...(times.retryMs === null
            ? []
            : [timing('    retryScheduleMs,', `    retryScheduleMs: Array(100).fill(${times.retryMs}),`)]),
          timing('probeMs: [5_000, 300_000]', `probeMs: [${times.probeMs.join()}]`),
        ]),
  ]);
}
