import type { Server } from 'node:http';
import type { Hub } from '../hub.js';
import { ImportDoor } from '../import/import-door.js';
import { resultsDoor, resultsPath } from '../import/results-door.js';
import { createNetstormingDoor } from '../netstorming/door.js';
import { Admission } from '../limits/admission.js';
import { loadPersistedOperations } from '../limits/load-persisted-operations.js';
import type { PersistedOperations } from '../limits/persisted-operations.js';
import { createSchema } from '../schema.js';
import { liftBodyDeadline } from './body-deadline.js';
import { createGraphqlHttp } from './graphql-http.js';
import { createGraphqlWs } from './graphql-ws.js';
import type { Handler } from './http-server.js';

export interface ApiDoors {
  graphql: Handler;
  /** The doors beside GraphQL, by path. */
  beside: ReadonlyMap<string, Handler>;
  /** To be called once the server listens: from then on the sockets hear of its errors too. */
  openSockets: (server: Server) => ReturnType<typeof createGraphqlWs>;
  /** The manifest of operations, for the metrics; null: any operation may be sent. */
  operations: PersistedOperations | null;
  /** Ends what would go on for longer than a stop may take. */
  halt: () => void;
  stop: () => Promise<void>;
}

/**
 * The doors of the part `api`: GraphQL over HTTP and WebSocket, imports, and Netstorming's. Loaded by processes that have it.
 * @throws StartupError for a manifest of operations that cannot be used
 */
export async function createApiDoors(hub: Hub): Promise<ApiDoors> {
  const schema = await createSchema();
  const admission = new Admission(schema);
  const operations = loadPersistedOperations(hub, admission);
  const graphql = await createGraphqlHttp(hub, schema, admission, operations);
  const imports = new ImportDoor(hub);
  return {
    graphql: graphql.handle,
    beside: new Map<string, Handler>([...createNetstormingDoor(hub), ...importDoors(hub, imports)]),
    openSockets: (server) => createGraphqlWs(hub, schema, { admission, operations }, server),
    operations,
    halt: () => imports.halt(),
    stop: () => graphql.stop(),
  };
}

const importDoors = (hub: Hub, imports: ImportDoor): [string, Handler][] => [
  [
    '/import/customers',
    (request, response, requestId) => {
      liftBodyDeadline(request);
      return imports.handle(request, response, requestId);
    },
  ],
  [resultsPath, resultsDoor(hub)],
];
