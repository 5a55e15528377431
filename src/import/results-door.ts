import type { ServerResponse } from 'node:http';
import { demandScope, pickedOwner } from '../access/caller.js';
import { isId } from '../graphql/ids.js';
import type { Hub } from '../hub.js';
import { refusalOf } from './end-of-import.js';
import { findOperation } from './find-operations.js';
import type { ImportHandler } from './import-door.js';
import { ImportRefused } from './refused.js';
import { roomToWrite } from './room-to-write.js';
import { chunkAfter } from './results.js';

export const resultsPath = '/import/results/';

/**
 * `GET /import/results/{id}`: a line of JSON for each row that has its result so far, read from the database no faster than
 * the client takes it. Scope customers:bulk; an operation of another owner is answered like one that there never was.
 */
export const resultsDoor =
  (hub: Hub): ImportHandler =>
  async (request, response) => {
    try {
      if (request.method !== 'GET') throw new ImportRefused(405, 'NOT_ALLOWED', 'send a GET');
      const { authorization, 'stamdata-owner': picked } = request.headers;
      const url = new URL(request.url!, 'http://hub');
      const caller = await hub.wrongKeys.from(request.socket.remoteAddress, authorization, () =>
        hub.authenticator.authenticate(authorization, picked === undefined ? undefined : String(picked)),
      );
      demandScope(caller, 'customers:bulk');
      const named = url.searchParams.get('owner');
      const owner = named ? await hub.authenticator.ownerOf(caller, named) : pickedOwner(caller);
      const id = url.pathname.slice(resultsPath.length);
      const operation = isId(id) ? await hub.db.asOwner(owner.id, (sql) => findOperation(sql, owner.id, id)) : null;
      if (!operation) throw new ImportRefused(404, 'NOT_FOUND', 'no such operation, or it ended more than 7 days ago');
      response.writeHead(200, {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="import-${id}-results.ndjson"`,
        'cache-control': 'no-store',
      });
      await sendResults(hub, owner.id, id, response);
    } catch (error) {
      refuse(response, error);
    }
  };

async function sendResults(hub: Hub, ownerId: string, id: string, response: ServerResponse): Promise<void> {
  let row = 0;
  while (!response.destroyed) {
    const chunk = await chunkAfter(hub.db, ownerId, id, row);
    if (!chunk) break;
    row = chunk.firstRow;
    response.write(chunk.lines);
    await roomToWrite(response);
  }
  response.end();
}

function refuse(response: ServerResponse, error: unknown): void {
  const refused = refusalOf(error, false);
  if (!refused || response.headersSent) throw error; // the server logs it, and ends the connection
  const allow = refused.status === 405 ? { allow: 'GET' } : {};
  response.writeHead(refused.status, {
    'content-type': 'application/json; charset=utf-8',
    ...allow,
    ...refused.headers,
  });
  response.end(`${JSON.stringify({ error: { code: refused.code, message: refused.message } })}\n`);
}
