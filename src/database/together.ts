/**
 * Waits until all have ended, whatever becomes of them, then throws the first error. For statements of one transaction that
 * are sent together, so that PostgreSQL does not wait for this process in between: none may be left that would run after the
 * rollback, when the connection is nobody's.
 */
export async function together(work: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
