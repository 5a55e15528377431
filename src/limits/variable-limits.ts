import {
  getNullableType,
  isInputObjectType,
  isListType,
  Kind,
  typeFromAST,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type ObjectFieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import { demandSmallTrees, recursiveInputs } from './tree-limits.js';
import { LimitExceeded } from './limit-exceeded.js';
import { limits, type LimitName } from './limits.js';
import { areLooseRows, areRows } from './row-limits.js';

type Variables = Readonly<Record<string, unknown>>;

/** Judges the variables of one operation as they were sent. @throws Refusal BAD_USER_INPUT */
export type DemandModestVariables = (variables: Variables) => void;

/**
 * Gives the judge of an operation's variables: their sizes alone, before graphql-js reads them, and only as deep as their
 * types go. What has another form than its type is left to graphql-js, which gives up after ten errors.
 */
export function variableLimits(
  schema: GraphQLSchema,
): (document: DocumentNode, operation: OperationDefinitionNode) => DemandModestVariables {
  const recursive = recursiveInputs(schema);
  const judges = new Judges();
  return (document, operation) => {
    const texts = textVariables(document);
    const parts = (operation.variableDefinitions ?? []).map(({ type: node, variable }) => {
      const type = typeFromAST(schema, node as never) as GraphQLInputType | undefined;
      const name = variable.name.value;
      return { name, judge: type ? judges.ofVariable(type, texts.has(name)) : fits };
    });
    return (variables) => {
      demandSmallTrees(operation, variables, recursive);
      for (const { name, judge } of parts) {
        const excess = judge(variables[name]);
        if (excess) throw new LimitExceeded('BAD_USER_INPUT', excess.limit, excess.found, `$${name}${excess.path}`);
      }
    };
  };
}

/** What is too large in a value, and where in it. */
interface Excess {
  limit: LimitName;
  found: number | null;
  path: string;
}

type Judge = (value: unknown) => Excess | null;

const fits: Judge = () => null;

class Judges {
  /** By type, and by whether it is of a field that holds a text. */
  private readonly made = new Map<unknown, Judge>();

  /** A list that is a variable by itself is what the call is about: customers to tag, bookings to send again. */
  ofVariable(given: GraphQLInputType, isText: boolean): Judge {
    const type = getNullableType(given);
    return isListType(type) ? listJudge('rows', this.of(type.ofType, isText)) : this.of(type, isText);
  }

  private of(given: GraphQLInputType, isText: boolean): Judge {
    const type = getNullableType(given);
    if (isListType(type)) {
      const item = areLooseRows(type.ofType) ? fits : this.of(type.ofType, isText);
      return listJudge(areRows(type.ofType) ? 'rows' : 'listItems', item);
    }
    if (!isInputObjectType(type)) return isText ? textJudge : stringJudge;
    const before = this.made.get(type);
    if (before) return before;
    const fields = new Map<string, Judge>();
    const judge = objectJudge(fields);
    this.made.set(type, judge); // before its fields: one of them may be of this type again
    for (const field of Object.values(type.getFields()))
      fields.set(field.name, this.of(field.type, textFields.has(field.name)));
    return judge;
  }
}

/** Templates of webhooks, which have a limit of their own. */
const textFields = new Set(['template']);

/** The variables that are given for one, wherever they stand in the document. */
function textVariables(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const look = ({ name, value }: ArgumentNode | ObjectFieldNode): void => {
    if (value.kind === Kind.VARIABLE && textFields.has(name.value)) found.add(value.name.value);
  };
  visit(document, { [Kind.ARGUMENT]: look, [Kind.OBJECT_FIELD]: look });
  return found;
}

const lengthJudge =
  (limit: LimitName): Judge =>
  (value) =>
    typeof value === 'string' && value.length > limits[limit].most ? { limit, found: value.length, path: '' } : null;

const stringJudge = lengthJudge('stringCharacters');
const textJudge = lengthJudge('textCharacters');

function listJudge(limit: 'rows' | 'listItems', judgeItem: Judge): Judge {
  return (value) => {
    if (!Array.isArray(value)) return judgeItem(value);
    if (value.length > limits[limit].most) return { limit, found: value.length, path: '' };
    if (judgeItem === fits) return null;
    for (let i = 0; i < value.length; i++) {
      const excess = judgeItem(value[i]);
      if (excess) return { ...excess, path: `.${i}${excess.path}` };
    }
    return null;
  };
}

function objectJudge(fields: ReadonlyMap<string, Judge>): Judge {
  return (value) => {
    if (typeof value !== 'object' || value === null) return null;
    let n = 0;
    for (const name in value) {
      if (++n > limits.objectFields.most) return { limit: 'objectFields', found: null, path: '' };
      const excess = fields.get(name)?.((value as Variables)[name]);
      if (excess) return { ...excess, path: `.${name}${excess.path}` };
    }
    return null;
  };
}
