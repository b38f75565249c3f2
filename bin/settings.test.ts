/** Where a setting comes from, and what a wrong one gets. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSettings, readTlsFiles, roleFlags } from './settings.ts';
import { storeLimits } from './store-limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'rutile-settings-'));
after(() => rmSync(folder, { recursive: true }));

function config(text: string): string {
  const path = join(folder, 'rutile.toml');
  writeFileSync(path, text);
  return path;
}

test('flag before environment before file before default', () => {
  const path = config('mysql-port = 1\nkv-port = 2\nstatus-port = "off"\n');
  const settings = readSettings({ config: path, mysqlPort: '9' }, { RUTILE_MYSQL_PORT: '8', RUTILE_KV_PORT: '7' });
  assert.equal(settings.mysqlPort, 9);
  assert.equal(settings.kvPort, 7);
  assert.equal(settings.statusPort, 'off');
  assert.equal(settings.placementPort, 2379);
  assert.equal(settings.host, '127.0.0.1');
});

test('a wrong value names where it came from and what would be right', () => {
  assert.throws(() => readSettings({ mysqlPort: 'x' }, {}), /--mysql-port: "x" is not a port from 0 to 65535, or off/);
  assert.throws(() => readSettings({}, { RUTILE_MYSQL_PORT: '70000' }), /RUTILE_MYSQL_PORT: "70000"/);
  assert.throws(() => readSettings({ logFormat: 'xml' }, {}), /--log-format: "xml" is not one of text, json/);
  assert.throws(() => readSettings({ maxConnections: '0' }, {}), /a whole number above 0/);
  assert.throws(() => readSettings({ config: config('host = ""') }, {}), /host in .*rutile.toml is empty/);
});

test('unknown names are errors everywhere', () => {
  assert.throws(
    () => readSettings({ config: config('mysqlport = 1') }, {}),
    /unknown setting mysqlport; known are data-dir/,
  );
  assert.throws(() => readSettings({ config: config('[mysql-port]\na = 1') }, {}), /takes a single value/);
  assert.throws(() => readSettings({ config: config('a = ') }, {}), /rutile.toml/);
  assert.throws(() => readSettings({}, { RUTILE_MYSQLPORT: '1' }), /unknown environment variable RUTILE_MYSQLPORT/);
  assert.throws(() => readSettings({ config: join(folder, 'none.toml') }, {}), /does not exist/);
});

test('the files of TLS come together, from flags and the environment alike', () => {
  assert.equal(readSettings({}, {}).tlsCert, '');
  const settings = readSettings({ tlsCert: 'a.pem' }, { RUTILE_TLS_KEY: 'k.pem', RUTILE_TLS_CA: 'ca.pem' });
  assert.deepEqual([settings.tlsCert, settings.tlsKey, settings.tlsCa], ['a.pem', 'k.pem', 'ca.pem']);
  assert.throws(() => readSettings({ tlsCert: 'a.pem' }, {}), /--tls-cert, --tls-key and --tls-ca go together/);
  assert.throws(() => readSettings({ tlsCa: '' }, {}), /--tls-ca is empty/);
  const env = { RUTILE_TLS_CERT: 'c', RUTILE_TLS_KEY: 'k', RUTILE_TLS_CA: 'a' };
  assert.deepEqual(readTlsFiles({ tlsKey: 'other' }, env), { cert: 'c', key: 'other', ca: 'a' });
  assert.equal(readTlsFiles({}, {}), undefined);
  assert.throws(() => readTlsFiles({ tlsKey: 'k' }, {}), /go together/);
});

test('what only some roles have: addresses, labels, a delay that may be off, defaults of their own', () => {
  const kv = readSettings({ placement: 'a:1,b:2', labels: 'zone=x,disk=ssd' }, {}, 'kv');
  assert.deepEqual([kv.placement, kv.labels, kv.dataDir], [['a:1', 'b:2'], { zone: 'x', disk: 'ssd' }, './rutile-kv']);
  assert.throws(() => readSettings({ placement: 'a' }, {}, 'kv'), /--placement: "a" is not HOST:PORT/);
  assert.throws(() => readSettings({ placement: '' }, {}, 'kv'), /--placement: "" is not HOST:PORT/);
  assert.throws(() => readSettings({ labels: 'zone' }, {}, 'kv'), /--labels: "zone" is not NAME=VALUE/);
  const playground = readSettings({ restartDelayMs: 'off', logLevel: 'debug', hotPagesMib: '7' }, {}, 'playground');
  assert.deepEqual([playground.restartDelayMs, playground.dataDir, playground.mysqlPort, playground.stores], ['off', '', 0, 3]); // prettier-ignore
  assert.throws(() => readSettings({ restartDelayMs: '-1' }, {}, 'playground'), /milliseconds, or off/);
  assert.deepEqual(roleFlags(playground, 'kv'), ['--log-level', 'debug', '--hot-pages-mib', '7']);
  assert.deepEqual(roleFlags(playground, 'sql'), ['--log-level', 'debug']);
  assert.deepEqual(readSettings({}, {}).placement, []);
});

test('small regions are asked for by name, reach the stores, and are looked for often', () => {
  const usual = readSettings({}, {}, 'kv');
  assert.equal(usual.regionSizeKib, 'off');
  assert.deepEqual(storeLimits(usual), { hotPagesSizeBytesMax: 96 << 20, regionSizeBytesMax: 256 << 20 });
  const small = readSettings({ regionSizeKib: '1' }, {}, 'playground');
  assert.deepEqual(roleFlags(small, 'kv'), ['--region-size-kib', '1']);
  assert.deepEqual(roleFlags(small, 'sql'), []);
  assert.deepEqual(storeLimits(small), { hotPagesSizeBytesMax: 96 << 20, regionSizeBytesMax: 1024, splitCheckEveryMs: 50 }); // prettier-ignore
  assert.throws(() => readSettings({ regionSizeKib: '0' }, {}), /--region-size-kib: "0" is not a whole number above 0, or off/); // prettier-ignore
});

test('failpoints are off unless somebody asked', () => {
  assert.equal(readSettings({}, {}).failpoints, 'off');
  assert.equal(readSettings({}, { FAILPOINTS: '' }).failpoints, 'off');
  assert.equal(readSettings({}, { FAILPOINTS: 'log::sync=off' }).failpoints, 'log::sync=off');
  assert.equal(readSettings({ failpoints: 'on' }, { FAILPOINTS: 'log::sync=off' }).failpoints, 'on');
});
