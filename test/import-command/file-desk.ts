import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestHub, TestOwner } from '../hub.js';
import { command, type Command, type Ended } from '../process/command.js';

/** A folder for the files of a test file, and `npx stamdata` beside it. */
export class FileDesk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'stamdata-files-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Gives the path. */
  write(name: string, text: string | Buffer): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** A command that talks to a hub. */
  start(hub: Pick<TestHub, 'url'>, owner: Pick<TestOwner, 'key'>, ...args: string[]): Command {
    return command('bin/stamdata.js', args, { STAMDATA_URL: hub.url, STAMDATA_KEY: owner.key });
  }

  /** The same with a standard input that the test writes. */
  pipe(hub: Pick<TestHub, 'url'>, owner: Pick<TestOwner, 'key'>, ...args: string[]): Command {
    return command('bin/stamdata.js', args, { STAMDATA_URL: hub.url, STAMDATA_KEY: owner.key }, 'pipe');
  }

  run(hub: Pick<TestHub, 'url'>, owner: Pick<TestOwner, 'key'>, ...args: string[]): Promise<Ended> {
    return this.start(hub, owner, ...args).ended;
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
