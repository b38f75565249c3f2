/**
 * One simulated SQL server: catalog and sessions as `rutile sql` wires them, over a client of the simulated stores, without sockets and packets.
 * A connection is a session; a question is a text, an answer its rows or the number of its error. The server keeps nothing: when it
 * crashes, a new one opens on the same data, under another name.
 */
import { deserialize, serialize } from 'node:v8';
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import { Catalog } from '../../../sql/catalog/index.ts';
import { formatText } from '../../../sql/functions/index.ts';
import { SERVER_VERSION } from '../../../sql/protocol/index.ts';
import { isInternal, toClientError } from '../../../sql/protocol/errors.ts';
import { CatalogAdapter, type Session, SqlInstance, type StatementResult } from '../../../sql/session/index.ts';
import type { LocalKvClient } from '../../../kv/client/index.ts';
import type { Ground, Machine } from '../cluster/work.ts';

export interface SqlQuestion {
  readonly id: number;
  readonly sql: string;
}

/** Rows of texts and bytes, as the text protocol has them. */
export interface SqlRows {
  readonly rows: readonly (readonly (string | Uint8Array | null)[])[] | undefined;
  readonly affectedRows: number;
}

export type SqlReply = { readonly id: number } & (
  { readonly answer: SqlRows } | { readonly errno: number; readonly message: string }
);

const OPEN_AGAIN_MS = 200;

/** One life of a server. */
interface Life {
  readonly client: LocalKvClient;
  readonly catalog: Catalog;
  readonly instance: SqlInstance;
}

export class SqlMachine implements Machine {
  readonly name: string;
  world: SimWorld;
  state: Machine['state'] = 'down';
  private readonly ground: Ground;
  private readonly bend: ((catalog: Catalog) => void) | undefined;
  private life: Life | undefined = undefined;

  constructor(name: string, ground: Ground, bend: ((catalog: Catalog) => void) | undefined) {
    this.name = name;
    this.bend = bend;
    this.ground = ground;
    this.world = ground.simulation.node(name);
  }

  start(): void {
    if (this.state !== 'down') return;
    this.state = 'starting';
    const { world } = this;
    // What a server that died had locked is soon free.
    const client = this.ground.clientsOn(world)({ lockTtlMs: this.ground.knobs.lockTtlMs });
    const open = async (): Promise<void> => {
      try {
        const life = await this.open(world, client);
        if (world !== this.world) return;
        this.life = life;
        this.state = 'up';
        world.network.listen(this.name, (connection) => this.accept(life, connection));
        this.ground.note(`${this.name} is up`);
      } catch (error) {
        if (world !== this.world) return;
        this.background(world, error);
        world.timers.after(OPEN_AGAIN_MS, () => void open());
      }
    };
    void open();
  }

  crash(): void {
    this.life = undefined;
    this.world = this.world.crash();
    this.state = 'down';
  }

  async close(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    life.instance.close();
    await life.catalog.close();
    await life.client.close();
  }

  private async open(world: SimWorld, client: LocalKvClient): Promise<Life> {
    const { clock, timers, random } = world;
    const onBackgroundError = (error: unknown): void => this.background(world, error);
    const catalog = await Catalog.open(client, { exclusive: false, clock, timers, random: random.fork('catalog'), onBackgroundError }); // prettier-ignore
    this.bend?.(catalog);
    const adapter = new CatalogAdapter(catalog);
    const instance = new SqlInstance({
      kv: client,
      catalog: adapter,
      clock,
      timers,
      random: random.fork('sql'),
      version: SERVER_VERSION,
      onInternalError: (error) => this.ground.fail(error),
    });
    adapter.attach(instance);
    return { client, catalog, instance };
  }

  /** What a server logs and goes on; what is no refusal is a fault of the product. */
  private background(world: SimWorld, error: unknown): void {
    if (world !== this.world) return;
    if (isInternal(error)) this.ground.fail(error);
    else this.ground.note(`${this.name} ${(error as RutileError).code}`);
  }

  // ---- connections

  private accept({ instance }: Life, connection: Connection): void {
    let session: Session | undefined;
    // The wires may bring a message twice; a stream would not.
    let lastId = 0;
    const answer = async ({ id, sql }: SqlQuestion): Promise<SqlReply> => {
      try {
        session ??= await this.openSession(instance, () => connection.close());
        session.commandArrived(3);
        return { id, answer: await rowsOf(await session.run(sql, false)) };
      } catch (error) {
        if (isInternal(error)) this.ground.fail(new Error(`${this.name}: ${sql}`, { cause: error }));
        const known = toClientError(error);
        session?.statementFailed(known);
        return { id, ...known };
      }
    };
    connection.onMessage((bytes) => {
      const question = deserialize(bytes) as SqlQuestion;
      if (question.id <= lastId) return;
      lastId = question.id;
      void answer(question).then((reply) => connection.send(serialize(reply)));
    });
    connection.onClose(() => session?.disconnected());
  }

  private async openSession(instance: SqlInstance, disconnect: () => void): Promise<Session> {
    const account = await instance.catalog.findAccount('root', 'localhost');
    if (account === undefined) throw new Error('root is missing');
    return instance.openSession({
      connectionId: instance.newConnectionId(),
      account,
      user: 'root',
      host: 'localhost',
      database: undefined,
      disconnect,
    });
  }
}

async function rowsOf(result: StatementResult): Promise<SqlRows> {
  if (result.kind === 'ok') return { rows: undefined, affectedRows: result.affectedRows };
  if (result.kind === 'local-infile') throw new RutileError('test.infile', 'there are no files here');
  const { source, columns } = result;
  const rows: (string | Uint8Array | null)[][] = [];
  try {
    for (let batch = await source.next(); batch !== undefined; batch = await source.next())
      for (const row of batch)
        rows.push(row.map((value, i) => (value === null ? null : formatText(value, columns[i]!.type))));
  } finally {
    await source.close();
  }
  return { rows, affectedRows: 0 };
}
