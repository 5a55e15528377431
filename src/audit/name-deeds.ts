import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

/**
 * Has the context of a mutation know which of its fields is being executed: the action in the audit log. They are executed one
 * after the other (GraphQL 6.2.2), and what writes is told by the schema, so that no mutation can be forgotten.
 */
export function nameDeeds(schema: GraphQLSchema): void {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: { action: string }, info): unknown => {
      context.action = name;
      return resolve(source, args, context, info);
    };
  }
}
