/** Runs a transaction that calls `end` with its result instead of giving it, so that all it wrote is rolled back; gives that result. */
export async function rolledBack<T>(transaction: (end: (result: T) => never) => Promise<unknown>): Promise<T> {
  let ended: { result: T } | undefined;
  try {
    await transaction((result) => {
      ended = { result };
      throw rollBack;
    });
  } catch (error) {
    if (error !== rollBack) throw error;
  }
  return ended!.result;
}

const rollBack = new Error('dry run: rolled back');
