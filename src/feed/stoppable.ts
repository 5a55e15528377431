/**
 * A generator whose `return()` takes effect at once. By itself a generator ends only when what it awaits has come, so
 * a client that leaves while nothing happens would hold its place for ever; here its signal is given first.
 */
export function stoppable<T>(
  make: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterableIterator<T> {
  const controller = new AbortController();
  const inner = make(controller.signal);
  const stop = (end: () => Promise<IteratorResult<T, void>>) => {
    controller.abort();
    return end();
  };
  return {
    next: () => inner.next(),
    return: () => stop(() => inner.return()),
    throw: (error: unknown) => stop(() => inner.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
