import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';
import { demandModestDocument } from './document-limits.js';
import { demandOfDocument } from './limit-exceeded.js';
import { limits } from './limits.js';

interface Judged {
  document: DocumentNode;
  /** Null: not validated yet. */
  problems: readonly GraphQLError[] | null;
}

/**
 * Reads the documents of both transports, and refuses what would cost too much to validate. Those that came before are
 * remembered, within a bound; what is refused is not.
 */
export class Documents {
  /** By text; the one used last at the end. */
  private readonly judged = new Map<string, Judged>();
  private characters = 0;

  constructor(private readonly schema: GraphQLSchema) {}

  /** @throws Refusal GRAPHQL_VALIDATION_FAILED beyond a limit, GraphQLError where it is no GraphQL */
  read(text: string): DocumentNode {
    return this.judge(text).document;
  }

  /** Gives what is wrong with the document as well; throws like `read`. */
  validated(text: string): { document: DocumentNode; problems: readonly GraphQLError[] } {
    const { document, problems } = this.judge(text);
    if (problems) return { document, problems };
    const found = validate(this.schema, document, undefined, validationOptions);
    const judged = this.judged.get(text);
    if (judged) judged.problems = found;
    return { document, problems: found };
  }

  private judge(text: string): Judged {
    const before = this.judged.get(text);
    if (before) {
      this.judged.delete(text);
      this.judged.set(text, before);
      return before;
    }
    demandShort(text);
    const document = parse(text, parseOptions);
    demandModestDocument(document);
    const judged = { document, problems: null };
    this.remember(text, judged);
    return judged;
  }

  private remember(text: string, judged: Judged): void {
    this.judged.set(text, judged);
    this.characters += text.length;
    while (this.judged.size > mostDocuments || this.characters > mostCharacters) {
      const oldest = this.judged.keys().next().value!;
      this.judged.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

export const parseOptions = { maxTokens: limits.tokens.most };
export const validationOptions = { maxErrors: limits.validationErrors.most };

const mostDocuments = 500;
/** A document takes some ten times its text. */
const mostCharacters = 1024 * 1024;

/** A character takes a byte at least. */
function demandShort(text: string): void {
  demandOfDocument('queryBytes', text.length > limits.queryBytes.most ? text.length : Buffer.byteLength(text));
}
