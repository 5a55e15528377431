import { registerEnumType } from 'type-graphql';
import type { Caller, CallerKind } from '../access/caller.js';

/** How whoever changed something was known: as a caller is, or as somebody who can reach the database. */
export type ActorKind = CallerKind | 'COMMAND';

export const actorKinds: { [Kind in ActorKind]: Kind } = {
  KEY: 'KEY',
  TOKEN: 'TOKEN',
  OPERATOR: 'OPERATOR',
  COMMAND: 'COMMAND',
};

registerEnumType(actorKinds, {
  name: 'AuditActorKind',
  description: 'How whoever changed something was known.',
  valuesConfig: {
    KEY: { description: 'An api key; `actorId` is its id.' },
    TOKEN: { description: 'A token of the OpenID Connect issuer; `actorId` is its subject.' },
    OPERATOR: { description: 'STAMDATA_ADMIN_KEY.' },
    COMMAND: { description: 'A command on the database itself.' },
  },
});

/** Who changes something, as the audit log keeps it. */
export interface Actor {
  kind: ActorKind;
  /** Id of the api key, or subject of the token; null for the operator and for commands. */
  id: string | null;
  /** The name under which its events go: the key's, or the token's subject. */
  origin: string;
  /** The request id of the logs and of `x-request-id`; null for commands and imports. */
  requestId: string | null;
}

/** The caller of a request. */
export const actorOf = ({ kind, id, name }: Caller, requestId: string | null): Actor => ({
  kind,
  id,
  origin: name,
  requestId,
});

/** Somebody at the command line of the hub, who can reach its database. */
export const commandLine: Actor = { kind: 'COMMAND', id: null, origin: 'command line', requestId: null };
