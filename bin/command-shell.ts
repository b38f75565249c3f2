/**
 * `rutile shell`: a MySQL shell. Statements end with `;` and may span lines; Tab completes keywords, tables and columns; the history is kept in
 * the home folder. Ctrl-C drops the line being typed, or stops the statement that runs; Ctrl-D or `exit` leaves.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Connection } from 'mysql2/promise';
import { addClientFlags, connect, type ClientFlags } from './client-flags.ts';
import { okText } from './command-query.ts';
import { printRows, resultSets, type Cell } from './print-rows.ts';

const HISTORY_FILE = join(homedir(), '.rutile_history');
const HISTORY_MAX = 1000;
const KEYWORDS =
  'SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT JOIN LEFT INNER ON AS AND OR NOT NULL IS IN EXISTS BETWEEN LIKE DISTINCT UNION INSERT INTO VALUES UPDATE SET DELETE REPLACE CREATE DROP ALTER TABLE DATABASE INDEX VIEW PRIMARY KEY UNIQUE SHOW TABLES DATABASES COLUMNS DESCRIBE EXPLAIN ANALYZE BEGIN COMMIT ROLLBACK USE WITH COUNT SUM AVG MIN MAX'.split(
    ' ',
  );

export function addShellCommand(program: Command): void {
  addClientFlags(program.command('shell').description('a MySQL shell with completion and history')).action(
    (flags: ClientFlags) => shell(flags),
  );
}

async function shell(flags: ClientFlags): Promise<void> {
  const connection = await connect(flags);
  const state = { database: flags.database ?? '', names: [] as string[], running: false };
  await learnNames(connection, state);
  const [version] = (await connection.query('select version()'))[0] as unknown as [string][];
  // From here to the loop nothing may wait: lines of a pipe that come before somebody reads them are lost.
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
    history: readHistory(),
    historySize: HISTORY_MAX,
    completer: (line: string) => complete(line, state.names),
  });
  if (process.stdin.isTTY)
    console.log(`Connected to ${version![0]}. Statements end with ;  Tab completes, exit leaves.`);

  let pending = '';
  const prompt = (): void => {
    if (!process.stdin.isTTY) return;
    lines.setPrompt(pending ? '     -> ' : `${state.database || 'rutile'}> `);
    lines.prompt();
  };
  lines.on('SIGINT', () => {
    if (state.running) void stopStatement(connection, flags);
    else {
      pending = '';
      process.stdout.write('^C\n');
      prompt();
    }
  });
  lines.on('history', (history: string[]) => writeHistory(history));
  prompt();
  for await (const line of lines) {
    if (!pending && /^\s*(exit|quit|\\q)\s*;?\s*$/i.test(line)) break;
    pending = pending ? `${pending}\n${line}` : line;
    if (pending.trim() === '') pending = '';
    else if (/;\s*$/.test(pending)) {
      const sql = pending;
      pending = '';
      state.running = true;
      await runStatement(connection, sql);
      state.running = false;
      if (/^\s*(use|create|drop|alter|rename)\b/i.test(sql)) await learnNames(connection, state);
    }
    prompt();
  }
  lines.close();
  await connection.end();
}

async function runStatement(connection: Connection, sql: string): Promise<void> {
  const began = performance.now();
  try {
    const [results, fields] = await connection.query(sql);
    for (const { columns, result } of resultSets(results, fields)) {
      const seconds = `(${((performance.now() - began) / 1000).toFixed(3)} s)`;
      if (!columns) console.log(`${okText(result as { affectedRows: number; info?: string })} ${seconds}`);
      else {
        const rows = result as Cell[][];
        if (rows.length > 0) process.stdout.write(await printRows('table', columns, rows));
        console.log(
          `${rows.length === 0 ? 'Empty set' : `${rows.length} row${rows.length === 1 ? '' : 's'} in set`} ${seconds}`,
        );
      }
    }
  } catch (error) {
    const { errno, sqlState, message } = error as { errno?: number; sqlState?: string; message: string };
    console.log(errno === undefined ? `ERROR: ${message}` : `ERROR ${errno} (${sqlState}): ${message}`);
  }
}

/** A second connection asks the server to stop what the first one runs. */
async function stopStatement(connection: Connection, flags: ClientFlags): Promise<void> {
  const other = await connect(flags).catch(() => undefined);
  if (!other) return;
  await other.query(`kill query ${(connection as unknown as { threadId: number }).threadId}`).catch(() => undefined);
  await other.end();
}

async function learnNames(connection: Connection, state: { database: string; names: string[] }): Promise<void> {
  try {
    const [current] = (await connection.query('select database()'))[0] as unknown as [string | null][];
    state.database = current![0] ?? '';
    const columns = (
      await connection.query(
        'select table_name, column_name from information_schema.columns where table_schema = database()',
      )
    )[0] as unknown as [string, string][];
    const databases = (await connection.query('show databases'))[0] as unknown as [string][];
    state.names = [...new Set([...databases.map(([name]) => name), ...columns.flat()])].sort();
  } catch {
    // Names only serve completion: without them keywords still complete.
    state.names = [];
  }
}

function complete(line: string, names: readonly string[]): [string[], string] {
  const word = /[\w$]*$/.exec(line)![0];
  if (word === '') return [[], word];
  const lower = word.toLowerCase();
  const matches = [...names, ...KEYWORDS].filter((name) => name.toLowerCase().startsWith(lower));
  return [matches, word];
}

function readHistory(): string[] {
  try {
    return readFileSync(HISTORY_FILE, 'utf8').split('\n').filter(Boolean).reverse();
  } catch {
    return [];
  }
}

/** Lines that set a password are not kept. */
function writeHistory(history: readonly string[]): void {
  const kept = [...history].reverse().filter((line) => !/identified\s+by|password/i.test(line));
  try {
    writeFileSync(HISTORY_FILE, `${kept.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A home folder that cannot be written only costs the history.
  }
}
