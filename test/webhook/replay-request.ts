import type { TestOwner } from '../hub.js';

/** A replay as the API tells it. */
export interface Told {
  id: string;
  endpointId: string;
  kind: string;
  customerId: string | null;
  since: string | null;
  until: string | null;
  state: string;
  selected: number;
  sent: number;
  failed: number;
  skipped: number;
  waitingFor: string | null;
  note: string | null;
  requestedBy: string;
  finishedAt: string | null;
}

export interface Payload {
  replay: Told | null;
  userErrors: { code: string; field: string | null; message: string }[];
}

const fields = `id endpointId kind customerId since until state selected sent failed skipped waitingFor note requestedBy
  createdAt finishedAt`;
const payload = `{ replay { ${fields} } userErrors { code field message } }`;

/** Asks for a replay, as it comes. */
export const tryReplay = async (owner: TestOwner, input: object): Promise<Payload> =>
  (
    await owner.gql<{ asked: Payload }>(
      `mutation ($input: ReplayDeliveriesInput!) { asked: replayDeliveries(input: $input) ${payload} }`,
      { input },
    )
  ).asked;

/** Asks for a replay that is known to be right. */
export async function askReplay(owner: TestOwner, input: object): Promise<Told> {
  const { replay, userErrors } = await tryReplay(owner, input);
  if (!replay) throw new Error(JSON.stringify(userErrors));
  return replay;
}

export const cancelReplay = async (owner: TestOwner, id: string): Promise<Payload> =>
  (await owner.gql<{ asked: Payload }>(`mutation ($id: ID!) { asked: cancelReplay(id: $id) ${payload} }`, { id }))
    .asked;

export const replayOf = async (owner: TestOwner, id: string): Promise<Told> =>
  (await owner.gql<{ replay: Told }>(`query ($id: ID!) { replay: webhookReplay(id: $id) { ${fields} } }`, { id }))
    .replay;

export const replaysOf = async (owner: TestOwner, endpointId: string, page: object = {}) =>
  (
    await owner.gql<{
      found: { totalCount: number; nodes: Told[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }>(
      `query ($endpointId: ID, $first: Int, $after: String) { found: webhookReplays(endpointId: $endpointId, first: $first, after: $after) {
         totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
      { endpointId, first: 10, ...page },
    )
  ).found;
