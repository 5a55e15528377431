import { Refusal, Rejected } from '../errors.js';

/** Runs the work of a field that answers what it is about and has no place for userErrors. @throws Refusal in their place */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Rejected) throw new Refusal('BAD_USER_INPUT', error.message);
    throw error;
  }
}
