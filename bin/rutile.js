#!/usr/bin/env node
/**
 * The `rutile` command of a checkout or an installed package: starts the build, and makes it first when there is none.
 * Plain JavaScript, so that `npx rutile` works without a compile step of its own.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist/bin/rutile.js');
if (!existsSync(built)) {
  const { prepare } = await import('./set-up.js');
  prepare({});
}
process.argv = [process.argv[0], built, ...process.argv.slice(2)];
await import(pathToFileURL(built).href);
