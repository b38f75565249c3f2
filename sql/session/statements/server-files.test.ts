/** SELECT … INTO OUTFILE and DUMPFILE, LOAD DATA INFILE: over a folder in memory, whose paths begin with `/files/`. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RutileError } from '../../../base/error.ts';
import type { FileFolder, NewFile } from '../../../base/file-folder.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from '../testing/memory-instance.ts';

class MemoryFolder implements FileFolder {
  readonly path = '/files/';
  readonly files = new Map<string, Buffer>();
  pieceMax = 0;
  bytesMax = Infinity;

  async create(path: string): Promise<NewFile> {
    this.check(path);
    if (this.files.has(path)) throw new RutileError('file.exists', 'there');
    this.files.set(path, Buffer.alloc(0));
    return {
      write: async (bytes) => {
        this.pieceMax = Math.max(this.pieceMax, bytes.length);
        const whole = Buffer.concat([this.files.get(path)!, bytes]);
        if (whole.length > this.bytesMax) throw new RutileError('file.write', 'full', { fields: { osErrno: 28, osText: 'No space left on device' } }); // prettier-ignore
        this.files.set(path, whole);
      },
      keep: async () => undefined,
      discard: async () => void this.files.delete(path),
    };
  }

  async *read(path: string): AsyncIterable<Uint8Array> {
    this.check(path);
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new RutileError('file.stat', 'gone', { fields: { osErrno: 2, osText: 'No such file or directory' } }); // prettier-ignore
    for (let at = 0; at < bytes.length; at += 1000) yield new Uint8Array(bytes.subarray(at, at + 1000));
  }

  private check(path: string): void {
    if (!path.startsWith(this.path)) throw new RutileError('file.outside', 'elsewhere');
  }
}

const folder = new MemoryFolder();
let server: MemoryInstance;
let session: TestSession;
before(async () => {
  server = await createMemoryInstance({ files: folder });
  session = server.session();
  await session.run(
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), l VARCHAR(20) CHARACTER SET latin1, b VARBINARY(4))',
  );
  await session.run("INSERT INTO t VALUES (1, 'a\\tb', 'é', x'00ff'), (2, NULL, NULL, NULL), (3, '', '\\\\N', '')");
});
after(() => server.close());

const text = (name: string): string => folder.files.get(`/files/${name}`)!.toString('latin1');

test('what OUTFILE writes INFILE reads', async () => {
  assert.equal(await session.run("SELECT * FROM t INTO OUTFILE '/files/a' CHARACTER SET utf8mb4"), 'ok 3');
  assert.equal(text('a'), '1\ta\\\tb\t\u00c3\u00a9\t\\0\u00ff\n2\t\\N\t\\N\t\\N\n3\t\t\\\\N\t\n');
  await session.run('CREATE TABLE u LIKE t');
  assert.match(await session.run("LOAD DATA INFILE '/files/a' INTO TABLE u CHARACTER SET utf8mb4"), /^ok 3/);
  assert.equal(await session.run('SELECT * FROM t EXCEPT SELECT * FROM u'), '');
  assert.equal(await session.run("SELECT l FROM t WHERE id = 1 INTO OUTFILE '/files/latin1'"), 'ok 1');
  assert.equal(text('latin1'), '\u00e9\n');
});

test('the file comes last, in whichever form the query has', async () => {
  assert.equal(await session.run("SELECT 1 UNION ALL SELECT 1 INTO OUTFILE '/files/union'"), 'ok 2');
  assert.equal(await session.run("TABLE t LIMIT 1 INTO OUTFILE '/files/table' FIELDS TERMINATED BY ','"), 'ok 1');
  assert.equal(await session.run("VALUES ROW(1, 'x') INTO OUTFILE '/files/values' FIELDS ENCLOSED BY '\"'"), 'ok 1');
  assert.equal(text('values'), '"1"\t"x"\n');
  assert.equal(await session.run('SELECT 5 UNION SELECT 5 INTO @five'), 'ok 1');
  assert.equal(await session.run('SELECT @five'), '5');
  for (const misplaced of [
    "SELECT 1 INTO OUTFILE '/files/x' UNION SELECT 2",
    "(SELECT 1) UNION (SELECT 2 INTO OUTFILE '/files/x')",
    'SELECT (SELECT 1 INTO @x)',
    'SELECT * FROM (SELECT 1 INTO @x) d',
    'INSERT INTO t (id) SELECT 9 INTO @x',
  ])
    assert.match(await session.run(misplaced), /^error 3954 /, misplaced);
  assert.doesNotMatch(await session.run('EXPLAIN SELECT 1 INTO @x'), /^error/);
});

test('DUMPFILE takes the bytes of one row', async () => {
  assert.equal(await session.run("SELECT b, 'x', NULL FROM t WHERE id = 1 INTO DUMPFILE '/files/dump'"), 'ok 1');
  assert.equal(text('dump'), '\0\u00ffx\0');
  assert.match(await session.run("SELECT b FROM t INTO DUMPFILE '/files/rows'"), /^error 1172 /);
  assert.equal(folder.files.has('/files/rows'), false);
});

test('a file is written over by nobody, and gone when its statement fails', async () => {
  assert.equal(await session.run("SELECT 1 INTO OUTFILE '/files/once'"), 'ok 1');
  assert.match(await session.run("SELECT 2 INTO OUTFILE '/files/once'"), /^error 1086 .*\/files\/once/);
  assert.equal(text('once'), '1\n');
  assert.match(await session.run("SELECT nothing FROM t INTO OUTFILE '/files/failed'"), /^error 1054 /);
  assert.match(await session.run("SELECT 1 INTO OUTFILE '/files/failed' CHARACTER SET klingon"), /^error 1115 /);
  folder.bytesMax = 3;
  assert.match(await session.run("SELECT * FROM t INTO OUTFILE '/files/failed'"), /^error 3 .*No space left/);
  folder.bytesMax = Infinity;
  assert.equal(folder.files.has('/files/failed'), false);
});

test('rows are written as they come', async () => {
  const digits = Array.from({ length: 10 }, (_, i) => `ROW(${i})`).join(', ');
  const d = (name: string): string => `(VALUES ${digits}) ${name} (n)`;
  const made = `SELECT REPEAT('x', 100) FROM ${['a', 'b', 'c', 'd'].map(d).join(', ')} INTO OUTFILE '/files/large'`;
  assert.equal(await session.run(made), 'ok 10000');
  assert.equal(folder.files.get('/files/large')!.length, 1_010_000);
  assert.ok(folder.pieceMax < 300_000);
});

test('INFILE is strict, unlike LOCAL INFILE', async () => {
  folder.files.set('/files/wrong', Buffer.from('7\tx\n8\n'));
  folder.files.set('/files/null', Buffer.from('\\N\n'));
  await session.run('CREATE TABLE n (n INT NOT NULL)');
  assert.match(await session.run("LOAD DATA INFILE '/files/wrong' INTO TABLE t (id, v)"), /^error 1261 /);
  assert.match(await session.run("LOAD DATA INFILE '/files/a' INTO TABLE t"), /^error 1062 /);
  assert.match(await session.run("LOAD DATA INFILE '/files/null' INTO TABLE n"), /^error 1263 /);
  assert.match(await session.run("LOAD DATA INFILE '/files/null' IGNORE INTO TABLE n"), /^ok 1/);
  assert.equal(await session.run('SELECT COUNT(*) FROM t WHERE id > 3'), '0');
});

test('where and by whom', async () => {
  assert.match(await session.run("SELECT 1 INTO OUTFILE '/etc/x'"), /^error 1290 /);
  assert.match(await session.run("LOAD DATA INFILE '/etc/passwd' INTO TABLE t"), /^error 1290 /);
  assert.match(await session.run("LOAD DATA INFILE '/files/nowhere' INTO TABLE t"), /^error 13 .*OS errno 2/);
  assert.equal(await session.run('SELECT @@secure_file_priv'), '/files/');
  assert.match(await session.run("SET GLOBAL secure_file_priv = '/'"), /^error 1238 /);
  const closed = await createMemoryInstance();
  const other = closed.session();
  assert.equal(await other.run('SELECT @@secure_file_priv'), 'NULL');
  assert.match(await other.run("SELECT 1 INTO OUTFILE '/files/x'"), /^error 1290 /);
  assert.match(await other.run("LOAD DATA INFILE '/files/x' INTO TABLE t"), /^error 1290 /);
  await closed.close();
});
