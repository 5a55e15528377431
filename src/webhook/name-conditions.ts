import type { Sql } from '../database/database.js';
import { problem, type Problem } from '../errors.js';
import { caselessKey } from '../format/caseless.js';
import type { Conditions } from './conditions.js';
import type { WebhookConditionsInput } from './webhook-conditions.type.js';

/** What an input asks for, ready to be stored; undefined: nothing, null: no conditions. */
export interface NamedConditions {
  conditions: Conditions | null | undefined;
  problems: Problem[];
}

export const maxNames = 50;

/**
 * Turns the names in conditions into what is stored: tags by id, external systems by code. Problems: INVALID (nothing is
 * named, or what can never hold), LIMIT_EXCEEDED, NOT_FOUND for each tag and system that the owner does not have.
 */
export async function nameConditions(
  sql: Pick<Sql, 'rows'>,
  ownerId: string,
  input: WebhookConditionsInput | null | undefined,
): Promise<NamedConditions> {
  if (!input) return { conditions: input, problems: [] };
  const problems = listProblems(input);
  if (problems.length > 0) return { conditions: null, problems };
  const tags = await tagIds(
    sql,
    ownerId,
    tagLists.flatMap((list) => input[list] ?? []),
  );
  const systems = await systemCodes(sql, ownerId, input.fromAnySystem ?? []);
  const found = (list: ListName, known: Map<string, string>, what: string): string[] | undefined => {
    const names = input[list];
    if (!names) return undefined;
    const ids = names.map((name, i) => {
      const id = known.get(caselessKey(name));
      if (id === undefined) problems.push(unknown(`conditions.${list}.${i}`, `no ${what} ${JSON.stringify(name)}`));
      return id ?? '';
    });
    return [...new Set(ids)];
  };
  const conditions = withoutGaps({
    hasEmail: input.hasEmail ?? undefined,
    hasMobile: input.hasMobile ?? undefined,
    acceptsMarketingEmail: input.acceptsMarketingEmail ?? undefined,
    acceptsMarketingSms: input.acceptsMarketingSms ?? undefined,
    hasAnyTag: found('hasAnyTag', tags, 'tag'),
    hasAllTags: found('hasAllTags', tags, 'tag'),
    hasNoTag: found('hasNoTag', tags, 'tag'),
    fromAnySystem: found('fromAnySystem', systems, 'external system'),
  });
  return { conditions, problems: problems.length > 0 ? problems : contradictions(conditions) };
}

const tagLists = ['hasAnyTag', 'hasAllTags', 'hasNoTag'] as const;
const lists = [...tagLists, 'fromAnySystem'] as const;
type ListName = (typeof lists)[number];

function listProblems(input: WebhookConditionsInput): Problem[] {
  if (Object.values(input).every((value) => value == null))
    return [problem('INVALID', 'conditions', 'invalid conditions (name at least one, or give null for none)')];
  return lists.flatMap((list) => {
    const field = `conditions.${list}`;
    const count = input[list]?.length ?? 1;
    if (count === 0) return problem('INVALID', field, `invalid ${field} (name at least one, or leave it out)`);
    return count > maxNames ? problem('LIMIT_EXCEEDED', field, `invalid ${field} (at most ${maxNames})`) : [];
  });
}

async function tagIds(sql: Pick<Sql, 'rows'>, ownerId: string, names: string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await sql.rows<{ key: string; id: string }>(
    '/* tagsOfConditions */ SELECT name_key AS key, id FROM tag WHERE owner_id = $1 AND name_key = ANY ($2)',
    [ownerId, names.map(caselessKey)],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}

/** Codes by code and by number. */
async function systemCodes(sql: Pick<Sql, 'rows'>, ownerId: string, names: string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await sql.rows<{ code: string; number: string | null }>(
    '/* systemsOfConditions */ SELECT code, number FROM external_system WHERE owner_id = $1',
    [ownerId],
  );
  return new Map(
    rows.flatMap(({ code, number }) => [
      [caselessKey(code), code],
      ...(number === null ? [] : [[number, code] as [string, string]]),
    ]),
  );
}

const unknown = (field: string, why: string): Problem => problem('NOT_FOUND', field, `invalid ${field} (${why})`);

/** Tags that must be carried and must not be: such an endpoint would be sent nothing, and nobody would be told why. */
function contradictions({ hasAnyTag, hasAllTags, hasNoTag = [] }: Conditions): Problem[] {
  const excludes = (id: string): boolean => hasNoTag.includes(id);
  if (!hasAllTags?.some(excludes) && !hasAnyTag?.every(excludes)) return [];
  const field = 'conditions.hasNoTag';
  return [problem('INVALID', field, `invalid ${field} (with the other tags named, no customer could meet it)`)];
}

function withoutGaps(conditions: { [Name in keyof Conditions]: Conditions[Name] | undefined }): Conditions {
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}
