import { Field, ObjectType, type ClassType } from 'type-graphql';
import { Refusal } from '../errors.js';

@ObjectType({ description: 'Where a page stands in the whole list.' })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

export interface Connection<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
}

/** The Relay connection type of a node type: `NameEdge` and `NameConnection`. Extend it to add `totalCount`. */
export function connectionType<Node extends object>(name: string, nodeType: ClassType<Node>) {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page, with its cursor.` })
  class NodeEdge {
    @Field(() => String)
    cursor!: string;

    @Field(() => nodeType)
    node!: Node;
  }

  @ObjectType()
  abstract class NodeConnection {
    @Field(() => [NodeEdge])
    edges!: Edge<Node>[];

    @Field(() => [nodeType], { description: 'The nodes of the edges, for clients that need no cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

export const maxPage = 100;

export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface PageSize {
  /** How many rows; one more is to be fetched, to know whether there is a next page. */
  size: number;
  backward: boolean;
}

export interface Page extends PageSize {
  after: string | null;
  before: string | null;
}

/** Judges the arguments of a connection whose cursors are row ids. @throws Refusal BAD_USER_INPUT */
export function pageOf(args: PageArguments): Page {
  return { ...pageSizeOf(args), after: decodeId('after', args.after), before: decodeId('before', args.before) };
}

/** How many rows of a connection are asked for, and from which end. @throws Refusal BAD_USER_INPUT */
export function pageSizeOf(args: PageArguments): PageSize {
  const backward = args.last != null;
  const size = args.last ?? args.first;
  if (size == null || (backward && args.first != null))
    throw new Refusal('BAD_USER_INPUT', `first (or last): say how many, 1 to ${maxPage}`);
  if (size < 1 || size > maxPage)
    throw new Refusal('BAD_USER_INPUT', `${backward ? 'last' : 'first'} must be 1 to ${maxPage}, not ${size}`);
  return { size, backward };
}

/** The page's connection out of up to `size + 1` rows in the page's direction; by default its cursors are their ids. */
export function connectionOf<Node extends { id: string }>(
  page: PageSize & PageArguments,
  rows: Node[],
  cursorOf: (node: Node) => string = ({ id }) => encodeId(id),
): Connection<Node> {
  const more = rows.length > page.size;
  const nodes = rows.slice(0, page.size);
  if (page.backward) nodes.reverse();
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: page.backward ? page.before != null : more,
      hasPreviousPage: page.backward ? more : page.after != null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const encodeId = (id: string): string => Buffer.from(`id:${id}`).toString('base64url');

function decodeId(argument: string, cursor: string | null | undefined): string | null {
  if (cursor == null) return null;
  const id = /^id:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (!id) throw new Refusal('BAD_USER_INPUT', `${argument}: this is not a cursor of this list`);
  return id;
}
