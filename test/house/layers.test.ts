/** The layer table of docs/architecture.md, held: every import in the sources goes down, never up or sideways. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Layer {
  readonly folder: string;
  /** Folders (or files) of the project it may import besides itself. */
  readonly mayImport: readonly string[];
  /** Packages, and `node:*` where the layer touches the outside world. */
  readonly packages: readonly string[];
}

const PURE = ['node:buffer', 'node:crypto'];
/** First match wins: put the narrower folder first. `docs/architecture.md` shows the same table. */
export const LAYERS: readonly Layer[] = [
  { folder: 'base/node', mayImport: ['base'], packages: ['node:*'] },
  { folder: 'base', mayImport: [], packages: [...PURE, 'node:zlib'] },
  { folder: 'proto', mayImport: ['base'], packages: [...PURE, 'protobufjs'] },
  { folder: 'kv/engine/rocksdb.ts', mayImport: ['base', 'kv/engine'], packages: ['rocksdb', 'node:*'] },
  { folder: 'kv/engine', mayImport: ['base'], packages: PURE },
  { folder: 'kv/log', mayImport: ['base'], packages: PURE },
  { folder: 'kv/raft', mayImport: ['base/assert.ts'], packages: [] },
  { folder: 'kv/mvcc', mayImport: ['base', 'proto', 'kv/engine'], packages: [] },
  { folder: 'kv/txn', mayImport: ['base', 'proto', 'kv/engine', 'kv/mvcc'], packages: [] },
  {
    folder: 'kv/store',
    mayImport: ['base', 'proto', 'kv/engine', 'kv/mvcc', 'kv/txn', 'kv/raft', 'kv/log', 'kv/client'],
    packages: PURE,
  },
  { folder: 'kv/placement', mayImport: ['base', 'proto', 'kv/raft', 'kv/log', 'kv/engine'], packages: PURE },
  { folder: 'kv/client', mayImport: ['base', 'proto'], packages: PURE },
  { folder: 'kv/wire', mayImport: ['base', 'proto', 'kv/client', 'kv/server'], packages: ['@grpc/grpc-js'] },
  { folder: 'kv/server', mayImport: ['base', 'proto', 'kv'], packages: ['node:*', '@grpc/grpc-js', 'protobufjs'] },
  { folder: 'sql/server', mayImport: ['base', 'proto', 'kv/client', 'sql'], packages: ['node:*', 'pino'] },
  {
    folder: 'sql/protocol',
    mayImport: ['base', 'proto', 'kv/client', 'sql'],
    packages: [...PURE, 'node:net', 'node:zlib'],
  },
  { folder: 'sql/parser', mayImport: ['base', 'proto', 'sql/parser'], packages: [...PURE, 'node-sql-parser'] },
  // `vm` is the watchdog over regular expressions.
  { folder: 'sql/functions', mayImport: ['base', 'proto'], packages: [...PURE, 'node:zlib', 'node:vm'] },
  { folder: 'sql', mayImport: ['base', 'proto', 'kv/client', 'sql'], packages: PURE },
  {
    folder: 'analytics',
    mayImport: ['base', 'proto', 'kv/client'],
    packages: [...PURE, 'apache-arrow', 'node:worker_threads', 'node:url', 'node:os'],
  },
  { folder: 'bin', mayImport: ['base', 'proto', 'kv', 'sql', 'analytics', 'bin'], packages: ['*'] },
  { folder: 'bench', mayImport: ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'bench', 'test'], packages: ['*'] },
  { folder: 'test', mayImport: ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'bench', 'test'], packages: ['*'] },
];

const root = packageRoot();
const FOLDERS = ['base', 'proto', 'kv', 'sql', 'analytics', 'bin', 'test', 'bench'];

test('every import respects the layer table', () => {
  const breaches: string[] = [];
  for (const file of FOLDERS.flatMap((folder) => sources(join(root, folder)))) {
    const name = relative(root, file);
    const isTest = /\.test\.ts$|\/testing(\/|\.ts$)/.test(name);
    const layer = LAYERS.find((candidate) => within(name, candidate.folder));
    assert(layer, `${name} lies in no layer`);
    if (isTest) continue;
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) {
        const target = normalize(join(dirname(name), specifier));
        const allowed = within(target, layer.folder) || layer.mayImport.some((folder) => within(target, folder));
        if (!allowed) breaches.push(`${name} imports ${target}`);
      } else {
        const known = layer.packages.some(
          (one) =>
            one === '*' ||
            one === specifier ||
            specifier.startsWith(`${one}/`) ||
            (one === 'node:*' && specifier.startsWith('node:')),
        );
        if (!known) breaches.push(`${name} imports the package ${specifier}`);
      }
    }
  }
  assert.deepEqual(breaches, []);
});

test('the native binding is imported in one file', () => {
  const importers = FOLDERS.flatMap((folder) => sources(join(root, folder))).filter((file) =>
    importsOf(readFileSync(file, 'utf8')).includes('rocksdb'),
  );
  assert.deepEqual(
    importers.map((file) => relative(root, file)),
    ['kv/engine/rocksdb.ts'],
  );
});

test('docs/architecture.md shows the same table', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const shown = new Map(
    [...text.matchAll(/^\| `([^`]+?)\/?`[^|]* \| [^|]+ \| ([^|]+) \|$/gm)].map(([, folder, may]) => [folder!, may!]),
  );
  for (const { folder, mayImport } of LAYERS) {
    const others = mayImport.filter((one) => one !== folder).map((one) => one.replace(/\.ts$/, ''));
    const all = ['base', 'proto', 'kv', 'sql', 'analytics'].every((one) => others.includes(one));
    assert.equal(shown.get(folder), all ? 'all' : others.join(', ') || 'nothing', `the row of ${folder}`);
    shown.delete(folder);
  }
  assert.deepEqual([...shown.keys()], [], 'rows that the test does not know');
});

test('the scanner of imports sees what a breach would look like', () => {
  const text =
    "import type { A } from '../x.ts';\nimport {\n  b,\n} from 'b';\nexport * from './c.ts';\nconst d = await import('d');\nimport 'e';\n// import 'f'\n";
  assert.deepEqual(importsOf(text).sort(), ['../x.ts', './c.ts', 'b', 'd', 'e']);
});

function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: string[] = [];
  const pattern =
    /(?:^|[;\n])\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  for (const match of code.matchAll(pattern)) found.push((match[1] ?? match[2] ?? match[3])!);
  return found;
}

function within(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'gen' ? [] : sources(path);
    return name.endsWith('.ts') && !name.endsWith('.d.ts') ? [path] : [];
  });
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    try {
      readFileSync(join(folder, 'package.json'));
      return folder;
    } catch {
      folder = dirname(folder);
    }
  }
}
