/** A MariaDB server of a test's own, on a data folder and socket of its own: another server's opinion where one is installed. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mysql from 'mysql2/promise';

const server = findProgram('mariadbd');
const installer = findProgram('mariadb-install-db');

/** For `skip` of a test. */
export const MARIADB_MISSING: string | false =
  server === undefined || installer === undefined ? 'mariadbd is not installed' : false;

export class MariaDb {
  readonly folder: string;
  private readonly child: ChildProcess;

  static async start(): Promise<MariaDb> {
    const started = new MariaDb();
    for (let tries = 0; tries < 300; tries++) {
      const connection = await started.connect().catch(() => undefined);
      if (connection === undefined) {
        await pause(100);
        continue;
      }
      await connection.end();
      return started;
    }
    await started.stop();
    throw new Error('mariadbd did not answer within 30 seconds');
  }

  private constructor() {
    assert(server !== undefined && installer !== undefined, 'mariadbd is not installed');
    this.folder = mkdtempSync(join(tmpdir(), 'rutile-mariadb-'));
    const data = join(this.folder, 'data');
    execFileSync(
      installer,
      ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      { stdio: 'ignore' },
    );
    this.child = spawn(
      server,
      [
        '--no-defaults',
        `--datadir=${data}`,
        `--socket=${join(this.folder, 's')}`,
        `--pid-file=${join(this.folder, 'pid')}`,
        '--skip-networking',
        '--innodb-buffer-pool-size=16M',
        ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      ],
      { stdio: 'ignore' },
    );
  }

  connect(): Promise<mysql.Connection> {
    return mysql.createConnection({ socketPath: join(this.folder, 's'), user: 'root', charset: 'utf8mb4' });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function findProgram(name: string): string | undefined {
  for (const place of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']) {
    if (place !== '' && existsSync(place) && readdirSync(place).includes(name)) return join(place, name);
  }
  return undefined;
}
