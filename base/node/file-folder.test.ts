/** The one folder that statements may use, and the ways out of it that are closed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { NodeFileFolder } from './file-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'file-folder-'));
after(() => rmSync(root, { recursive: true }));
const inside = join(root, 'files');
mkdirSync(join(inside, 'below'), { recursive: true });
mkdirSync(join(root, 'files-of-others'));
writeFileSync(join(root, 'secret'), 'secret');
symlinkSync(root, join(inside, 'up'));
symlinkSync(join(root, 'secret'), join(inside, 'leads-out'));
symlinkSync(join(root, 'not-there'), join(inside, 'leads-nowhere'));
symlinkSync(join(inside, 'a'), join(inside, 'leads-in'));
execFileSync('mkfifo', [join(inside, 'pipe')]);
const folder = await NodeFileFolder.open(inside, root);

async function text(path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of folder.read(path)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('a file is written once, read in pieces, and gone when it is discarded', async () => {
  const file = await folder.create(join(inside, 'a'));
  await file.write(Buffer.from('first '));
  await file.write(Buffer.alloc(600_000, 'x'));
  await file.keep();
  assert.equal((await text(join(inside, 'a'))).length, 600_006);
  assert.equal((await text('files/a')).length, 600_006, 'a relative path begins at the folder of the data');
  assert.equal((await text(join(inside, 'leads-in'))).length, 600_006);
  await assert.rejects(folder.create(join(inside, 'a')), { code: 'file.exists' });
  const other = await folder.create(join(inside, 'below/b'));
  await other.write(Buffer.from('x'));
  await other.discard();
  assert.deepEqual(readdirSync(join(inside, 'below')), []);
});

test('no path leads out', async () => {
  const ways = ['../secret', 'up/secret', 'up/new', '../files-of-others/new', '../new', 'below/../../new', '..', '.', '', 'below/', 'no-such-folder/new', 'a\0b']; // prettier-ignore
  for (const way of ways) {
    await assert.rejects(folder.create(`${inside}/${way}`), { code: 'file.outside' }, way);
    await assert.rejects(text(`${inside}/${way}`), { code: 'file.outside' }, way);
  }
  await assert.rejects(text(join(inside, 'leads-out')), { code: 'file.outside' });
  await assert.rejects(folder.create('new'), { code: 'file.outside' });
  // A link is there already, wherever it leads.
  for (const link of ['leads-out', 'leads-nowhere'])
    await assert.rejects(folder.create(join(inside, link)), { code: 'file.exists' });
  assert.equal(readFileSync(join(root, 'secret'), 'utf8'), 'secret');
  assert.deepEqual(readdirSync(join(root, 'files-of-others')), []);
});

test('what is no file of bytes is not read, and nobody waits for it', async () => {
  await assert.rejects(text(join(inside, 'pipe')), { code: 'file.not-regular' });
  await assert.rejects(text(join(inside, 'below')), { code: 'file.not-regular' });
  await assert.rejects(text(join(inside, 'nothing')), { code: 'file.stat', fields: { osErrno: 2, osText: 'No such file or directory' } }); // prettier-ignore
  await assert.rejects(NodeFileFolder.open(join(root, 'nothing'), root), { code: 'file.open' });
  await assert.rejects(NodeFileFolder.open(join(root, 'secret'), root), { code: 'file.open' });
});
