/** TLS of the gRPC doors: both sides must show a certificate, and new files serve new connections while old connections live on. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Client, type ChannelCredentials, credentials, status, type ServiceError } from '@grpc/grpc-js';
import type { RutileError } from '../../base/error.ts';
import { healthCheckRequest, healthCheckResponse } from '../../proto/wire/messages.ts';
import { GrpcListener } from './grpc-listener.ts';
import type { HttpHandler } from './http-door.ts';
import { addHealthService } from './health.ts';
import { TestAuthority, writeIdentity } from './testing/certificates.ts';
import { TlsIdentity, type TlsFiles } from './tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'rutile-tls-'));
after(() => rmSync(folder, { recursive: true }));
const never = { every: () => ({ cancel: () => undefined }) };

type Port = 'gRPC alone' | 'gRPC and HTTP';

function listen(tls: TlsIdentity, port: Port = 'gRPC alone'): Promise<GrpcListener> {
  const http: HttpHandler = (request, response) => void response.end(`${request.method} ${request.url}`);
  const options = { host: '127.0.0.1', port: 0, flag: '--kv-port', tls, ...(port === 'gRPC and HTTP' && { http }) };
  return GrpcListener.open(options, (server) => addHealthService(server, [], () => true));
}

/** The answer, or the code of what went wrong. */
function ask(port: number, material: Partial<ReturnType<TlsIdentity['serverOptions']>>): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(`https://127.0.0.1:${port}/pd/api/v1/ping`, { ...material, agent: false }, (answer) =>
      answer.toArray().then((parts) => resolve(parts.join('')), (error: Error) => resolve(error.message)),
    ); // prettier-ignore
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end();
  });
}

async function check(client: Client): Promise<number> {
  const answer = await new Promise<{ status: number }>((resolve, reject) =>
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      (one: { service: string }) => Buffer.from(healthCheckRequest.encode(one).finish()),
      (bytes: Buffer) => healthCheckResponse.decode(bytes),
      { service: '' },
      (error: ServiceError | null, value) => (error ? reject(error) : resolve(value!)),
    ),
  );
  return answer.status;
}

/** A channel of its own, so that a new connection is made. */
function connect(port: number, how: ChannelCredentials): Client {
  return new Client(`127.0.0.1:${port}`, how, { 'grpc.use_local_subchannel_pool': 1 });
}

async function checkOnce(port: number, how: ChannelCredentials): Promise<number> {
  const client = connect(port, how);
  try {
    return await check(client);
  } finally {
    client.close();
  }
}

for (const port of ['gRPC alone', 'gRPC and HTTP'] as const) {
  test(`${port}: both sides show a certificate; plain text, no certificate and strangers are refused`, async () => {
    const ours = await TestAuthority.create('ours');
    const theirs = await TestAuthority.create('theirs');
    const server = TlsIdentity.open(await writeIdentity(folder, 'server', ours), { timers: never });
    const client = TlsIdentity.open(await writeIdentity(folder, 'client', ours), { timers: never });
    const stranger = TlsIdentity.open(await writeIdentity(folder, 'stranger', theirs, [ours]), { timers: never });
    const wary = TlsIdentity.open(await writeIdentity(folder, 'wary', ours, [theirs]), { timers: never });
    const listener = await listen(server, port);
    try {
      assert.equal(await checkOnce(listener.port, client.channelCredentials()), 1);
      for (const [what, how] of [
        ['plain text', credentials.createInsecure()],
        ['no certificate of its own', credentials.createSsl(Buffer.from(ours.pem))],
        ['a certificate of another authority', stranger.channelCredentials()],
        ['a client that trusts another authority', wary.channelCredentials()],
      ] as const)
        await assert.rejects(checkOnce(listener.port, how), { code: status.UNAVAILABLE }, what);
    } finally {
      await listener.close(0);
    }
  });
}

for (const port of ['gRPC alone', 'gRPC and HTTP'] as const) {
  test(`${port}: changed files serve new connections, and those that exist go on`, async () => {
    const first = await TestAuthority.create('first');
    const second = await TestAuthority.create('second');
    const reloads: string[] = [];
    const serverFiles = await writeIdentity(folder, 'reloading', first);
    const server = TlsIdentity.open(serverFiles, { timers: never, onReloaded: (subject) => reloads.push(subject) });
    const old = TlsIdentity.open(await writeIdentity(folder, 'old', first), { timers: never });
    const fresh = TlsIdentity.open(await writeIdentity(folder, 'fresh', second), { timers: never });
    const listener = await listen(server, port);
    const living = connect(listener.port, old.channelCredentials());
    try {
      assert.equal(await check(living), 1);
      await assert.rejects(checkOnce(listener.port, fresh.channelCredentials()), { code: status.UNAVAILABLE });
      assert.equal(server.reload(), false, 'nothing has changed');
      replace(serverFiles, await writeIdentity(folder, 'next', second));
      assert.equal(server.reload(), true);
      assert.deepEqual(reloads, ['CN=next']);
      assert.equal(await checkOnce(listener.port, fresh.channelCredentials()), 1);
      await assert.rejects(checkOnce(listener.port, old.channelCredentials()), { code: status.UNAVAILABLE });
      assert.equal(await check(living), 1, 'the connection from before lives on');
    } finally {
      living.close();
      await listener.close(0);
    }
  });
}

test('HTTP inside TLS: whoever shows a certificate is answered, with the newest files', async () => {
  const ours = await TestAuthority.create('ours');
  const theirs = await TestAuthority.create('theirs');
  const files = await writeIdentity(folder, 'http', ours);
  const server = TlsIdentity.open(files, { timers: never });
  const client = TlsIdentity.open(await writeIdentity(folder, 'http-client', ours), { timers: never });
  const stranger = TlsIdentity.open(await writeIdentity(folder, 'http-stranger', theirs, [ours]), { timers: never });
  const fresh = TlsIdentity.open(await writeIdentity(folder, 'http-fresh', theirs), { timers: never });
  const listener = await listen(server, 'gRPC and HTTP');
  try {
    assert.equal(await ask(listener.port, client.serverOptions()), 'GET /pd/api/v1/ping');
    for (const refused of [stranger.serverOptions(), { ca: ours.pem }])
      assert.match(await ask(listener.port, refused), /ECONNRESET|EPIPE|ERR_SSL|ALERT/);
    assert.match(await (await fetch(`http://127.0.0.1:${listener.port}/`).catch(String)).toString(), /fetch failed/);
    replace(files, await writeIdentity(folder, 'http-next', theirs));
    assert.equal(server.reload(), true);
    assert.equal(await ask(listener.port, fresh.serverOptions()), 'GET /pd/api/v1/ping');
    assert.match(
      await ask(listener.port, { ...client.serverOptions(), ca: theirs.pem }),
      /ECONNRESET|EPIPE|ERR_SSL|ALERT/,
    );
  } finally {
    await listener.close(0);
  }
});

test('a channel that reconnects shows its newest certificate', async () => {
  const first = await TestAuthority.create('first');
  const second = await TestAuthority.create('second');
  const clientFiles = await writeIdentity(folder, 'changing', first);
  const client = TlsIdentity.open(clientFiles, { timers: never });
  const listener = await listen(TlsIdentity.open(await writeIdentity(folder, 'strict', second), { timers: never }));
  const how = client.channelCredentials();
  try {
    await assert.rejects(checkOnce(listener.port, how), { code: status.UNAVAILABLE });
    replace(clientFiles, await writeIdentity(folder, 'changed', second));
    assert.equal(client.reload(), true);
    assert.equal(await checkOnce(listener.port, how), 1);
  } finally {
    await listener.close(0);
  }
});

test('files that do not fit together leave the old ones in use, and are reported once', async () => {
  const authority = await TestAuthority.create('authority');
  const files = await writeIdentity(folder, 'half', authority);
  const failures: string[] = [];
  const identity = TlsIdentity.open(files, {
    timers: never,
    onReloadFailed: (error) => failures.push(error.message),
  });
  const next = await writeIdentity(folder, 'half-next', authority);
  renameSync(next.cert, files.cert);
  assert.equal(identity.reload(), false);
  assert.equal(identity.reload(), false);
  assert.equal(failures.length, 1);
  assert.match(failures[0]!, /^--tls-key: .* is not the key of the certificate/);
  renameSync(next.key, files.key);
  assert.equal(identity.reload(), true);
  assert.equal(identity.subject, 'CN=half-next');
  unlinkSync(files.ca);
  assert.equal(identity.reload(), false);
  assert.equal(identity.reload(), false);
  assert.equal(failures.length, 2);
  assert.match(failures[1]!, /^--tls-ca: ENOENT/);
});

test('wrong files are refused at the start, with the flag that named them', async () => {
  const authority = await TestAuthority.create('authority');
  const good = await writeIdentity(folder, 'good', authority);
  const other = await writeIdentity(folder, 'other', authority);
  const text = join(folder, 'text.pem');
  writeFileSync(text, 'not a certificate');
  const refused = (files: TlsFiles, message: RegExp): void =>
    assert.throws(
      () => TlsIdentity.open(files, { timers: never }),
      (error: RutileError) => error.code === 'tls.files' && message.test(error.message),
    );
  refused({ ...good, cert: join(folder, 'none.pem') }, /^--tls-cert: ENOENT/);
  refused({ ...good, cert: text }, /^--tls-cert: .* holds no certificate/);
  refused({ ...good, key: text }, /^--tls-key: .* holds no private key/);
  refused({ ...good, ca: text }, /^--tls-ca: .* holds no certificate/);
  refused({ ...good, key: other.key }, /^--tls-key: .* is not the key/);
});

function replace(target: TlsFiles, source: TlsFiles): void {
  renameSync(source.cert, target.cert);
  renameSync(source.key, target.key);
  renameSync(source.ca, target.ca);
}
