import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../examples/webhooks/verify.js';
import { rotateSecret } from '../../src/webhook/rotate-secret.js';
import type { Received } from './receiver.js';
import { webhookFixture } from './webhook-fixture.js';

interface Case {
  name: string;
  secret: string;
  headers: Record<string, string>;
  body: string;
  now: number;
  /** What it is refused with; null: it is genuine. */
  refusal: string | null;
}

const hasPython = await new Promise<boolean>((resolve) => {
  execFile('python3', ['--version'], { timeout: 10_000 }, (error) => resolve(error === null));
});
const hub = webhookFixture();
let cases: Case[] = [];

const noMatch = 'webhook-signature does not match';
const tooFar = 'webhook-timestamp is not within 5 minutes of now';

beforeAll(async () => {
  const owner = await hub.owner();
  const receiver = await hub.receiver();
  const endpoint = await owner.endpoint(receiver);
  const getter = await owner.endpoint({ url: `${receiver.url}/get` }, { method: 'GET' });
  const dispatcher = hub.dispatcher();
  const [customerId] = await owner.customers(1);
  await receiver.until((requests) => requests.length === 2);
  const second = await rotateSecret(hub, owner.id, endpoint.id);
  await hub.rows(`UPDATE customer SET name = 'Søren Ærø 🐟' WHERE id = $1`, [customerId]);
  await owner.change([customerId!]);
  dispatcher.wake();
  await receiver.until((requests) => requests.filter(({ method }) => method === 'POST').length === 2);
  const [delivered, rotated] = receiver.requests.filter(({ method }) => method === 'POST').map(plain);
  const got = plain(receiver.requests.find(({ method }) => method === 'GET')!);
  expect(rotated!.body).toContain('Søren Ærø 🐟');
  cases = casesOf({ delivered: delivered!, rotated: rotated!, got }, [endpoint.secret, second.secret, getter.secret]);
});

type Plain = Pick<Case, 'headers' | 'body'>;

const plain = ({ headers, body }: Received): Plain => ({ headers: headers as Record<string, string>, body });

function casesOf(sent: { delivered: Plain; rotated: Plain; got: Plain }, [first, second, third]: string[]): Case[] {
  const { delivered, rotated, got } = sent;
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
  const at = Number(delivered.headers[timestamp]);
  const base = { ...delivered, secret: first!, now: at + 1 };
  const during = { ...rotated, now: Number(rotated.headers[timestamp]) };
  const [newer, older] = rotated.headers[signature]!.split(' ');
  const refused = (name: string, refusal: string, altered: Partial<Case>): Case => ({
    ...{ ...base, ...altered },
    ...{ name, refusal },
  });
  const headers = (changed: Record<string, string>) => ({ headers: { ...delivered.headers, ...changed } });
  const without = (name: string) =>
    refused(`no ${name}`, `the request has no ${name}`, {
      headers: Object.fromEntries(Object.entries(delivered.headers).filter(([key]) => key !== name)),
    });
  return [
    { ...base, name: 'as it was delivered', refusal: null },
    { ...got, secret: third!, now: base.now, name: 'by GET, without a body', refusal: null },
    { ...base, now: at + 299, name: '4:59 old', refusal: null },
    refused('5:01 old', tooFar, { now: at + 301 }),
    refused('5:01 ahead', tooFar, { now: at - 301 }),
    refused('another secret', noMatch, { secret: second! }),
    refused('an altered body', noMatch, { body: delivered.body.replace('Ada', 'Eda') }),
    refused('a body cut short', noMatch, { body: delivered.body.slice(0, -1) }),
    refused('another id', noMatch, headers({ [id]: 'evt_another' })),
    refused('a timestamp made young', noMatch, headers({ [timestamp]: String(at + 1) })),
    refused('a timestamp that is no number', tooFar, headers({ [timestamp]: 'today' })),
    refused('an empty timestamp', tooFar, headers({ [timestamp]: '' })),
    refused('a signature of another kind', noMatch, headers({ [signature]: `v1a,${older!.slice(3)}` })),
    refused('garbage for a signature', noMatch, headers({ [signature]: 'v1, v1,a v1,===,ø' })),
    refused('a signature without its kind', noMatch, headers({ [signature]: delivered.headers[signature]!.slice(3) })),
    ...[id, timestamp, signature].map(without),
    { ...during, secret: first!, name: 'during a rotation by the old secret', refusal: null },
    { ...during, secret: second!, name: 'during a rotation by the new secret', refusal: null },
    refused('after it by the old one', noMatch, {
      ...{ ...during, secret: first! },
      headers: { ...rotated.headers, [signature]: newer! },
    }),
  ];
}

describe('B.8: the examples for receivers tell what is genuine', () => {
  test('verify.ts', () => {
    const told = cases.map(({ secret, headers, body, now }) => {
      try {
        verifyWebhook(secret, headers, body, now);
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(named(told)).toEqual(named(cases.map(({ refusal }) => refusal)));
  });

  test('verify.ts takes the body as bytes, and the time from the clock', () => {
    const [{ secret, headers, body }] = cases as [Case];
    verifyWebhook(secret, headers, Buffer.from(body));
    expect(() => verifyWebhook(secret, { ...headers, 'webhook-timestamp': '1000000000' }, body)).toThrow(tooFar);
  });

  test.skipIf(!hasPython)(`verify.py${hasPython ? '' : ' (left out: there is no python3 here)'}`, async () => {
    expect(named(await verifyInPython(cases))).toEqual(named(cases.map(({ refusal }) => refusal)));
  });
});

const named = (told: (string | null)[]) => cases.map(({ name }, n) => [name, told[n]]);

const python = `
import json, sys
from verify import verify_webhook

def told(case):
    try:
        verify_webhook(case["secret"], case["headers"], case["body"].encode(), case["now"])
    except ValueError as error:
        return str(error)

print(json.dumps([told(case) for case in json.load(sys.stdin)]))
`;

function verifyInPython(given: Case[]): Promise<(string | null)[]> {
  const options = {
    cwd: fileURLToPath(new URL('../../examples/webhooks', import.meta.url)),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    timeout: 15_000,
  };
  return new Promise((resolve, reject) => {
    const child = execFile('python3', ['-c', python], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout) as (string | null)[]);
    });
    child.stdin!.on('error', () => undefined); // Python ended early, which is told above
    child.stdin!.end(JSON.stringify(given));
  });
}
