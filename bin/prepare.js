// `npm ci` and `npm install` build the hub. `npx stamdata` within the checkout runs this too, because npm links the
// package into a cache of its own first: there is nothing to build then, and a build beside a running hub would hurt.
import { execSync } from 'node:child_process';

if (process.env.npm_command !== 'exec') execSync('npm run build', { stdio: 'inherit' });
