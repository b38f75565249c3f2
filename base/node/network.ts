/**
 * Framed messages over TCP: four bytes of length, then the message. Addresses are `host:port`. A peer that does not read is
 * cut off when `UNSENT_BYTES_MAX` bytes wait for it, and so is one that announces a frame above `FRAME_BYTES_MAX`.
 */
import * as net from 'node:net';
import { RutileError } from '../error.ts';
import type { Connection, Network } from '../world.ts';

const FRAME_BYTES_MAX = 128 * 1024 * 1024;
const UNSENT_BYTES_MAX = 128 * 1024 * 1024;

export class NodeNetwork implements Network {
  listen(address: string, accept: (connection: Connection) => void): { close(): void } {
    const { host, port } = parse(address);
    const server = net.createServer({ noDelay: true }, (socket) => accept(new SocketConnection(socket)));
    server.listen(port, host);
    return { close: () => void server.close() };
  }

  connect(address: string): Promise<Connection> {
    const { host, port } = parse(address);
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port, noDelay: true });
      socket.once('connect', () => resolve(new SocketConnection(socket)));
      socket.once('error', (cause) =>
        reject(
          new RutileError('network.unreachable', `${address}: ${cause.message}`, {
            cause,
            retry: 'same',
            fields: { address },
          }),
        ),
      );
    });
  }
}

class SocketConnection implements Connection {
  private readonly socket: net.Socket;
  private parts: Buffer[] = [];
  private size = 0;
  private handler: ((message: Uint8Array) => void) | undefined;

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (part: Buffer) => this.receive(part));
    // What follows an error is `close`, which callers watch.
    socket.on('error', () => socket.destroy());
    socket.pause();
  }

  send(message: Uint8Array): void {
    if (this.socket.destroyed) return;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(message.length);
    this.socket.cork();
    this.socket.write(length);
    this.socket.write(message);
    this.socket.uncork();
    if (this.socket.writableLength > UNSENT_BYTES_MAX) this.socket.destroy();
  }

  onMessage(handler: (message: Uint8Array) => void): void {
    this.handler = handler;
    this.socket.resume();
  }

  onClose(handler: () => void): void {
    this.socket.on('close', handler);
  }

  close(): void {
    this.socket.end();
  }

  private receive(part: Buffer): void {
    this.parts.push(part);
    this.size += part.length;
    if (this.size < 4) return;
    // A frame that has not come whole is joined once, when its last part is there.
    const first = this.parts[0]!;
    if (first.length >= 4 && this.size < 4 + first.readUInt32LE(0) && first.readUInt32LE(0) <= FRAME_BYTES_MAX) return;
    let bytes = this.parts.length === 1 ? first : Buffer.concat(this.parts, this.size);
    while (bytes.length >= 4) {
      const length = bytes.readUInt32LE(0);
      if (length > FRAME_BYTES_MAX) {
        this.socket.destroy();
        return;
      }
      if (bytes.length < 4 + length) break;
      this.handler?.(bytes.subarray(4, 4 + length));
      bytes = bytes.subarray(4 + length);
    }
    this.parts = bytes.length > 0 ? [bytes] : [];
    this.size = bytes.length;
  }
}

function parse(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  const port = Number(address.slice(colon + 1));
  if (colon <= 0 || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RutileError('network.address', `${address} is not host:port`, { fields: { address } });
  }
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port };
}
