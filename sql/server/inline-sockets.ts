/** Sockets that the server's own thread reads and writes. */
import { createServer, type Server } from 'node:net';
import type { Door, DoorOwner, Where } from './door.ts';
import { SocketWire } from './socket-wire.ts';

export class InlineSockets implements Door {
  private readonly owner: DoorOwner;
  private readonly servers: Server[] = [];

  constructor(owner: DoorOwner) {
    this.owner = owner;
  }

  listen(where: Where): Promise<{ readonly host: string; readonly port: number }> {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.owner.onConnection(new SocketWire(socket)),
    );
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...where, backlog: 1024 }, () => {
        server.off('error', reject);
        server.on('error', (error) => this.owner.onFailure(error));
        const address = server.address();
        resolve(
          typeof address === 'object' && address !== null
            ? { host: address.address, port: address.port }
            : { host: '', port: 0 },
        );
      });
    });
  }

  stopListening(): void {
    for (const server of this.servers) server.close();
  }

  close(): Promise<void> {
    this.stopListening();
    return Promise.resolve();
  }
}
