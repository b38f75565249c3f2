/**
 * Calls over the simulated wires: a question with a number, an answer with the same. A question or its answer may be lost, and a
 * caller that waited long enough knows only that: `kv.unreachable` with `sent`. Bytes are v8's, so whatever data travels is a copy, as
 * between machines; errors are taken apart and put together again.
 */
import { deserialize, serialize } from 'node:v8';
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';

interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly retry: 'no' | 'same' | 'refresh';
  readonly fields: Readonly<Record<string, unknown>>;
}

type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly refused: PlainError };

export function plainError(error: unknown): PlainError {
  if (!(error instanceof RutileError)) throw error;
  const { code, message, retry, fields } = error;
  return { code, message, retry, fields };
}

export function errorOf({ code, message, retry, fields }: PlainError): RutileError {
  return new RutileError(code, message, { retry, fields });
}

function unreachable(address: string, sent: boolean): RutileError {
  return new RutileError('kv.unreachable', `${address} does not answer`, { retry: 'refresh', fields: { sent } });
}

/** Answers calls at an address. What is no `RutileError` goes to `bug`. */
export function answerCalls(
  world: SimWorld,
  address: string,
  handle: (question: unknown) => unknown,
  bug: (error: unknown) => void,
): void {
  world.network.listen(address, (connection) => {
    // The wires may bring a message twice; a stream would not.
    const seen = new Set<number>();
    connection.onMessage((bytes) => {
      const { id, question } = deserialize(bytes) as { id: number; question: unknown };
      if (seen.has(id)) return;
      seen.add(id);
      const reply = (reply: Reply): void => connection.send(serialize(reply));
      const refuse = (error: unknown): void => {
        if (error instanceof RutileError) reply({ id, refused: plainError(error) });
        else bug(error);
      };
      void (async () => handle(question))()
        .then((value) => reply({ id, value }), refuse)
        .catch(bug);
    });
  });
}

export class Caller {
  private readonly world: SimWorld;
  private readonly connections = new Map<string, Promise<Connection>>();
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private count = 0;

  constructor(world: SimWorld) {
    this.world = world;
  }

  /** Rejects with what the other side threw, or `kv.unreachable`. */
  async call(address: string, question: unknown, timeoutMs: number): Promise<unknown> {
    let connection: Connection;
    try {
      connection = await this.connect(address);
    } catch {
      throw unreachable(address, false);
    }
    const id = ++this.count;
    const reply = await new Promise<Reply | undefined>((resolve) => {
      const timer = this.world.timers.after(timeoutMs, () => end(undefined));
      const end = (reply: Reply | undefined): void => {
        if (!this.waiting.delete(id)) return;
        timer.cancel();
        resolve(reply);
      };
      this.waiting.set(id, end);
      connection.onClose(() => end(undefined));
      connection.send(serialize({ id, question }));
    });
    if (reply === undefined) throw unreachable(address, true);
    if ('refused' in reply) throw errorOf(reply.refused);
    return reply.value;
  }

  private connect(address: string): Promise<Connection> {
    const known = this.connections.get(address);
    if (known !== undefined) return known;
    const made = this.world.network.connect(address).then(
      (connection) => {
        connection.onMessage((bytes) => {
          const reply = deserialize(bytes) as Reply;
          this.waiting.get(reply.id)?.(reply);
        });
        connection.onClose(() => this.connections.delete(address));
        return connection;
      },
      (error: unknown) => {
        this.connections.delete(address);
        throw error;
      },
    );
    this.connections.set(address, made);
    return made;
  }
}
