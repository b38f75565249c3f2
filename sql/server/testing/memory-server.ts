/** A SQL server in memory behind real sockets on loopback. */
import mysql from 'mysql2/promise';
import { createMemoryInstance, type MemoryInstance } from '../../session/testing/memory-instance.ts';
import { SqlServer } from '../index.ts';

export interface MemoryServer extends MemoryInstance {
  readonly port: number;
  /** Bugs, which no test expects. */
  readonly internal: unknown[];
  connect(options?: mysql.ConnectionOptions): Promise<mysql.Connection>;
}

export async function startMemoryServer(
  options: Parameters<typeof createMemoryInstance>[0] = {},
): Promise<MemoryServer> {
  const memory = await createMemoryInstance(options);
  const internal: unknown[] = [];
  const server = new SqlServer({
    instance: memory.instance, host: '127.0.0.1', port: 0, onInternalError: (error) => internal.push(error),
  }); // prettier-ignore
  const { port } = await server.listen();
  return {
    ...memory,
    port,
    internal,
    connect: (options) =>
      mysql.createConnection({ host: '127.0.0.1', port, user: 'root', rowsAsArray: true, ...options }),
    close: async () => {
      // Its timers are simulated: nobody is waited for.
      void server.drain(0);
      await memory.close();
    },
  };
}
