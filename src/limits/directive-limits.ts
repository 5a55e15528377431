import { visit, type ASTNode, type DirectiveNode, type DocumentNode } from 'graphql';
import { demandOfDocument } from './limit-exceeded.js';

/** @throws LimitExceeded for a document with more directives, in one place or in all, than anybody means */
export function demandFewDirectives(document: DocumentNode): void {
  let all = 0;
  visit(document, {
    enter: (node: ASTNode) => {
      const here = (node as { directives?: readonly DirectiveNode[] }).directives?.length ?? 0;
      if (here === 0) return;
      all += here;
      demandOfDocument('directivesOfNode', here, nameOf(node));
    },
  });
  demandOfDocument('directives', all);
}

function nameOf(node: ASTNode): string | null {
  const name = 'name' in node ? node.name : 'variable' in node ? node.variable.name : undefined;
  return name?.value ?? null;
}
