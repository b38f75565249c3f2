/** `rutile query "select …" --format table|json|csv|arrow`: one statement (or several), results on standard output. */
import type { Command } from 'commander';
import { RutileError } from '../base/error.ts';
import { addClientFlags, connect, type ClientFlags } from './client-flags.ts';
import { FORMATS, printRows, resultSets, type Cell, type Format } from './print-rows.ts';

export function addQueryCommand(program: Command): void {
  const command = program.command('query <sql>').description('run SQL on a server and print the result');
  addClientFlags(command)
    .option('--format <name>', `one of ${FORMATS.join(', ')}`, 'table')
    .action(async (sql: string, flags: ClientFlags & { format: string }) => query(sql, flags));
}

async function query(sql: string, flags: ClientFlags & { format: string }): Promise<void> {
  const format = flags.format as Format;
  if (!FORMATS.includes(format))
    throw new RutileError('query.format', `--format ${flags.format} is not one of ${FORMATS.join(', ')}`);
  const connection = await connect(flags);
  try {
    const [results, fields] = await connection.query(sql);
    for (const { columns, result } of resultSets(results, fields)) {
      if (columns) await write(await printRows(format, columns, result as Cell[][]));
      else if (format === 'table') await write(`${okText(result as { affectedRows: number; info?: string })}\n`);
    }
  } finally {
    await connection.end();
  }
}

export function okText(result: { affectedRows: number; info?: string }): string {
  const rows = `${result.affectedRows} row${result.affectedRows === 1 ? '' : 's'} affected`;
  return result.info ? `${rows}. ${result.info}` : rows;
}

/** Waits until the pipe took it: a result larger than the pipe would be cut off by an exit. */
function write(output: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(output, (error) => (error ? reject(error) : resolve())));
}
