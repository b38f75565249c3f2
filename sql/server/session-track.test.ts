/** What an OK tells of the session to clients that follow it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type mysql from 'mysql2/promise';
import { Capability, Command } from '../protocol/constants.ts';
import { startMemoryServer, type MemoryServer } from './testing/memory-server.ts';
import { changesOf, errorOf, RawClient } from './testing/raw-client.ts';

let server: MemoryServer;
let client: RawClient;
before(async () => {
  server = await startMemoryServer();
  client = await RawClient.open(server.port, { more: Capability.SESSION_TRACK });
  for (const sql of ['create database other', 'create table t (i int primary key)']) await client.say(sql);
});
after(async () => {
  client.socket.destroy();
  assert.deepEqual(server.internal, []);
  await server.close();
});

const told = async (sql: string): Promise<string[]> => changesOf(await client.say(sql));

test('the database: at connect, by USE and COM_INIT_DB, and when it is dropped', async () => {
  assert.deepEqual(changesOf(client.firstOk), ['schema:test']);
  assert.deepEqual(await told('use OTHER'), ['schema:other']);
  client.command(Command.INIT_DB, (out) => out.text('test'));
  assert.deepEqual(changesOf(await client.packet()), ['schema:test']);
  assert.deepEqual(await told('do 1'), []);
  await told('create database gone');
  await told('use gone');
  assert.deepEqual(await told('drop database gone'), ['schema:']);
  assert.deepEqual(await told('use test'), ['schema:test']);
  await told('set session_track_schema = off');
  assert.deepEqual(await told('use other'), []);
  await told('set session_track_schema = on');
  assert.deepEqual(await told('use test'), ['schema:test']);
});

test('variables of the list, those that were set, whatever they were before', async () => {
  assert.deepEqual(await told("set time_zone = '+01:00', autocommit = 1, sql_mode = ''"), ['autocommit=ON', 'time_zone=+01:00']); // prettier-ignore
  assert.deepEqual(await told('set names latin1'), ['character_set_client=latin1', 'character_set_connection=latin1', 'character_set_results=latin1']); // prettier-ignore
  await told('set names utf8mb4');
  assert.deepEqual(await told("set session_track_system_variables = 'sql_mode, Nonsense'"), []);
  client.command(Command.QUERY, (out) => out.text('show warnings'));
  const warnings = [await client.packet(), ...(await client.rest())].map(({ payload }) => payload.toString()).join();
  assert.match(warnings, /Nonsense is not a valid system variable and will be ignored/);
  assert.deepEqual(await told("set sql_mode = 'ansi_quotes', time_zone = 'SYSTEM'"), ['sql_mode=ANSI_QUOTES']);
  assert.equal(errorOf(await client.say('set session_track_system_variables = null')).errno, 1231);
  await told("set session_track_system_variables = '*'");
  assert.deepEqual(await told("set sql_mode = default, foreign_key_checks = off"), ['foreign_key_checks=OFF', 'sql_mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION']); // prettier-ignore
  await told('set session_track_system_variables = default');
  assert.deepEqual(await told('set foreign_key_checks = on'), []);
});

test('what was set before an error is told with the next OK; SET_VAR is not told', async () => {
  assert.equal(errorOf(await client.say("set time_zone = '+02:00', autocommit = (select 7)")).errno, 1231);
  assert.deepEqual(await told('do 1'), ['time_zone=+02:00']);
  assert.deepEqual(await told("insert /*+ set_var(time_zone = '+03:00') */ into t values (1)"), []);
});

test('that something changed: databases, variables, user variables, prepared statements, temporary tables', async () => {
  await told('set session_track_state_change = on');
  for (const sql of [
    'set @a = 1',
    'set sql_mode = default',
    "prepare p from 'select 1'",
    'deallocate prepare p',
    'create temporary table own (i int)',
    'drop table own',
  ])
    // prettier-ignore
    assert.deepEqual(await told(sql), ['state:1'], sql);
  assert.deepEqual(await told('use test'), ['schema:test', 'state:1']);
  for (const sql of ['do 1', 'insert into t values (2)']) assert.deepEqual(await told(sql), [], sql);
  await told('set session_track_state_change = off');
});

test('transactions: what is open, what it did, and what would begin one like it', async () => {
  await told('set session_track_transaction_info = state');
  assert.deepEqual(await told('insert into t values (3)'), []);
  assert.deepEqual(await told('begin'), ['transaction:T_______']);
  assert.deepEqual(await told('insert into t values (4)'), ['transaction:T___W___']);
  assert.deepEqual(await told('insert into t values (5)'), []);
  await client.say('select count(*) from t');
  await client.rest();
  assert.deepEqual(await told('do 1'), ['transaction:T_R_W_S_']);
  assert.deepEqual(await told('commit and chain'), ['transaction:T_______']);
  assert.deepEqual(await told('rollback'), ['transaction:________']);
  await told('set autocommit = 0');
  assert.deepEqual(await told('insert into t values (6)'), ['transaction:I___W___']);
  assert.deepEqual(await told('set autocommit = 1'), ['autocommit=ON', 'transaction:________']);
  await told('set session_track_transaction_info = characteristics');
  assert.deepEqual(await told('set transaction isolation level serializable'), ['begin:SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;']); // prettier-ignore
  assert.deepEqual(await told('start transaction with consistent snapshot, read only'), [
    'begin:SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;',
    'transaction:T_______',
  ]);
  assert.deepEqual(await told('commit'), ['begin:', 'transaction:________']);
  await told('set session_track_transaction_info = off');
});

test('RESET_CONNECTION tells what everything is then', async () => {
  await told("set time_zone = '+05:00'");
  client.command(Command.RESET_CONNECTION);
  assert.deepEqual(changesOf(await client.packet()), ['autocommit=ON', 'character_set_client=utf8mb4', 'character_set_connection=utf8mb4', 'character_set_results=utf8mb4', 'time_zone=SYSTEM', 'schema:test']); // prettier-ignore
});

test('where EOF is deprecated, the end of rows tells it, too', async () => {
  const modern = await RawClient.open(server.port, { more: Capability.SESSION_TRACK | Capability.DEPRECATE_EOF });
  await modern.say('set session_track_state_change = on');
  await modern.say('select @x := 1');
  assert.deepEqual(changesOf((await modern.rest()).at(-1)!), ['state:1']);
  modern.socket.destroy();
});

test('a client that does not follow gets plain OKs; GTIDs are refused', async () => {
  const plain = await RawClient.open(server.port);
  assert.equal((await plain.say('use other')).payload.toString('hex'), '00000002000000');
  assert.equal(errorOf(await plain.say("set session_track_gtids = 'OWN_GTID'")).errno, 1235);
  plain.socket.destroy();
});

test('mysql2 sees the changes', async () => {
  const driver = await server.connect({ database: 'test' });
  const [result] = await driver.query<mysql.ResultSetHeader>("set time_zone = '+04:00'");
  const changes = (result as unknown as { stateChanges: { systemVariables: Record<string, string> } }).stateChanges;
  assert.deepEqual({ ...changes.systemVariables }, { time_zone: '+04:00' });
  await driver.end();
});
