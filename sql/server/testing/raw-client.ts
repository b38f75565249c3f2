/**
 * A client that says exactly the bytes it is told to: for tests of what no driver would send, and of what every packet of an answer is.
 */
import { connect as connectSocket, type Socket } from 'node:net';
import { ByteReader } from '../../protocol/byte-reader.ts';
import { Capability, Command } from '../../protocol/constants.ts';
import { PacketWriter } from '../../protocol/packet-writer.ts';

/** What most clients of today say. */
export const CAPABILITIES =
  Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION | Capability.PLUGIN_AUTH | Capability.CONNECT_WITH_DB | Capability.TRANSACTIONS |
  Capability.LONG_PASSWORD | Capability.LOCAL_FILES | Capability.MULTI_RESULTS | Capability.MULTI_STATEMENTS; // prettier-ignore

export interface RawPacket {
  readonly sequence: number;
  readonly payload: Buffer;
}

export class RawClient {
  readonly socket: Socket;
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<void>;
  readonly capabilities: number;
  isClosed = false;
  connectionId = 0;
  /** Of the greeting. */
  nonce = Buffer.alloc(0);
  private bytes = Buffer.alloc(0);
  private wake: () => void = () => undefined;

  static async open(
    port: number,
    options: {
      readonly user?: string;
      readonly database?: string;
      readonly more?: number;
      readonly less?: number;
    } = {},
  ): Promise<RawClient> {
    const client = await RawClient.greeted(port, (CAPABILITIES | (options.more ?? 0)) & ~(options.less ?? 0));
    client.sayHello(options.user ?? 'root', options.database ?? 'test');
    client.firstOk = await client.packet();
    return client;
  }

  /** The answer to the handshake. */
  firstOk: RawPacket = { sequence: 0, payload: Buffer.alloc(0) };

  /** Has read the greeting and said nothing yet. */
  static async greeted(port: number, capabilities = CAPABILITIES): Promise<RawClient> {
    const client = new RawClient(connectSocket(port, '127.0.0.1'), capabilities);
    const { payload } = await client.packet();
    const at = payload.indexOf(0) + 1;
    client.connectionId = payload.readUInt32LE(at);
    client.nonce = Buffer.concat([payload.subarray(at + 4, at + 12), payload.subarray(at + 31, at + 43)]);
    return client;
  }

  private constructor(socket: Socket, capabilities: number) {
    this.socket = socket;
    this.capabilities = capabilities;
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      this.bytes = Buffer.concat([this.bytes, part]);
      this.wake();
    });
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.isClosed = true;
        this.wake();
        resolve();
      }),
    );
  }

  sayHello(user: string, database: string): void {
    const out = new PacketWriter();
    out.u32(this.capabilities);
    out.u32(0);
    out.u8(255);
    out.zeros(23);
    out.nullTerminated(user);
    out.u8(0);
    if (this.capabilities & Capability.CONNECT_WITH_DB) out.nullTerminated(database);
    out.nullTerminated('caching_sha2_password');
    this.send(1, out.take());
  }

  send(sequence: number, payload: Uint8Array): void {
    const header = Buffer.alloc(4);
    header.writeUIntLE(payload.length, 0, 3);
    header[3] = sequence;
    this.socket.write(Buffer.concat([header, payload]));
  }

  sendBuilt(sequence: number, write: (out: PacketWriter) => void): void {
    const out = new PacketWriter();
    write(out);
    this.send(sequence, out.take());
  }

  command(code: number, write: (out: PacketWriter) => void = () => undefined): void {
    const out = new PacketWriter();
    out.u8(code);
    write(out);
    this.send(0, out.take());
  }

  /** The next packet; fails when the connection ends first. */
  async packet(): Promise<RawPacket> {
    for (;;) {
      if (this.bytes.length >= 4 && this.bytes.length >= 4 + this.bytes.readUIntLE(0, 3)) {
        const end = 4 + this.bytes.readUIntLE(0, 3);
        const found = { sequence: this.bytes[3]!, payload: Buffer.from(this.bytes.subarray(4, end)) };
        this.bytes = this.bytes.subarray(end);
        return found;
      }
      if (this.isClosed) throw new Error('the server has ended the connection');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** What it has sent and nobody has asked for. */
  get unread(): number {
    return this.bytes.length;
  }

  /** A text statement without rows, or an error: its one packet. */
  async say(sql: string): Promise<RawPacket> {
    this.command(Command.QUERY, (out) => {
      // No attributes.
      if (this.capabilities & Capability.QUERY_ATTRIBUTES) out.raw(Buffer.from([0, 1]));
      out.text(sql);
    });
    return this.packet();
  }

  /** The packets of rows and the end of a result whose first packet was read. */
  async rest(): Promise<RawPacket[]> {
    const packets: RawPacket[] = [];
    for (let ends = this.capabilities & Capability.DEPRECATE_EOF ? 1 : 0; ;) {
      const packet = await this.packet();
      packets.push(packet);
      if (packet.payload[0] === 0xff) return packets;
      if (packet.payload[0] === 0xfe && packet.payload.length < 100 && ++ends === 2) return packets;
    }
  }
}

export function errorOf({ payload }: RawPacket): { readonly errno: number; readonly message: string } {
  if (payload[0] !== 0xff) throw new Error(`no error: ${payload.toString('hex')}`);
  return { errno: payload.readUInt16LE(1), message: payload.toString('utf8', 9) };
}

/** What an OK says of the session, one line each. */
export function changesOf({ payload }: RawPacket): string[] {
  const reader = new ByteReader().reset(payload, 1, payload.length);
  reader.lengthEncoded();
  reader.lengthEncoded();
  const status = reader.u16();
  reader.skip(2);
  if (!(status & 0x4000)) return [];
  reader.lengthEncodedText();
  const end = reader.offset + lengthAt(payload, reader.offset);
  reader.lengthEncoded();
  const changes: string[] = [];
  while (reader.offset < end) {
    const kind = reader.u8();
    reader.lengthEncoded();
    const name = reader.lengthEncodedText();
    changes.push(kind === 0 ? `${name}=${reader.lengthEncodedText()}` : `${['', 'schema', 'state', '', 'begin', 'transaction'][kind]}:${name}`); // prettier-ignore
  }
  return changes;
}

/** Of a length-encoded block: its size with the size of its length. */
function lengthAt(payload: Buffer, at: number): number {
  const reader = new ByteReader().reset(payload, at, payload.length);
  const size = reader.lengthEncoded();
  return reader.offset - at + size;
}
