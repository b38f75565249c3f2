/** How the client commands reach a server: the flags that `shell` and `query` share. */
import type { Command } from 'commander';
import type { Connection, ConnectionOptions } from 'mysql2/promise';

export interface ClientFlags {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

export function addClientFlags(command: Command): Command {
  return command
    .option('--host <address>', 'where the server listens', '127.0.0.1')
    .option('--port <port>', 'its MySQL port', '4000')
    .option('--user <name>', 'user', 'root')
    .option('--password <text>', 'password', '')
    .option('--database <name>', 'database to use');
}

/** Rows come as arrays; dates, times, decimals and integers beyond 53 bits as the text the server sent. */
export async function connect(flags: ClientFlags, more: ConnectionOptions = {}): Promise<Connection> {
  // Loaded here: the server's own start must not pay for a client.
  const { createConnection } = await import('mysql2/promise');
  return createConnection({
    host: flags.host, port: Number(flags.port), user: flags.user, password: flags.password,
    ...(flags.database === undefined ? {} : { database: flags.database }),
    rowsAsArray: true, dateStrings: true, supportBigNumbers: true, bigNumberStrings: false, multipleStatements: true, ...more,
  }); // prettier-ignore
}
