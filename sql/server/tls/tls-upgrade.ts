/**
 * A socket that becomes an encrypted one in the middle of its life: the client has said that it wants TLS, and what it sends from then on is that.
 * Certificates of clients are asked for and looked at, not demanded: whether one is needed is said by the account.
 */
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../protocol/index.ts';
import type { TlsMaterial } from './tls-identity.ts';

export class TlsUpgrade {
  private readonly server: Server;
  /** Who waits for its handshake, by the client's address. */
  private readonly waiting = new Map<string, (socket: TLSSocket) => void>();

  constructor(material: TlsMaterial) {
    // It never listens: sockets are put into it.
    this.server = createServer({ ...material, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    this.server.on('secureConnection', (socket) => {
      const key = addressOf(socket);
      const done = this.waiting.get(key);
      this.waiting.delete(key);
      if (done === undefined) socket.destroy();
      else done(socket);
    });
    // The handshake failed: closing says so to both sides.
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  replace(material: TlsMaterial): void {
    this.server.setSecureContext({ ...material, minVersion: 'TLSv1.2' });
  }

  /** `rest`: what was read of the encrypted stream already. The socket must have no reader. When the handshake fails the socket is closed, and `done` never called. */
  upgrade(socket: Socket, rest: Buffer, done: (secured: TLSSocket, facts: TlsFacts) => void): void {
    const key = addressOf(socket);
    this.waiting.set(key, (secured) => done(secured, factsOf(secured)));
    socket.once('close', () => this.waiting.delete(key));
    if (rest.length > 0) socket.unshift(rest);
    this.server.emit('connection', socket);
  }
}

function addressOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localPort}`;
}

function factsOf(socket: TLSSocket): TlsFacts {
  const peer = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    client: peer === undefined ? undefined : { verified: socket.authorized, subject: slashed(peer.subject), issuer: slashed(peer.issuer) },
  }; // prettier-ignore
}

/** As MySQL writes names: `/C=SE/O=Example/CN=client`. */
function slashed(name: string): string {
  return name
    .split('\n')
    .map((part) => `/${part}`)
    .join('');
}
