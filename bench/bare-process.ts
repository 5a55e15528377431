import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Place } from './bench-data.js';
import { answerBench } from './bench-process.js';
import type { SentStatement } from './sent-statements.js';

let server: Server;
let pool: pg.Pool;
let transaction: SentStatement[] = [];

/**
 * The limit: `node:http` and `pg`, which send the database's JSON as it is. One prepared statement for each kind of read, in a
 * form that is good for it; for a write the statements of the hub, with the numbers of another customer in them.
 */
answerBench({
  start: async ({ place, ownerId }: { place: Place; ownerId: string }) => {
    pool = new pg.Pool({ ...place, max: 8 });
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
        void answers[request.url!]!(ownerId, asked).then(
          (text) => response.setHeader('content-type', 'application/json; charset=utf-8').end(`{"data":${text}}`),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  },
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** What `/update` does: the statements of one write of the hub, about the customer and the city that are named. */
  replay: (details: { statements: SentStatement[] }) => {
    transaction = details.statements;
  },
  stop: async () => {
    server.closeAllConnections();
    server.close();
    await pool.end();
  },
});

interface Asked {
  after: string;
  identifier: string;
  id: string;
  city: string;
}

const answers: Record<string, (ownerId: string, asked: Asked) => Promise<string>> = {
  '/list': (ownerId, { after }) => textOf('list', listStatement, [ownerId, after]),
  '/customer': (ownerId, { identifier }) => textOf('customer', customerStatement, [ownerId, identifier]),
  '/update': async (_, asked) => {
    const client = await pool.connect();
    try {
      for (const [i, { text, values }] of transaction.entries())
        if (values.length === 0) await client.query(text);
        else await client.query({ name: `write ${i}`, text, values: about(asked, values) as unknown[] });
    } finally {
      client.release();
    }
    return `{"updated":${asked.id}}`;
  },
};

async function textOf(name: string, text: string, values: unknown[]): Promise<string> {
  const { rows } = await pool.query<{ json: string }>({ name, text, values });
  return rows[0]!.json;
}

/** `{ id: … }` and `{ city: … }` stand where the hub's statements had a customer and its new city. */
function about(asked: Asked, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => about(asked, item));
  if (value === null || typeof value !== 'object') return value;
  return 'id' in value ? asked.id : asked.city;
}

const snapshotFields = `s.body -> 'ordersTotalCount' AS "ordersTotalCount", s.body -> 'ordersTotalValue' AS "ordersTotalValue",
  s.body -> 'ordersTotalValueExVat' AS "ordersTotalValueExVat", s.body -> 'currency' AS currency,
  s.body -> 'ordersLastDate' AS "ordersLastDate", s.body -> 'lastBooking' AS "lastBooking", s.body -> 'nextBooking' AS "nextBooking"`;

const listStatement = `
SELECT json_build_object('customers', json_build_object('nodes', coalesce(json_agg(page), '[]')))::text AS json FROM (
  SELECT c.id::text, c.code, c.name, c.email, c.mobile,
    (SELECT coalesce(json_agg(i), '[]') FROM (
      SELECT kind, value FROM contact_info WHERE owner_id = $1 AND customer_id = c.id ORDER BY id) i) AS "contactInfos",
    (SELECT coalesce(json_agg(r), '[]') FROM (
      SELECT identifier, json_build_object('code', y.code) AS system FROM external_reference x
      JOIN external_system y ON y.owner_id = $1 AND y.id = x.system_id
      WHERE x.owner_id = $1 AND x.customer_id = c.id ORDER BY y.id) r) AS "externalReferences",
    (SELECT coalesce(json_agg(t), '[]') FROM (
      SELECT t.name FROM customer_tag x JOIN tag t ON t.owner_id = $1 AND t.id = x.tag_id
      WHERE x.owner_id = $1 AND x.customer_id = c.id ORDER BY t.id) t) AS tags,
    (SELECT row_to_json(p) FROM (SELECT ${snapshotFields} FROM customer_snapshot s
      WHERE s.owner_id = $1 AND s.customer_id = c.id) p) AS snapshot
  FROM customer c WHERE c.owner_id = $1 AND c.id > $2 AND NOT c.excluded ORDER BY c.id LIMIT 50) page`;

const customerStatement = `
SELECT json_build_object('customer', row_to_json(found))::text AS json FROM (
  SELECT c.id::text, c.code, c.name, c.email, c.mobile, (SELECT row_to_json(p) FROM (
      SELECT s.version, s.body -> 'name' AS name, s.body -> 'email' AS email, s.body -> 'mobile' AS mobile, ${snapshotFields},
        s.body -> 'acceptsMarketingEmail' AS "acceptsMarketingEmail", s.body -> 'acceptsMarketingSms' AS "acceptsMarketingSms"
      FROM customer_snapshot s WHERE s.owner_id = $1 AND s.customer_id = c.id) p) AS snapshot
  FROM external_system y
  JOIN external_reference x ON x.owner_id = $1 AND x.system_id = y.id AND x.identifier = $2
  JOIN customer c ON c.owner_id = $1 AND c.id = x.customer_id
  WHERE y.owner_id = $1 AND y.code = 'SHOP' AND NOT c.excluded) found`;
