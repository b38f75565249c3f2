/**
 * Kill -9 under load, then look at what is left.
 *
 * Writers move money between accounts and note each transfer in a ledger, in one transaction; a raw writer puts keys over gRPC. The process
 * is killed after a drawn number of acknowledgements, started again over its folder, and must show:
 *
 * - every acknowledged transfer, and of the unacknowledged ones at most the one each writer had in flight;
 * - whole transactions only: each account's balance is what the ledger says, and the total is what it was;
 * - indexes that agree with their rows (`ADMIN CHECK TABLE`);
 * - every acknowledged raw key with its newest acknowledged value, or that of the put in flight.
 */
import assert from 'node:assert/strict';
import { Client, credentials } from '@grpc/grpc-js';
import { kvrpc } from '../../proto/wire/messages.ts';
import { connectAsRoot } from './connect.ts';
import { RutileProcess } from './rutile-process.ts';

const ACCOUNTS = 100;
const OPENING = 1000;
const RAW_KEYS = 50;

export interface KillOptions {
  readonly rounds: number;
  readonly writers: number;
  readonly seed: number;
  readonly acknowledgementsPerRound: number;
  /** Called while the writers run, with the server's port; its end is awaited after the kill. */
  readonly besides?: (port: number) => Promise<void>;
  readonly report?: (line: string) => void;
}

interface Acknowledged {
  /** By writer: the last sequence number whose COMMIT was answered. */
  readonly transfers: number[];
  /** By raw key: the last value whose put was answered, and the one that may be in flight. */
  readonly raw: Map<string, { done: number; started: number }>;
  count: number;
}

export async function killRounds(
  options: KillOptions,
): Promise<{ readonly transfers: number; readonly slowestRestartMs: number }> {
  let server = await RutileProcess.start();
  const { dataDir } = server;
  const draw = generator(options.seed);
  const acknowledged: Acknowledged = {
    transfers: new Array<number>(options.writers).fill(0),
    raw: new Map(),
    count: 0,
  };
  let slowestRestartMs = 0;
  try {
    await prepare(server.mysqlPort);
    for (let round = 1; round <= options.rounds; round++) {
      const goal = acknowledged.count + Math.ceil(options.acknowledgementsPerRound * (0.5 + draw(100) / 100));
      await killUnderLoad(server, acknowledged, goal, options, round);
      server = await RutileProcess.start({ dataDir });
      slowestRestartMs = Math.max(slowestRestartMs, server.startedInMs);
      await check(server, acknowledged, options.writers);
      options.report?.(
        `round ${round}: ${acknowledged.count} acknowledged, restart ${server.startedInMs.toFixed(0)} ms, all there`,
      );
    }
  } finally {
    await server.stop();
    server.removeData();
  }
  return { transfers: acknowledged.count, slowestRestartMs };
}

async function prepare(port: number): Promise<void> {
  const connection = await connectAsRoot(port);
  await connection.query('create database bank');
  await connection.query(
    'create table bank.account (id int primary key, balance int not null, touched int not null default 0, key (balance))',
  );
  await connection.query(
    'create table bank.ledger (writer int, seq int, source int not null, target int not null, amount int not null, note varchar(40), primary key (writer, seq), key (source), unique key by_note (note))',
  );
  const rows = Array.from({ length: ACCOUNTS }, (_, id) => `(${id}, ${OPENING}, 0)`).join(', ');
  await connection.query(`insert into bank.account values ${rows}`);
  await connection.end();
}

async function killUnderLoad(
  server: RutileProcess,
  acknowledged: Acknowledged,
  goal: number,
  options: KillOptions,
  round: number,
): Promise<void> {
  let over = false;
  let reached: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (reached = resolve));
  const count = (): void => {
    if (++acknowledged.count >= goal) reached();
  };
  const failures: unknown[] = [];
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      // After the kill every connection breaks: that is the point. Before it, nothing may fail.
      if (!over) {
        failures.push(error);
        reached();
      }
    }
  };
  const writers = acknowledged.transfers.map((_, writer) =>
    guarded(transfer(server.mysqlPort, writer, acknowledged, options.seed * 1000 + round, () => over, count)),
  );
  const raw = guarded(putRaw(server.doors['kv']!.port, acknowledged.raw, () => over));
  const besides = options.besides ? guarded(options.besides(server.mysqlPort)) : Promise.resolve();
  await enough;
  over = true;
  await server.kill();
  await Promise.all([...writers, raw, besides]);
  if (failures.length > 0) throw failures[0];
}

async function transfer(
  port: number,
  writer: number,
  acknowledged: Acknowledged,
  seed: number,
  isOver: () => boolean,
  count: () => void,
): Promise<void> {
  const draw = generator(seed * 100 + writer);
  const connection = await connectAsRoot(port);
  const [last] = await connection.query(`select coalesce(max(seq), 0) from bank.ledger where writer = ${writer}`);
  let seq = Number((last as unknown[][])[0]![0]);
  try {
    while (!isOver()) {
      seq++;
      for (;;) {
        const [source, target, amount] = [draw(ACCOUNTS), draw(ACCOUNTS), 1 + draw(20)];
        try {
          await connection.query('begin');
          await connection.query('insert into bank.ledger values (?, ?, ?, ?, ?, ?)', [
            writer,
            seq,
            source,
            target,
            amount,
            `${writer}-${seq}`,
          ]);
          await connection.query('update bank.account set balance = balance - ?, touched = touched + 1 where id = ?', [
            amount,
            source,
          ]);
          await connection.query('update bank.account set balance = balance + ?, touched = touched + 1 where id = ?', [
            amount,
            target,
          ]);
          await connection.query('commit');
          break;
        } catch (error) {
          const { errno } = error as { errno?: number };
          if (isOver() || (errno !== 1213 && errno !== 1205)) throw error;
          await connection.query('rollback');
        }
      }
      acknowledged.transfers[writer] = seq;
      count();
    }
  } finally {
    connection.destroy();
  }
}

async function putRaw(port: number, acknowledged: Acknowledged['raw'], isOver: () => boolean): Promise<void> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    for (let value = 1; !isOver(); value++) {
      const key = `raw-${value % RAW_KEYS}`;
      const state = acknowledged.get(key) ?? { done: 0, started: 0 };
      acknowledged.set(key, state);
      state.started = Math.max(state.started, state.done) + 1;
      const answer = await rawCall(client, 'RawPut', {
        key: Buffer.from(key),
        value: Buffer.from(String(state.started)),
      });
      if (answer['error'] || answer['region_error']) throw new Error(JSON.stringify(answer));
      state.done = state.started;
    }
  } finally {
    client.close();
  }
}

async function check(server: RutileProcess, acknowledged: Acknowledged, writers: number): Promise<void> {
  const connection = await connectAsRoot(server.mysqlPort);
  const rows = async (sql: string): Promise<number[][]> =>
    ((await connection.query(sql))[0] as unknown[][]).map((row) => row.map(Number));
  for (let writer = 0; writer < writers; writer++) {
    const [[count, last]] = (await rows(
      `select count(*), coalesce(max(seq), 0) from bank.ledger where writer = ${writer}`,
    )) as [[number, number]];
    const done = acknowledged.transfers[writer]!;
    assert.equal(count, last, `writer ${writer}: the ledger has a hole`);
    assert(last === done || last === done + 1, `writer ${writer}: ${done} acknowledged, ${last} found`);
    // What was in flight and is there counts from now on.
    acknowledged.transfers[writer] = last;
  }
  const balances = new Map(
    (await rows('select id, balance from bank.account')).map(([id, balance]) => [id!, balance!]),
  );
  assert.equal(
    [...balances.values()].reduce((a, b) => a + b, 0),
    ACCOUNTS * OPENING,
    'money was made or lost',
  );
  const expected = new Map(Array.from({ length: ACCOUNTS }, (_, id) => [id, OPENING]));
  for (const [source, target, amount] of await rows('select source, target, amount from bank.ledger')) {
    expected.set(source!, expected.get(source!)! - amount!);
    expected.set(target!, expected.get(target!)! + amount!);
  }
  assert.deepEqual(
    [...balances].sort((a, b) => a[0] - b[0]),
    [...expected].sort((a, b) => a[0] - b[0]),
    'a transfer was applied in part',
  );
  await connection.query('admin check table bank.account, bank.ledger');
  await connection.end();

  const client = new Client(`127.0.0.1:${server.doors['kv']!.port}`, credentials.createInsecure());
  for (const [key, state] of acknowledged.raw) {
    const answer = await rawCall(client, 'RawGet', { key: Buffer.from(key) });
    assert(!answer['error'] && !answer['region_error'], `${key}: ${JSON.stringify(answer)}`);
    const found = answer['not_found'] ? 0 : Number(Buffer.from(answer['value'] as Uint8Array).toString());
    assert(
      found === state.done || found === state.started,
      `${key}: ${state.done} acknowledged, ${found} found (${JSON.stringify(answer)})`,
    );
    state.done = state.started = found;
  }
  client.close();
}

function rawCall(client: Client, command: string, request: Record<string, unknown>): Promise<Record<string, unknown>> {
  const requestCodec = kvrpc<unknown>(`${command}Request`);
  const responseCodec = kvrpc<Record<string, unknown>>(`${command}Response`);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/tikvpb.Tikv/${command}`,
      (one) => Buffer.from(requestCodec.encode(one).finish()),
      (reply) => responseCodec.decode(reply),
      request,
      (error, value) => (error ? reject(error) : resolve(value!)),
    );
  });
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
