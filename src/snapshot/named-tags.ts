/** A tag as snapshots name it. */
export interface NamedTag {
  id: string;
  name: string;
}

/** The tags of owner $1, of which each snapshot shows all (G32), in their order. */
export const namedTags = 'SELECT t.id::text AS id, t.name FROM tag t WHERE t.owner_id = $1 ORDER BY t.id';
