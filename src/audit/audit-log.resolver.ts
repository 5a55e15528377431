import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Refusal } from '../errors.js';
import { connectionOf, connectionType, pageOf } from '../graphql/connection.js';
import { isId } from '../graphql/ids.js';
import { DateTime } from '../graphql/scalars.js';
import { actorKinds, type ActorKind } from './actor.js';
import { AuditEntry } from './audit-entry.entity.js';
import { countEntries, entriesPage, type EntryFilter, type FoundEntry } from './find-entries.js';
import { idsOf } from './id-ranges.js';
import { subjectKinds, type SubjectKind } from './subject.js';

@InputType({ description: 'Which entries of the audit log are meant: those of which all that is given holds.' })
class AuditLogFilter {
  @Field(() => ID, {
    nullable: true,
    description: 'What was done to this customer, of which nothing else may be left.',
  })
  customerId?: string | null;

  @Field(() => actorKinds, { nullable: true })
  actorKind?: ActorKind | null;

  @Field(() => String, { nullable: true })
  actorId?: string | null;

  @Field(() => String, { nullable: true })
  action?: string | null;

  @Field(() => subjectKinds, { nullable: true })
  subjectKind?: SubjectKind | null;

  @Field(() => ID, { nullable: true })
  subjectId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'From this time on.' })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before this time.' })
  until?: Date | null;
}

@ObjectType()
class AuditEntryConnection extends connectionType('AuditEntry', AuditEntry) {
  filter!: EntryFilter;
}

const maxCustomers = 10_000;

@Resolver(() => AuditEntry)
export class AuditLogResolver {
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what to which customer or setting, the newest first, in pages of up to 100. It is written with the change itself, and kept for STAMDATA_AUDIT_DAYS. What time alone changes is in the feed and not here. Scope admin.',
  })
  async auditLog(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true }) first?: number | null,
    @Arg('after', () => String, { nullable: true }) after?: string | null,
    @Arg('filter', () => AuditLogFilter, { nullable: true }) given?: AuditLogFilter | null,
  ): Promise<AuditEntryConnection> {
    const owner = ctx.owner('admin');
    const filter = filterOf(given ?? {});
    const page = pageOf({ first, after });
    return { ...connectionOf(page, await entriesPage(ctx.read, owner.id, filter, page)), filter };
  }

  @FieldResolver(() => [ID], { description: 'The customers that were changed, by ascending id: up to 10,000 of them.' })
  customerIds(
    @Root() entry: FoundEntry,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
  ): string[] {
    const most = first ?? 100;
    if (most < 1 || most > maxCustomers)
      throw new Refusal('BAD_USER_INPUT', `first must be 1 to ${maxCustomers}, not ${most}`);
    return idsOf(entry.customers, most);
  }
}

@Resolver(() => AuditEntryConnection)
export class AuditEntryConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many entries match.' })
  totalCount(@Ctx() ctx: Context, @Root() { filter }: AuditEntryConnection): Promise<number> {
    return countEntries(ctx.read, ctx.owner('admin').id, filter);
  }
}

function filterOf(given: AuditLogFilter): EntryFilter {
  for (const field of ['customerId', 'subjectId'] as const)
    if (given[field] != null && !isId(given[field])) throw new Refusal('BAD_USER_INPUT', `filter.${field}: no such id`);
  return {
    ...{ customerId: given.customerId ?? null, subjectKind: given.subjectKind ?? null },
    ...{ subjectId: given.subjectId ?? null, actorKind: given.actorKind ?? null, actorId: given.actorId ?? null },
    ...{ action: given.action ?? null, since: given.since ?? null, until: given.until ?? null },
  };
}
