import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 30_000;

/** Waits until it is so; when it never comes, the check that follows says what is missing. */
export async function settled(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline && !(await holds());) await sleep(20);
}
