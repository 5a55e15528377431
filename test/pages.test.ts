import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { buildSchema, parse, validate } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adviceFor, NO_KEY } from '../graphiql/advice.js';
import { blankHeaders, connectionParams, keyIn, keyInHash, withKey, type Headers } from '../graphiql/key.js';
import { welcomeQuery } from '../graphiql/welcome.js';
import { createPages } from '../src/pages.js';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

const script = 'console.log("a script that is long enough to shrink")\n'.repeat(20);
let directory: string;
let build: URL;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stamdata-pages-'));
  mkdirSync(join(directory, 'build', 'assets'), { recursive: true });
  writeFileSync(join(directory, 'secret.txt'), 'not for the network');
  writeFileSync(join(directory, 'build', 'index.html'), '<!doctype html><title>GraphiQL</title>');
  writeFileSync(join(directory, 'build', 'assets', 'index-aB3_x-9.js'), script);
  writeFileSync(join(directory, 'build', 'assets', 'icons-x1.ttf'), Buffer.from([0, 1, 0, 0, 255]));
  build = pathToFileURL(join(directory, 'build') + '/');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('the page at /', () => {
  it('says where everything is, for the address it was asked under, and needs nothing from elsewhere', async () => {
    const page = await ask({ graphiql: true, build }, '/?from=bookmark', { headers: { host: 'hub.example:4000' } });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    for (const path of ['/graphql', '/graphiql', '/healthz', '/readyz', '/metrics', '/import/customers'])
      expect(page.text).toContain(path);
    expect(page.text).toContain('curl http://hub.example:4000/graphql');
    expect(page.text).toContain('href="/graphiql"');
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.text).not.toContain('<script');
  });

  it('does not link to GraphiQL while that is off', async () => {
    const page = await ask({ graphiql: false }, '/');
    expect(page.text).not.toContain('href="/graphiql"');
    expect(page.text).toContain('STAMDATA_GRAPHIQL=true');
  });

  it('shows https behind a proxy that ends TLS', async () => {
    const headers = { host: 'hub.example', 'x-forwarded-proto': 'https' };
    expect((await ask({ graphiql: false }, '/', { headers })).text).toContain('curl https://hub.example/graphql');
  });

  it('prints no host that is not one', async () => {
    const page = await ask({ graphiql: false }, '/', { headers: { host: '"><script>alert(1)</script>' } });
    expect(page.text).not.toContain('alert(1)');
    expect(page.text).toContain('curl http://localhost:4000/graphql');
  });

  it('answers HEAD with the same headers and no body', async () => {
    const get = await ask({ graphiql: true, build }, '/', { headers: { host: 'hub' } });
    const head = await ask({ graphiql: true, build }, '/', { method: 'HEAD', headers: { host: 'hub' } });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(get.body.length));
  });
});

describe('GraphiQL', () => {
  it('serves its page fresh each time, under a policy that allows workers and nothing foreign', async () => {
    for (const path of ['/graphiql', '/graphiql/', '/graphiql?query=%7Bviewer%7D']) {
      const page = await ask({ graphiql: true, build }, path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('<title>GraphiQL</title>');
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(page.headers['content-security-policy']).toContain("worker-src 'self' blob:");
      expect(page.headers['content-security-policy']).not.toMatch(/https?:|unsafe-eval|\*/);
    }
  });

  it('serves hashed assets for ever, with their types', async () => {
    const js = await ask({ graphiql: true, build }, '/graphiql/assets/index-aB3_x-9.js');
    expect(js.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(js.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(js.headers['x-content-type-options']).toBe('nosniff');
    expect(js.text).toBe(script);
    const font = await ask({ graphiql: true, build }, '/graphiql/assets/icons-x1.ttf');
    expect(font.headers['content-type']).toBe('font/ttf');
    expect([...font.body]).toEqual([0, 1, 0, 0, 255]);
  });

  it('compresses text for who accepts it, and only then', async () => {
    const path = '/graphiql/assets/index-aB3_x-9.js';
    const zipped = await ask({ graphiql: true, build }, path, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers['vary']).toBe('accept-encoding');
    expect(zipped.body.length).toBeLessThan(script.length);
    expect(gunzipSync(zipped.body).toString()).toBe(script);
    for (const encoding of ['br', 'gzip;q=0', 'gzip;q=0.0, br']) {
      const plain = await ask({ graphiql: true, build }, path, { headers: { 'accept-encoding': encoding } });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(plain.text).toBe(script);
    }
    const head = await ask({ graphiql: true, build }, path, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(zipped.body.length));
  });

  it.each([
    '/graphiql/assets/../../../secret.txt',
    '/graphiql/../secret.txt',
    '/graphiql/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt',
    '/graphiql/assets/..%2f..%2fsecret.txt',
    '/graphiql/assets/..\\..\\secret.txt',
    '/graphiql/index.html',
    '/graphiql/assets/',
    '/graphiql/assets/gone-123.js',
  ])('finds nothing under %s', async (path) => {
    const answer = await ask({ graphiql: true, build }, path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('not for the network');
  });

  it('says how to switch it on where it is off, and lets out none of its files', async () => {
    for (const path of ['/graphiql', '/graphiql/assets/index-aB3_x-9.js']) {
      const answer = await ask({ graphiql: false, build }, path);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(answer.text).toContain('STAMDATA_GRAPHIQL=true');
    }
  });

  it('says what to do where it has not been built', async () => {
    const answer = await ask({ graphiql: true, build: new URL('nowhere/', build) }, '/graphiql');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('npm run build');
  });
});

describe('everything else', () => {
  it.each([
    ['POST', '/'],
    ['POST', '/graphiql'],
    ['GET', '/graphql'],
    ['GET', '/graphiqls'],
    ['GET', '//'],
    ['GET', '/healthz'],
  ])('leaves %s %s to others', async (method, path) => {
    expect((await ask({ graphiql: true, build }, path, { method })).status).toBe(418);
  });
});

const realPage = new URL('../dist/graphiql/index.html', import.meta.url);

describe.skipIf(!existsSync(realPage))('the build of npm run build:graphiql', () => {
  it('is found, and its page names only files that are served here', async () => {
    const page = await ask({ graphiql: true }, '/graphiql');
    expect(page.status).toBe(200);
    const named = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    const files = named.filter((address) => address !== 'data:,');
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      expect(file).toMatch(/^\/graphiql\/assets\//);
      expect((await ask({ graphiql: true }, file)).status).toBe(200);
    }
  });
});

describe('the key in GraphiQL', () => {
  it('is taken from the hash of the address', () => {
    expect(keyInHash('#key=stam_live_a_b_c')).toBe('stam_live_a_b_c');
    expect(keyInHash('#tab=2&key=stam_live_a_b_c')).toBe('stam_live_a_b_c');
    for (const hash of ['', '#', '#key=', '#monkey=x']) expect(keyInHash(hash)).toBeNull();
  });

  it('takes the place of the one before, whatever its case, and leaves the other headers', () => {
    const headers = { Authorization: 'Bearer old', 'stamdata-owner': 'ACME' };
    const expected = { authorization: 'Bearer new', 'stamdata-owner': 'ACME' };
    expect(withKey(headers, 'new')).toEqual(expected);
    expect(withKey(headers, '  bearer new ')).toEqual(expected);
  });

  it('is missing while there is only the place for it', () => {
    expect(keyIn(JSON.parse(blankHeaders) as Headers)).toBeNull();
    expect(keyIn({})).toBeNull();
    expect(keyIn({ authorization: 7 })).toBeNull();
    expect(keyIn({ AUTHORIZATION: 'Bearer stam_live_a_b_c' })).toBe('stam_live_a_b_c');
  });

  it('opens a WebSocket together with the owner, and sends no other header there', () => {
    const headers = { Authorization: 'Bearer k', 'Stamdata-Owner': 'ACME', 'x-trace': '1' };
    expect(connectionParams(headers)).toEqual({ authorization: 'Bearer k', owner: 'ACME' });
    expect(connectionParams({})).toEqual({});
  });
});

describe('what GraphiQL tells a person', () => {
  const failed = (code: string, message = 'm') => JSON.stringify({ errors: [{ message, extensions: { code } }] });

  it('is what to do, by what went wrong', () => {
    expect(adviceFor(failed(NO_KEY))).toContain('Paste an API key');
    expect(adviceFor(failed('UNAUTHENTICATED'))).toContain('refused this key');
    expect(adviceFor(failed('FORBIDDEN'))).toContain('schema:read');
    expect(adviceFor(failed('RATE_LIMITED', 'Too many requests.'))).toContain('Too many requests.');
    expect(adviceFor('no JSON at all')).toContain('no JSON at all');
    expect(adviceFor('{"errors":[]}')).toContain('{"errors":[]}');
  });
});

const schemaFile = new URL('../schema.graphql', import.meta.url);

describe.skipIf(!existsSync(schemaFile))('the welcome query', () => {
  it('fits the schema', () => {
    const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
    expect(validate(schema, parse(welcomeQuery)).map((error) => error.message)).toEqual([]);
  });
});

/** One request over a real socket, its path sent as it stands (fetch would tidy it up). 418: left to others. */
async function ask(
  options: Parameters<typeof createPages>[0],
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const pages = createPages(options);
  const server = createServer((req, res) => void (pages(req, res) || res.writeHead(418).end()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const body = Buffer.concat(parts);
          resolve({ status: response.statusCode!, headers: response.headers, body, text: body.toString() });
        });
      });
      sent.on('error', reject).end();
    });
  } finally {
    await new Promise((done) => server.close(done));
  }
}
