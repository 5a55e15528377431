import { askHub, HubSilent, type Asking } from '../ask-hub.js';
import { chosenOwner } from '../chosen-owner.js';
import { Retry } from '../retry.js';
import { customerPages, type Ask, type CustomerPages } from './customer-pages.js';

/**
 * The customers of a running hub. Each page is of one moment, and each customer comes once: whoever is changed meanwhile as
 * before or as after, whoever is made meanwhile at the end. A page that is not answered is asked for again.
 * @throws StartupError
 */
export async function hubPages(
  hub: Asking,
  named: string | null,
  retrySeconds: number,
  signal: AbortSignal,
): Promise<CustomerPages> {
  const owner = await chosenOwner(hub, named, 'customers:read');
  const ask: Ask = async <Data>(query: string, variables: object) => {
    for (const retry = new Retry(retrySeconds * 1_000); ;) {
      try {
        return await askHub<Data>({ ...hub, owner }, query, variables, signal);
      } catch (error) {
        if (!(error instanceof HubSilent) || !(await retry.pause(signal))) throw error;
      }
    }
  };
  return customerPages(owner, ask);
}
