#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/cli.js', import.meta.url);
if (!existsSync(built)) {
  console.error('stamdata: not built yet: npm run build');
  process.exit(2);
}
await import(built.href);
