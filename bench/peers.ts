/**
 * The servers that benchmarks compare: each in a temporary folder on loopback with a free port, started and stopped here, found on the PATH.
 * Nothing is tuned: MariaDB and etcd run with their defaults (synced commits), Rutile with its own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../test/cluster/playground-process.ts';

export interface Peer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0;
}

export async function startMariaDb(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-mariadb-'));
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const made = spawnSync(
    'mariadb-install-db',
    [...user, `--datadir=${folder}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stderr || made.stdout}`);
  const port = await freePort();
  const child = spawn(
    'mariadbd',
    [
      '--no-defaults',
      ...user,
      `--datadir=${folder}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${folder}/s`,
      '--skip-name-resolve',
      '--local-infile=1',
    ],
    { stdio: 'ignore' },
  );
  await until(
    () => spawnSync('mariadb-admin', ['-h127.0.0.1', `-P${port}`, '-uroot', 'ping'], { stdio: 'ignore' }).status === 0,
    'mariadbd',
  );
  return peer(child, port, folder);
}

export async function startEtcd(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-etcd-'));
  const [port, peerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const child = spawn(
    'etcd',
    [
      '--data-dir',
      folder,
      '--listen-client-urls',
      url,
      '--advertise-client-urls',
      url,
      '--listen-peer-urls',
      peerUrl,
      '--initial-advertise-peer-urls',
      peerUrl,
      '--initial-cluster',
      `default=${peerUrl}`,
      '--quota-backend-bytes',
      '8000000000',
    ],
    { stdio: 'ignore' },
  );
  await until(async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok === true, 'etcd');
  return peer(child, port, folder);
}

/** Members that found a cluster together; `endpoints` are their client doors. */
export async function startEtcdCluster(
  count: number,
): Promise<{ endpoints: string[]; pids: number[]; stop(): Promise<void> }> {
  const urls: { readonly client: string; readonly peer: string }[] = [];
  for (let i = 0; i < count; i++)
    urls.push({ client: `http://127.0.0.1:${await freePort()}`, peer: `http://127.0.0.1:${await freePort()}` });
  const all = urls.map((url, i) => `m${i}=${url.peer}`).join(',');
  const members = urls.map(({ client, peer: own }, i) => {
    const folder = mkdtempSync(join(tmpdir(), 'rutile-etcd-'));
    const child = spawn(
      'etcd',
      [
        '--name', `m${i}`, '--data-dir', folder, '--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', own,
        '--initial-advertise-peer-urls', own, '--initial-cluster', all, '--quota-backend-bytes', '8000000000',
      ],
      { stdio: 'ignore' },
    ); // prettier-ignore
    return peer(child, Number(new URL(client).port), folder);
  });
  for (const { client } of urls)
    await until(async () => (await fetch(`${client}/health`).catch(() => undefined))?.ok === true, 'etcd');
  return {
    endpoints: urls.map(({ client }) => new URL(client).host),
    pids: members.map(({ pid }) => pid),
    stop: async () => void (await Promise.all(members.map((member) => member.stop()))),
  };
}

function peer(child: ChildProcess, port: number, folder: string): Peer {
  return {
    port,
    pid: child.pid!,
    stop: async () => {
      const gone = new Promise((resolve) => child.on('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
