/** A connection as root to a server on loopback, with its rows as arrays. */
import mysql from 'mysql2/promise';

export function connectAsRoot(port: number, options: mysql.ConnectionOptions = {}): Promise<mysql.Connection> {
  return mysql.createConnection({ host: '127.0.0.1', port, user: 'root', rowsAsArray: true, ...options });
}
