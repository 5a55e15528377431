import type { Conditions } from './conditions.js';
import type { WebhookConditions } from './webhook-conditions.type.js';

/** Conditions as they are shown: tags by their present names. `tagNames` gives them in the order of the ids, null: deleted. */
export async function shownConditions(
  conditions: Conditions,
  tagNames: (ids: readonly string[]) => Promise<(string | null)[]>,
): Promise<WebhookConditions> {
  const named = async (ids: string[] | undefined): Promise<string[] | null> => {
    if (!ids) return null;
    const names = await tagNames(ids);
    return ids.map((id, i) => names[i] ?? `(deleted tag ${id})`);
  };
  const [hasAnyTag, hasAllTags, hasNoTag] = await Promise.all([
    named(conditions.hasAnyTag),
    named(conditions.hasAllTags),
    named(conditions.hasNoTag),
  ]);
  return {
    hasEmail: conditions.hasEmail ?? null,
    hasMobile: conditions.hasMobile ?? null,
    acceptsMarketingEmail: conditions.acceptsMarketingEmail ?? null,
    acceptsMarketingSms: conditions.acceptsMarketingSms ?? null,
    hasAnyTag,
    hasAllTags,
    hasNoTag,
    fromAnySystem: conditions.fromAnySystem ?? null,
  };
}
