/** The documents, held: a link leads to a file and a heading that are there, and a source that is named, in code marks or in a comment, exists. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...files('docs').filter((name) => name.endsWith('.md'))];
const SOURCES = ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'test', 'bench'].flatMap((folder) => files(folder));

test('every link of the documents leads somewhere', () => {
  const broken: string[] = [];
  for (const document of DOCUMENTS) {
    for (const [, target] of read(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path, anchor] = target!.split('#') as [string, string | undefined];
      const file = path === '' ? document : normalize(join(dirname(document), path));
      const isFile = existsSync(join(PACKAGE_ROOT, file));
      if (!isFile || (anchor !== undefined && !anchorsOf(read(file)).includes(anchor)))
        broken.push(`${document}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every source that the documents name is there', () => {
  const missing: string[] = [];
  for (const document of DOCUMENTS)
    for (const name of namedIn(read(document))) if (!isThere(name)) missing.push(`${document}: ${name}`);
  assert.deepEqual(missing, []);
});

test('every source that a comment names is there', () => {
  const missing: string[] = [];
  for (const source of SOURCES) {
    if (!/^(?!proto\/gen\/).*\.ts$/.test(source)) continue;
    for (const [comment] of read(source).matchAll(/\/\*[\s\S]*?\*\/|(?<=\s)\/\/ .*$/gm))
      for (const [name] of comment.matchAll(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+(?:\.test)?\.ts\b/g))
        if (!isThere(name)) missing.push(`${source}: ${name}`);
  }
  assert.deepEqual(missing, []);
});

test('an anchor is made of its heading as readers of Markdown make it; names are found in code marks', () => {
  assert.deepEqual(anchorsOf("# One, two\n### A leader's lease\ntext # none\n"), ['one-two', 'a-leaders-lease']);
  assert.deepEqual(namedIn('see `kv/raft/raft.ts` and `leader.ts` (`npm test`), not leader.ts'), [
    'kv/raft/raft.ts',
    'leader.ts',
  ]);
});

/** A file may be called by the end of its path. */
function isThere(name: string): boolean {
  return SOURCES.some((source) => source === name || source.endsWith(`/${name}`));
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function namedIn(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name]) => name!);
}

function read(name: string): string {
  return readFileSync(join(PACKAGE_ROOT, name), 'utf8');
}

function files(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder)).flatMap((name) => {
    const path = join(PACKAGE_ROOT, folder, name);
    return statSync(path).isDirectory() ? files(relative(PACKAGE_ROOT, path)) : [relative(PACKAGE_ROOT, path)];
  });
}
