import type { Selected } from './selection.js';

/**
 * How the value of a field can be had as it stands in the answer, in JSON, without its objects being made: given by the
 * field's extension `text`. Null: what is selected is not known to it, and the field's resolver is called.
 */
export type TextPlan<Context> = (selected: TextSelection) => TextRead<Context> | null;

export interface TextSelection {
  fields: readonly Selected[];
  /** The arguments that the query gives. */
  given: ReadonlySet<string>;
  /** Whether no other field of the query reads anything. */
  alone: boolean;
}

/** Gives the JSON of a value. What it throws is told by the field's resolver, which is called then. */
export type TextRead<Context> = (args: Record<string, unknown>, ctx: Context) => Promise<string>;
