/** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function untilToldToStop(): AbortSignal {
  const told = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => told.abort());
  return told.signal;
}
