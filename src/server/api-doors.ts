import type { Server } from 'node:http';
import type { Hub } from '../hub.js';
import { createNetstormingDoor } from '../netstorming/door.js';
import { createSchema } from '../schema.js';
import { createGraphqlHttp } from './graphql-http.js';
import { createGraphqlWs } from './graphql-ws.js';
import type { Handler } from './http-server.js';

export interface ApiDoors {
  graphql: Handler;
  /** The doors beside GraphQL, by path. */
  beside: ReadonlyMap<string, Handler>;
  /** To be called once the server listens: from then on the sockets hear of its errors too. */
  openSockets: (server: Server) => ReturnType<typeof createGraphqlWs>;
  stop: () => Promise<void>;
}

/** The doors of the part `api`: GraphQL over HTTP and WebSocket, and Netstorming's. Loaded by processes that have it. */
export async function createApiDoors(hub: Hub): Promise<ApiDoors> {
  const schema = await createSchema();
  const graphql = await createGraphqlHttp(hub, schema);
  return {
    graphql: graphql.handle,
    beside: createNetstormingDoor(hub),
    openSockets: (server) => createGraphqlWs(hub, schema, server),
    stop: () => graphql.stop(),
  };
}
