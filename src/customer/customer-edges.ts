import { consentEdge } from '../consent/consents.js';
import type { Edge } from '../database/edge.js';
import { externalReferenceEdge } from '../external-system/external-systems.js';
import { entityMembers, type Members } from '../graphql/sql-text/members.js';
import { snapshotEdge } from '../snapshot/snapshots-shown.js';
import { tagEdge } from '../tag/tags-of.js';
import { Customer } from './customer.entity.js';
import { contactInfoEdge, userEdge } from './details-of.js';

/** What hangs on a customer and can come along with it, by its field in GraphQL. */
export const customerEdges = {
  contactInfos: contactInfoEdge,
  users: userEdge,
  externalReferences: externalReferenceEdge,
  tags: tagEdge,
  consents: consentEdge,
} satisfies Record<string, Edge<never>>;

export type CustomerEdge = keyof typeof customerEdges;

const masterData = entityMembers(Customer);

/** What GraphQL shows of a customer, with what hangs on it. The row has the properties of `Customer`, and its id as `key`. */
export const customerMembers: Members = (field, row) => {
  const itself = `= ${row}.key`;
  if (Object.hasOwn(customerEdges, field)) {
    const { members, sql } = customerEdges[field as CustomerEdge];
    return { list: members, select: sql(itself) };
  }
  if (field === 'snapshot') return { one: snapshotEdge.members, select: snapshotEdge.sql(itself) };
  if (field === 'birthDate')
    return {
      object: birthDateMembers,
      row,
      present: `num_nonnulls(${birthParts.map((part) => `${row}."${part}"`).join(', ')}) > 0`,
    };
  return masterData(field, row);
};

const birthParts = ['birthYear', 'birthMonth', 'birthDay'];

/** `year` is `birthYear`. */
const birthDateMembers: Members = (field, row) => masterData(`birth${field[0]!.toUpperCase()}${field.slice(1)}`, row);
