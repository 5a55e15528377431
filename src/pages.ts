import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Built beside this file's own build; run from TypeScript, the file lies one directory higher up. */
const graphiqlBuild = new URL(import.meta.url.endsWith('.ts') ? '../dist/graphiql/' : '../graphiql/', import.meta.url);

/**
 * The pages for people: `/` (where the API is) and `/graphiql` (api-contract, section 1). Takes whether GraphiQL is
 * switched on, and where its build lies (by default where `npm run build` puts it; read once, here). Gives a handler
 * that answers GET and HEAD of these paths and says true, or says false and leaves the request alone.
 */
export function createPages(options: {
  graphiql: boolean;
  build?: URL;
}): (req: IncomingMessage, res: ServerResponse) => boolean {
  const files = options.graphiql ? filesOf(options.build ?? graphiqlBuild) : new Map<string, BuiltFile>();
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    const path = (req.url ?? '').split('?', 1)[0]!;
    if (path === '/')
      return sendText(req, res, 200, 'text/html; charset=utf-8', homePage(originOf(req), options.graphiql));
    if (path !== '/graphiql' && !path.startsWith('/graphiql/')) return false;
    const file = files.get(path);
    if (file) return sendFile(req, res, file);
    return sendText(req, res, 404, 'text/plain; charset=utf-8', whyMissing(options.graphiql, files.size > 0));
  };
}

interface BuiltFile {
  headers: OutgoingHttpHeaders;
  body: Buffer;
  /** Made when first asked for: Monaco's 2.8 MB become 0.7. Fonts are left as they are. */
  gzipped?: Promise<Buffer>;
}

/** Path → file. A request is only ever looked up in here, so no path can lead out of the build. */
function filesOf(build: URL): Map<string, BuiltFile> {
  const files = new Map<string, BuiltFile>();
  const page = new URL('index.html', build);
  if (!existsSync(page)) return files;
  const html: BuiltFile = { headers: headersOf('.html', 'no-store', graphiqlPolicy), body: readFileSync(page) };
  files.set('/graphiql', html).set('/graphiql/', html);
  const assets = new URL('assets/', build);
  for (const name of existsSync(assets) ? readdirSync(assets) : []) {
    // Vite puts a hash of the content into every name here, so a name never changes its meaning.
    const headers = headersOf(extname(name), 'public, max-age=31536000, immutable', graphiqlPolicy);
    files.set(`/graphiql/assets/${name}`, { headers, body: readFileSync(new URL(encodeURIComponent(name), assets)) });
  }
  return files;
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Monaco writes style attributes and starts workers; everything else comes from this hub or not at all. */
const graphiqlPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const homePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function headersOf(extension: string, cacheControl: string, policy: string): OutgoingHttpHeaders {
  return {
    'content-type': contentTypes[extension] ?? 'application/octet-stream',
    'cache-control': cacheControl,
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

function sendFile(req: IncomingMessage, res: ServerResponse, file: BuiltFile): true {
  const type = String(file.headers['content-type']);
  const shrinks = type.startsWith('text/') || type === 'image/svg+xml';
  if (!shrinks) return send(req, res, 200, file.headers, file.body);
  const headers = { ...file.headers, vary: 'accept-encoding' };
  if (!acceptsGzip(req)) return send(req, res, 200, headers, file.body);
  file.gzipped ??= promisify(gzip)(file.body);
  file.gzipped.then(
    (body) => send(req, res, 200, { ...headers, 'content-encoding': 'gzip' }, body),
    () => send(req, res, 200, headers, file.body),
  );
  return true;
}

function sendText(req: IncomingMessage, res: ServerResponse, status: number, type: string, text: string): true {
  return send(req, res, status, { ...headersOf('', 'no-store', homePolicy), 'content-type': type }, Buffer.from(text));
}

function send(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Buffer,
): true {
  res.writeHead(status, { ...headers, 'content-length': body.length });
  res.end(req.method === 'HEAD' ? undefined : body);
  return true;
}

const acceptsGzip = (req: IncomingMessage): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(req.headers['accept-encoding'] ?? ''));

function whyMissing(graphiql: boolean, built: boolean): string {
  if (!graphiql) return 'GraphiQL is switched off here. Set STAMDATA_GRAPHIQL=true and start the hub again.\n';
  if (!built) return 'GraphiQL has not been built. Run npm run build and start the hub again.\n';
  return 'There is no such file. GraphiQL is at /graphiql.\n';
}

/** The address the caller used, for examples to copy; anything that is no plain host name is replaced. */
function originOf(req: IncomingMessage): string {
  const host = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(req.headers.host ?? '')
    ? req.headers.host
    : 'localhost:4000';
  const secure = (req.socket as TLSSocket).encrypted || req.headers['x-forwarded-proto'] === 'https';
  return `${secure ? 'https' : 'http'}://${host}`;
}

const homePage = (origin: string, graphiql: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stamdata</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --line: #d8dee6; --soft: #f4f6f9; --accent: #1f5fa8 }
@media (prefers-color-scheme: dark) { :root { --line: #37404b; --soft: #1c2229; --accent: #8ab8f0 } }
body { max-width: 46rem; margin: 0 auto; padding: 3.5rem 1.25rem; font: 16px/1.6 system-ui, sans-serif }
h1 { margin: 0; font-size: 2.1rem; letter-spacing: -.02em }
h2 { margin: 2.5rem 0 .6rem; font-size: 1.1rem }
a { color: var(--accent) }
code, pre { font: .92em ui-monospace, monospace }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--soft) }
dl { display: grid; grid-template-columns: max-content 1fr; margin: 0; border-top: 1px solid var(--line) }
dt, dd { margin: 0; padding: .5rem 1.25rem .5rem 0; border-bottom: 1px solid var(--line) }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr } dt { border: 0; padding-bottom: 0 } }
</style>
</head>
<body>
<main>
<h1>Stamdata</h1>
<p>The customer data hub is running: one record per customer, and a push of its computed snapshot on every change.</p>
<h2>What is where</h2>
<dl>
<dt><code>/graphql</code></dt><dd>The API: GraphQL over HTTP, and subscriptions over WebSocket (<code>graphql-transport-ws</code>)</dd>
<dt>${graphiql ? '<a href="/graphiql"><code>/graphiql</code></a>' : '<code>/graphiql</code>'}</dt><dd>${
  graphiql
    ? 'GraphiQL: write queries and see the documentation'
    : 'Switched off; <code>STAMDATA_GRAPHIQL=true</code> turns it on'
}</dd>
<dt><code>/import/customers</code></dt><dd>Streaming import of NDJSON or CSV</dd>
<dt><code>/api/customers/insert</code></dt><dd>The Netstorming door</dd>
<dt><a href="/healthz"><code>/healthz</code></a>, <a href="/readyz"><code>/readyz</code></a></dt><dd>Liveness and readiness</dd>
<dt><a href="/metrics"><code>/metrics</code></a></dt><dd>Metrics for Prometheus</dd>
</dl>
<h2>The first request</h2>
<p>Every call needs a key. Make one with <code>npx stamdata key create</code>, then ask who it belongs to:</p>
<pre><code>curl ${origin}/graphql \\
  -H 'content-type: application/json' \\
  -H 'authorization: Bearer stam_live_…' \\
  -d '{"query":"{ viewer { name scopes owners { code } } }"}'</code></pre>
<p>Where a key covers several owners, <code>-H 'stamdata-owner: CODE'</code> picks one. A WebSocket carries the same in
<code>connectionParams</code>, as <code>authorization</code> and <code>owner</code>.</p>
</main>
</body>
</html>
`;
