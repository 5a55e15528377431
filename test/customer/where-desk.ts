import { getNamedType, isInputObjectType, isLeafType, isObjectType } from 'graphql';
import { createSchema } from '../../src/schema.js';
import type { TestOwner } from '../hub.js';
import type { Row } from './where-model.js';

export interface Page {
  totalCount: number;
  nodes: { code: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

export const searchQuery = `query ($first: Int, $after: String, $last: Int, $before: String, $where: CustomerWhereInput) {
  customers(first: $first, after: $after, last: $last, before: $before, where: $where) {
    totalCount nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

export const search = async (owner: TestOwner, variables: object): Promise<Page> =>
  (await owner.gql<{ customers: Page }>(searchQuery, variables)).customers;

export const codesOf = (page: Page): string[] => page.nodes.map(({ code }) => code);

/** What the schema says about criteria: the operators and the input type of each filter, and what a customer shows. */
export async function searchSchema() {
  const schema = await createSchema();
  const [where, customer] = [schema.getType('CustomerWhereInput'), schema.getType('Customer')];
  if (!isInputObjectType(where) || !isObjectType(customer)) throw new Error('the schema has no criteria');
  const filters = Object.values(where.getFields()).flatMap(({ name, type }) => {
    const named = getNamedType(type);
    return isInputObjectType(named) && named.name.endsWith('FilterInput') ? [{ name, named }] : [];
  });
  return {
    operators: new Map(filters.map(({ name, named }) => [name, Object.keys(named.getFields())])),
    types: new Map(filters.map(({ name, named }) => [name, named.name])),
    /** Fields of a customer that are one value each. */
    shown: Object.values(customer.getFields())
      .filter(({ type }) => isLeafType(getNamedType(type)))
      .map(({ name }) => name),
  };
}

/** Every customer of an owner with all that a criterion can be about. */
export async function rowsOf(owner: TestOwner, shown: string[]): Promise<Row[]> {
  const { customers } = await owner.gql<{ customers: { nodes: Row[] } }>(
    `{ customers(first: 100) { nodes { ${shown.join(' ')} birthDate { year month day } tags { id name }
       externalReferences { identifier system { code number } } contactInfos { value valueE164 }
       consents { channel accepted } } } }`,
  );
  return customers.nodes;
}
