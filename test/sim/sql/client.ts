/**
 * A MySQL client as far as the simulation needs one: a connection to one server, one statement at a time. A failure is an answer of the server
 * (`SqlFailure`) or the loss of the connection, after which nobody knows what became of the statement at hand.
 */
import { deserialize, serialize } from 'node:v8';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import type { SqlQuestion, SqlReply, SqlRows } from './machine.ts';

const ANSWER_MS = 30_000;

export class SqlFailure extends Error {
  readonly errno: number;

  constructor(errno: number, message: string) {
    super(`${errno} ${message}`);
    this.errno = errno;
  }
}

export class ConnectionLost extends Error {
  constructor() {
    super('lost the connection');
  }
}

export class SqlClient {
  private readonly world: SimWorld;
  private readonly connection: Connection;
  private readonly database: string | undefined;
  private waiting: ((reply: SqlReply | undefined) => void) | undefined = undefined;
  private count = 0;
  private used = false;
  lost = false;

  /** Fails with `ConnectionLost`. */
  static async connect(world: SimWorld, address: string, database?: string): Promise<SqlClient> {
    try {
      return new SqlClient(world, await world.network.connect(address), database);
    } catch {
      throw new ConnectionLost();
    }
  }

  private constructor(world: SimWorld, connection: Connection, database: string | undefined) {
    this.world = world;
    this.connection = connection;
    this.database = database;
    connection.onMessage((bytes) => {
      const reply = deserialize(bytes) as SqlReply;
      if (reply.id === this.count) this.waiting?.(reply);
    });
    connection.onClose(() => this.end());
  }

  async run(sql: string): Promise<SqlRows> {
    if (!this.used && this.database !== undefined) {
      this.used = true;
      await this.ask(`USE ${this.database}`);
    }
    return this.ask(sql);
  }

  close(): void {
    this.end();
    this.connection.close();
  }

  private async ask(sql: string): Promise<SqlRows> {
    if (this.lost) throw new ConnectionLost();
    const id = ++this.count;
    const reply = await new Promise<SqlReply | undefined>((resolve) => {
      const timer = this.world.timers.after(ANSWER_MS, () => this.close());
      this.waiting = (reply) => {
        this.waiting = undefined;
        timer.cancel();
        resolve(reply);
      };
      this.connection.send(serialize({ id, sql } satisfies SqlQuestion));
    });
    if (reply === undefined) throw new ConnectionLost();
    if ('answer' in reply) return reply.answer;
    throw new SqlFailure(reply.errno, reply.message);
  }

  private end(): void {
    this.lost = true;
    this.waiting?.(undefined);
  }
}
