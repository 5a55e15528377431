import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^stam_live_([0-9A-Za-z]{10})_([0-9A-Za-z]{32})_([0-9A-Za-z]{6})$/;

/** A new key: 10 characters of public id (a random one unless given), 32 of secret (190 bits), 6 of checksum. */
export function newKeyText(publicId = randomText(10)): { publicId: string; secret: string; text: string } {
  const secret = randomText(32);
  return { publicId, secret, text: `stam_live_${publicId}_${secret}_${checksum(publicId, secret)}` };
}

/** The parts of a well-formed key; null for anything else. A typing error is found here, before any query. */
export function parseKeyText(text: string): { publicId: string; secret: string } | null {
  const [, publicId, secret, check] = shape.exec(text) ?? [];
  if (!publicId || !secret || check !== checksum(publicId, secret)) return null;
  return { publicId, secret };
}

/** What stands in a text where a well-formed key has its public id. */
export const publicIdIn = (text: string): string => text.slice(10, 20);

/**
 * What is stored of a secret. Plain SHA-256: 190 random bits can not be guessed, so neither a slow hash nor a pepper
 * would add anything, and keys outlive a rotation of the hub's secret.
 */
export const hashKeySecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(62)]).join('');
}

function checksum(publicId: string, secret: string): string {
  let rest = crc32(`stam_live_${publicId}_${secret}`);
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = alphabet[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
