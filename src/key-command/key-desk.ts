/** A key to make, as a person has typed it. */
export interface NewKeyWords {
  name: string;
  owners: string[];
  scopes: string[];
  expiresAt: Date | null;
}

/** A key as `key list` shows it. */
export interface KeyLine {
  id: string;
  publicId: string;
  name: string;
  owners: string[];
  scopes: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  replacedBy: string | null;
}

/** What `npx stamdata key` does: on the database (`ownKeys`), or through a running hub (`hubKeys`). All throw what is wrong. */
export interface KeyDesk {
  /** Gives the text of the key. */
  create: (key: NewKeyWords) => Promise<string>;
  list: () => Promise<KeyLine[]>;
  revoke: (id: string) => Promise<void>;
  /** Gives the text of the new key. */
  rotate: (id: string, graceHours: number) => Promise<string>;
}
