/**
 * Where the package lies, found by walking up from this file to `package.json`. Sources run from the root, compiled code from
 * `dist/`, an installed copy from `node_modules/rutile/`: data files are found from here in all three.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PACKAGE_ROOT: string = find();

export function packagePath(...parts: readonly string[]): string {
  return join(PACKAGE_ROOT, ...parts);
}

function find(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the sources');
    folder = parent;
  }
  return folder;
}
