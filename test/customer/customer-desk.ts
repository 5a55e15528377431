import { outboxOf } from '../bulk/partner-rows.js';
import { adminKey, type TestHub, type TestOwner } from '../hub.js';

export interface ShownProblem {
  code: string;
  field: string | null;
  message: string;
  existingId: string | null;
}

/** What any mutation answers: its own fields, and what was wrong. */
export type Payload<Fields = Record<string, never>> = Fields & { userErrors: ShownProblem[] };

export interface ShownCustomer extends Record<string, unknown> {
  id: string;
  code: string;
  version: number;
}

export type CustomerPayload = Payload<{ customer: ShownCustomer | null }>;

/** Who asks: the owner's own key, or the operator's, which has the scope `admin`. */
export interface As {
  admin?: boolean;
}

export interface CustomerDesk {
  owner: TestOwner;
  /** Runs a mutation with arguments given as `[type, value]`. @throws when the answer has top-level errors */
  run: <Fields>(
    name: string,
    args: Record<string, [string, unknown]>,
    selection: string,
    as?: As,
  ) => Promise<Payload<Fields>>;
  create: (input: object, selection?: string, as?: As) => Promise<CustomerPayload>;
  update: (by: object, input: object, expectedVersion?: number | null, selection?: string) => Promise<CustomerPayload>;
  find: (by: object, selection?: string, as?: As) => Promise<ShownCustomer | null>;
  exclude: (code: string, excluded?: boolean, as?: As) => Promise<CustomerPayload>;
  /** What waits in the outbox since the last call, as `code reasons`. */
  events: () => Promise<string[]>;
}

/** An owner whose customers a test reads and writes over HTTP. `events` wants a hub that does not run the relay. */
export async function customerDesk(hub: TestHub, settings: object = {}): Promise<CustomerDesk> {
  const owner = await hub.owner(undefined, settings);
  const ask = async <Data>(query: string, variables: object, { admin = false }: As = {}): Promise<Data> => {
    if (!admin) return owner.gql<Data>(query, variables);
    const answer = await hub.request<Data>(query, variables, { key: adminKey, owner: owner.code });
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  const run: CustomerDesk['run'] = async <Fields>(
    name: string,
    args: Record<string, [string, unknown]>,
    selection: string,
    as?: As,
  ) => {
    const entries = Object.entries(args);
    const query = `mutation (${entries.map(([arg, [type]]) => `$${arg}: ${type}`).join(', ')}) {
      ${name}(${entries.map(([arg]) => `${arg}: $${arg}`).join(', ')}) {
        ${selection} userErrors { code field message existingId } } }`;
    const variables = Object.fromEntries(entries.map(([arg, [, value]]) => [arg, value]));
    const data = await ask<Record<string, Payload<Fields>>>(query, variables, as);
    return data[name]!;
  };
  const customer = (selection: string) => `customer { ${basics} ${selection} }`;
  return {
    owner,
    run,
    create: (input, selection = '', as) =>
      run('createCustomer', { input: ['CreateCustomerInput!', input] }, customer(selection), as),
    update: (by, input, expectedVersion, selection = '') =>
      run(
        'updateCustomer',
        { by: [identifier, by], input: ['UpdateCustomerInput!', input], expectedVersion: ['Int', expectedVersion] },
        customer(selection),
      ),
    find: async (by, selection = '', as) => {
      const query = `query ($by: ${identifier}) { customer(by: $by) { ${basics} ${selection} } }`;
      return (await ask<{ customer: ShownCustomer | null }>(query, { by }, as)).customer;
    },
    exclude: (code, excluded = true, as) =>
      run(
        'setCustomerExcluded',
        { customer: [identifier, { code }], excluded: ['Boolean!', excluded] },
        customer('excluded'),
        as,
      ),
    events: () => outboxOf(hub, owner),
  };
}

export const identifier = 'CustomerIdentifierInput!';
const basics = 'id code version';

/** Problems as `CODE field`. */
export const faults = ({ userErrors }: { userErrors: ShownProblem[] }): string[] =>
  userErrors.map(({ code, field }) => `${code} ${field}`);
