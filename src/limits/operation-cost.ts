import {
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { itemsIn, numberIn } from './argument-cost.js';
import { productOf, sumOf, type Cost } from './cost.js';
import { costs, fixedCosts } from './field-costs.js';

/**
 * What a valid operation costs at most, in points: one for each node of a page and each field of the root, a fraction for
 * what comes with them. Computed once for an operation; only the lengths of pages and lists are left to the variables.
 */
export function costOfOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const root = schema.getRootType(operation.operation);
  return root ? new Costs(document, operation).ofRoot(root, operation) : 0;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

class Costs {
  private readonly fragments: Fragments;

  constructor(
    { definitions }: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  /** `@skip` and `@include` are not looked at: what may be left out is paid for. */
  ofRoot(root: GraphQLObjectType, { operation, selectionSet }: OperationDefinitionNode): Cost {
    const isMutation = operation === OperationTypeNode.MUTATION;
    const base = isMutation ? costs.mutation : costs.query;
    return this.sum(selectionSet, (node) => {
      const field = root.getFields()[node.name.value];
      if (!field) return fixedCosts.get(node.name.value) ?? costs.value;
      const given = (node.arguments ?? []).map(({ value }) => itemsIn(value, this.operation));
      return sumOf([base, productOf(sumOf(given), costs.item), this.field(root, field, node, isMutation)]);
    });
  }

  private of(type: GraphQLObjectType, set: SelectionSetNode, page: Cost | null, isBulk: boolean): Cost {
    return this.sum(set, (node) => {
      const field = type.getFields()[node.name.value];
      if (!field) return costs.value;
      const isPage = page !== null && (field.name === 'nodes' || field.name === 'edges');
      return isPage ? this.ofPage(page, field, node) : this.field(type, field, node, isBulk);
    });
  }

  private sum({ selections }: SelectionSetNode, costOf: (node: FieldNode) => Cost): Cost {
    const all = selections.map((selection): Cost => {
      if (selection.kind === Kind.FIELD) return costOf(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.sum(selection.selectionSet, costOf);
      const fragment = this.fragments.get(selection.name.value);
      return fragment ? this.sum(fragment.selectionSet, costOf) : 0;
    });
    return sumOf(all);
  }

  /** `isBulk`: the lists of what a mutation answers are paid for with the rows that it was given. */
  private field(parent: GraphQLObjectType, field: AnyField, node: FieldNode, isBulk: boolean): Cost {
    const own = fixedCosts.get(`${parent.name}.${field.name}`) ?? 0;
    const page = this.pageOf(field, node);
    const type = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));
    const times = !isList || isBulk ? 1 : (page ?? costs.listItems);
    if (!isObjectType(type) || !node.selectionSet) return sumOf([own, productOf(times, costs.value)]);
    const each = isList && page !== null ? costs.node : costs.part;
    const below = this.of(type, node.selectionSet, isList ? null : page, isBulk && page === null);
    return sumOf([own, productOf(times, sumOf([each, below]))]);
  }

  /** The nodes of a connection: those of `nodes`, and of `edges` the node alone. */
  private ofPage(page: Cost, field: AnyField, node: FieldNode): Cost {
    const type = getNamedType(field.type);
    if (!isObjectType(type) || !node.selectionSet) return page;
    const below = this.of(type, node.selectionSet, null, false);
    return productOf(page, sumOf([costs.node, below]));
  }

  /** How many there are at most of a field that is asked for by the page; null: of any other. */
  private pageOf(field: AnyField, node: FieldNode): Cost | null {
    const sizes = field.args.filter(({ name }) => name === 'first' || name === 'last');
    if (sizes.length === 0) return null;
    const given = node.arguments?.filter(({ name }) => sizes.some((size) => size.name === name.value)) ?? [];
    if (given.length === 0) return Number(sizes[0]!.defaultValue ?? costs.page);
    const all = given.map(({ value }) => numberIn(value, this.operation, costs.page));
    return sumOf(all);
  }
}

type AnyField = GraphQLField<unknown, unknown>;
