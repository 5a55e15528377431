import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Source {
  /** Below src/: `customer/find-customers.ts`. */
  path: string;
  /** Its first folder; a file at the top is its own: `write.ts`. */
  part: string;
  text: string;
  /** Paths below src/ of what it imports or re-exports, types too. */
  imports: string[];
}

const root = join(import.meta.dirname, '..', '..', 'src');

/** Every file of the product. */
export const sources: Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, part: partOf(path), text, imports: importsOf(path, text) };
  });

export function partOf(path: string): string {
  return path.split('/')[0]!;
}

function importsOf(path: string, text: string): string[] {
  const specifiers = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...specifiers].map(([, specifier]) => normalize(join(dirname(path), specifier!)).replace(/\.js$/, '.ts'));
}
