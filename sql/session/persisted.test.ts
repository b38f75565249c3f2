/** What SET PERSIST kept is what the next server begins with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPersistedVariables } from './persisted.ts';
import { createMemoryInstance } from './testing/memory-instance.ts';

test('a server that starts takes over what was kept, and nothing that is no value any more', async () => {
  const server = await createMemoryInstance();
  const a = server.session();
  await a.run("set persist sql_mode = 'ANSI_QUOTES', persist_only sql_select_limit = 18446744073709551615");
  await a.run('set persist_only max_connections = 7, persist slow_query_log = off');
  for (const [name, value] of [['sql_mode', ''], ['slow_query_log', 1]] as const) server.instance.setGlobal(name, value); // prettier-ignore
  await loadPersistedVariables(server.instance);
  assert.equal(
    await server.session().run('select @@global.sql_mode, @@global.max_connections, @@global.slow_query_log, @@global.sql_select_limit'),
    'ANSI_QUOTES 7 0 18446744073709551615',
  ); // prettier-ignore
  await server.close();
});
