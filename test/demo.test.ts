import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

it('npm run demo shows the rejected rows, the counts and the pushes of both channels, serves, and stops on Ctrl-C', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stamdata-demo-'));
  chmodSync(dataDir, 0o711); // root's database server passes through, and leaves nothing elsewhere
  const { DATABASE_URL: _, ...env } = process.env;
  const demo = spawn('npm', ['run', 'demo'], {
    cwd: root,
    env: { ...env, PORT: '0', STAMDATA_DATA_DIR: dataDir },
    detached: true, // a group of its own, to be sent the Ctrl-C that a terminal sends to all of it
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => demo.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      demo.stdout.on('data', (chunk: Buffer) => {
        output += String(chunk);
        if (/subscriber v\d+ CLOCK/.test(output) && /webhook +v\d+ CLOCK/.test(output) && /Serving/.test(output))
          resolve();
      });
      demo.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
      void ended.then((code) => reject(new Error(`ended with ${code}:\n${output}`)));
    });
    expect(output).toContain('row  17  missing address');
    expect(output).toContain('would insert 377 customers with 376 logins, 23 rows rejected');
    expect(output).toContain('inserted 377 customers with 376 logins, 23 rows rejected');
    expect(output).toContain('the real run said just what the dry run had said');
    expect(output).toMatch(/subscriber v2 ORDER .* 2 orders 200\.00 EUR/);
    expect(output).toMatch(/webhook +v2 ORDER .* 1 orders 75\.00 EUR/);
    const [, url, key] = /^curl (\S+) .*Bearer (\S+)'/m.exec(output)!;
    const response = await fetch(url!, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ customers(first: 1) { totalCount } }' }),
    });
    expect(await response.json()).toEqual({ data: { customers: { totalCount: 377 } } });
  } finally {
    process.kill(-demo.pid!, 'SIGINT');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
