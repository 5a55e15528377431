import type { JSONWebKeySet } from 'jose';
import { isIssuerUrl } from './issuer-url.js';

const deadlineMs = 5_000;
const maxBytes = 256 * 1024;

/**
 * The keys of an issuer, by way of its discovery document (OpenID Connect Discovery 1.0, 4). These requests do not pass the
 * guard of webhooks, which keeps tenants out of the operator's network: the address is the operator's own setting, as that
 * of the database is, and may well be private. No tenant can choose any part of it, and redirects are not followed.
 * @throws Error that says what is wrong with the answer
 */
export async function issuerKeySet(issuer: string, signal: AbortSignal): Promise<JSONWebKeySet> {
  const discovery = await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, signal);
  if (discovery.issuer !== issuer) throw new Error('its discovery document names another issuer');
  const { jwks_uri: address } = discovery;
  if (typeof address !== 'string' || !isIssuerUrl(address.split('?', 1)[0]!))
    throw new Error('its discovery document has no jwks_uri with https');
  const { keys } = await readJson(address, signal);
  if (!Array.isArray(keys)) throw new Error('its key set has no keys');
  return { keys: keys as JSONWebKeySet['keys'] };
}

async function readJson(url: string, stop: AbortSignal): Promise<Record<string, unknown>> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
  const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (response.status !== 200) throw new Error(`it answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body!) {
    length += (chunk as Uint8Array).length;
    if (length > maxBytes) throw new Error(`it answered more than ${maxBytes} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  const document: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (typeof document !== 'object' || document === null) throw new Error('it answered no object');
  return document as Record<string, unknown>;
}
