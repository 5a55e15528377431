import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

export type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

interface SigningKey {
  kid: string;
  alg: Algorithm;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An OpenID Connect issuer on the loopback: discovery, a key set, and tokens signed with its keys. */
export class Issuer {
  readonly keys = new Map<string, SigningKey>();
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** Stands in for an answer, by path. */
  readonly instead = new Map<string, Answer>();
  private readonly server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes a key and lists it in the key set. */
  async addKey(kid: string, alg: Algorithm = 'ES256'): Promise<SigningKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const key = { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
    this.keys.set(kid, key);
    return key;
  }

  /** A token as the issuer would sign it; `claims` and `head` stand in for what it would say, undefined leaves out. */
  sign(claims: JWTPayload = {}, { kid = [...this.keys.keys()][0]!, key = this.keys.get(kid)!, now = Date.now() } = {}) {
    const seconds = Math.floor(now / 1_000);
    const usual = { iss: this.url, aud: 'stamdata', sub: 'till-7', iat: seconds, exp: seconds + 300 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: key.alg, kid }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!;
    this.asked.push(path);
    const instead = this.instead.get(path);
    if (instead) return instead(request, response);
    response.setHeader('content-type', 'application/json');
    if (path === discoveryPath)
      return void response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}${keysPath}` }));
    const keys = [...this.keys.values()].map(({ publicJwk }) => publicJwk);
    response.end(JSON.stringify({ keys }));
  }
}

export const discoveryPath = '/.well-known/openid-configuration';
export const keysPath = '/keys';
