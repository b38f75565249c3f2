/** Sockets that the server's own thread reads and writes. */
import { createServer, type Server } from 'node:net';
import type { Door, DoorOwner, Where } from './door.ts';
import { SocketWire } from './socket-wire.ts';
import type { TlsMaterial } from './tls/tls-identity.ts';
import { TlsUpgrade } from './tls/tls-upgrade.ts';

export class InlineSockets implements Door {
  private readonly owner: DoorOwner;
  private readonly servers: Server[] = [];
  private readonly tls: TlsUpgrade | undefined;

  constructor(owner: DoorOwner) {
    this.owner = owner;
    this.tls = owner.tls && new TlsUpgrade(owner.tls);
  }

  listen(where: Where): Promise<{ readonly host: string; readonly port: number }> {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
      this.owner.onConnection(new SocketWire(socket, 'port' in where ? this.tls : undefined)),
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

  replaceTls(material: TlsMaterial): void {
    this.tls?.replace(material);
  }

  stopListening(): void {
    for (const server of this.servers) server.close();
  }

  close(): Promise<void> {
    this.stopListening();
    return Promise.resolve();
  }
}
