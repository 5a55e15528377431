import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process/command.js';

/** One place of the built product, and what stands there instead. */
export interface Patch {
  /** Below dist/src. */
  file: string;
  text: string;
  instead: string;
}

export interface BrokenCopy {
  /** The path of a built file of the copy, below dist/src. */
  path: (file: string) => string;
  remove: () => void;
}

/** A copy of the built product with a fault. Each patch must fit exactly once: one that does not is out of date. */
export function breakCopy(patches: Patch[]): BrokenCopy {
  const home = mkdtempSync(join(tmpdir(), 'stamdata-broken-'));
  cpSync(join(root, 'dist', 'src'), join(home, 'dist', 'src'), { recursive: true });
  cpSync(join(root, 'package.json'), join(home, 'package.json'));
  for (const name of ['src', 'node_modules']) symlinkSync(join(root, name), join(home, name));
  const path = (file: string) => join(home, 'dist', 'src', file);
  for (const { file, text, instead } of patches) {
    const [before, after, ...more] = readFileSync(path(file), 'utf8').split(text);
    if (after === undefined || more.length > 0) throw new Error(`${file} does not have exactly once: ${text}`);
    writeFileSync(path(file), `${before}${instead}${after}`);
  }
  return { path, remove: () => rmSync(home, { recursive: true, force: true }) };
}
