/**
 * The `rutile` command. What a subcommand needs is loaded when it is called: a client command must not pay for the server, nor the server for clients.
 * Whatever ends a command with a known failure prints one line and exits with code 1.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../base/node/package-root.ts';
import { RutileError } from '../base/error.ts';
import { addQueryCommand } from './command-query.ts';
import { addRawCommand } from './command-raw.ts';
import { addShellCommand } from './command-shell.ts';
import { addSettingFlags, readSettings } from './settings.ts';

const { version } = JSON.parse(readFileSync(`${PACKAGE_ROOT}/package.json`, 'utf8')) as { version: string };
const program = new Command('rutile')
  .description('a database for transactions and analytics on the same live data')
  .version(version);
program.configureHelp({ sortSubcommands: true }).showHelpAfterError('(--help lists what there is)');

const start = program
  .command('start')
  .description('start everything in one process: placement, one store, SQL and analytics');
addSettingFlags(start);
start.action(async (flags: Record<string, string | undefined>) => {
  const settings = readSettings(flags, process.env);
  const { startAll } = await import('./start.ts');
  await startAll(settings, version);
});
addShellCommand(program);
addQueryCommand(program);
addRawCommand(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  console.error(`rutile: ${describe(error)}`);
  process.exit(1);
}

/** One line for what is known; the stack only for what is not. */
function describe(error: unknown): string {
  if (error instanceof RutileError) return error.message;
  const known = error as { code?: string; errno?: number; message?: string; stack?: string };
  if (known.code === 'ECONNREFUSED') return 'no server answers there: is it started, and are --host and --port right?';
  if (typeof known.errno === 'number' && known.message !== undefined) return `${known.message}`;
  return known.stack ?? String(error);
}
