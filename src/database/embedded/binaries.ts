import { StartupError } from '../../errors.js';
import type { Place } from './place.js';

/** Server programs that were seen running as the server's account. */
export interface Binaries {
  /** The directory of `initdb`, `postgres` and `pg_ctl`. */
  dir: string;
  major: number;
}

/** A place to look for binaries: what runs from there, or else why nothing does. */
export type BinarySource = (place: Place) => Promise<{ found: Binaries[]; problem?: string }>;

/**
 * The first binaries, in the order of `sources`, that fit the cluster of `place`; without a cluster the first at all.
 * Later sources are only asked when the earlier ones have nothing.
 *
 * Throws a StartupError when nothing runs here, or nothing of the cluster's version.
 */
export async function chooseBinaries(sources: BinarySource[], place: Place): Promise<Binaries> {
  const problems: string[] = [];
  const others: number[] = [];
  for (const source of sources) {
    const { found, problem } = await source(place);
    if (problem) problems.push(problem);
    for (const binaries of found) {
      if (!place.cluster || place.cluster.major === binaries.major) return binaries;
      others.push(binaries.major);
    }
  }
  if (place.cluster && others.length > 0) {
    throw new StartupError(
      `The database in ${place.cluster.dir} was written by PostgreSQL ${place.cluster.major}, but here is only version ` +
        `${[...new Set(others)].join(', ')}: install PostgreSQL ${place.cluster.major}, or export there and import here.`,
    );
  }
  throw new StartupError(
    `No PostgreSQL can run on this machine (${process.platform}-${process.arch}): ${problems.join('; ')}. ` +
      'Install PostgreSQL 15 or newer, or set DATABASE_URL.',
  );
}
