/** TLS of a real process: its gRPC doors answer commands that show a certificate, and nobody else. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TestAuthority, writeIdentity } from '../../kv/server/testing/certificates.ts';
import { PROGRAM, RutileProcess } from './rutile-process.ts';

test('raw commands through TLS; without a certificate they fail; half an identity does not start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-tls-'));
  try {
    const authority = await TestAuthority.create('cluster');
    const server = await writeIdentity(folder, 'server', authority);
    const client = await writeIdentity(folder, 'client', authority);
    const flags = ['--tls-cert', server.cert, '--tls-key', server.key, '--tls-ca', server.ca];
    const rutile = await RutileProcess.start({ flags });
    try {
      const placement = ['--placement', `127.0.0.1:${rutile.doors['placement']!.port}`];
      const raw = (environment: Record<string, string>, ...words: string[]) =>
        spawnSync(process.execPath, [PROGRAM, 'raw', ...words, ...placement], { encoding: 'utf8', timeout: 30_000, env: { ...process.env, ...environment } }); // prettier-ignore
      const identity = { RUTILE_TLS_CERT: client.cert, RUTILE_TLS_KEY: client.key, RUTILE_TLS_CA: client.ca };
      assert.deepEqual(raw(identity, 'put', 'key', 'value').status, 0);
      assert.equal(raw(identity, 'get', 'key').stdout, 'value\n');
      const plain = raw({}, 'get', 'key');
      assert.equal(plain.status, 1);
      assert.match(plain.stderr, /^rutile: \/pdpb.PD\/GetAllStores: /);
    } finally {
      await rutile.stop();
    }
    const half = spawnSync(process.execPath, [PROGRAM, 'start', '--tls-cert', server.cert], { encoding: 'utf8', timeout: 30_000 }); // prettier-ignore
    assert.equal(half.status, 1);
    assert.match(half.stderr, /^rutile: --tls-cert, --tls-key and --tls-ca go together: give all three\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
