import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { Refusal } from '../errors.js';
import { demandFewDirectives } from './directive-limits.js';
import { demandOfDocument } from './limit-exceeded.js';
import { demandFewPairs } from './merged-pairs.js';

/**
 * Judges the form of a document before graphql-js validates it, part of which takes the square of what it is given, or
 * worse. Each fragment is measured once, however often it is put in.
 * @throws Refusal GRAPHQL_VALIDATION_FAILED
 */
export function demandModestDocument(document: DocumentNode): void {
  demandFewDirectives(document);
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  demandOfDocument('operations', operations.length);
  const measure = new Measure(fragments);
  let selections = 0;
  for (const fragment of fragments) selections += measure.fragment(fragment.name.value).selections;
  for (const operation of operations) selections += demandModest(operation, measure.of(operation.selectionSet));
  demandOfDocument('spreads', measure.spreads);
  demandOfDocument('selections', selections);
  demandFewPairs([...operations, ...fragments], measure.fragments);
}

function demandModest(operation: OperationDefinitionNode, size: Size): number {
  const where = operation.name?.value ?? null;
  demandOfDocument('depth', size.depth, where);
  demandOfDocument('introspectionDepth', size.introspectionDepth, where);
  demandOfDocument('aliases', size.aliases, where);
  demandOfDocument('rootFields', size.fields, where);
  return size.selections;
}

/** Of a selection set with the fragments put in. */
interface Size {
  /** Levels of fields; what is below `__schema` and `__type` is not counted in it. */
  depth: number;
  introspectionDepth: number;
  aliases: number;
  /** On its own level. */
  fields: number;
  /** On all levels. */
  selections: number;
}

const nothing: Size = { depth: 0, introspectionDepth: 0, aliases: 0, fields: 0, selections: 0 };

class Measure {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Of fragments that were measured; null: of one that is being measured. */
  private readonly measured = new Map<string, Size | null>();
  spreads = 0;

  constructor(fragments: readonly FragmentDefinitionNode[]) {
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  of({ selections }: SelectionSetNode): Size {
    const size = { ...nothing };
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) add(size, this.field(selection));
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(size, this.of(selection.selectionSet));
      else {
        this.spreads++;
        add(size, this.fragment(selection.name.value));
      }
    }
    return size;
  }

  /** An unknown one is left to validation, a cycle is not. */
  fragment(name: string): Size {
    const before = this.measured.get(name);
    if (before === null) throw new Refusal('GRAPHQL_VALIDATION_FAILED', `the fragment ${name} spreads itself`);
    if (before) return before;
    const fragment = this.fragments.get(name);
    if (!fragment) return nothing;
    this.measured.set(name, null);
    const size = this.of(fragment.selectionSet);
    this.measured.set(name, size);
    return size;
  }

  private field({ name, alias, selectionSet }: FieldNode): Size {
    const below = selectionSet ? this.of(selectionSet) : nothing;
    const introspects = name.value === '__schema' || name.value === '__type';
    return {
      depth: 1 + (introspects ? 0 : below.depth),
      introspectionDepth: introspects ? below.depth : below.introspectionDepth,
      aliases: below.aliases + (alias && alias.value !== name.value ? 1 : 0),
      fields: 1,
      selections: below.selections + 1,
    };
  }
}

function add(size: Size, more: Size): void {
  size.depth = Math.max(size.depth, more.depth);
  size.introspectionDepth = Math.max(size.introspectionDepth, more.introspectionDepth);
  size.aliases += more.aliases;
  size.fields += more.fields;
  size.selections += more.selections;
}
