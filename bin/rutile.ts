/**
 * The `rutile` command. What a subcommand needs is loaded when it is called: a client command must not pay for the server, nor the server for clients.
 * Whatever ends a command with a known failure prints one line and exits with code 1.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../base/node/package-root.ts';
import { RutileError } from '../base/error.ts';
import { addCtlCommand } from './command-ctl.ts';
import { addFeedCommand } from './command-feed.ts';
import { addQueryCommand } from './command-query.ts';
import { addRawCommand } from './command-raw.ts';
import { addShellCommand } from './command-shell.ts';
import { addSettingFlags, readSettings, type Role, type Settings } from './settings.ts';

const { version } = JSON.parse(readFileSync(`${PACKAGE_ROOT}/package.json`, 'utf8')) as { version: string };
const program = new Command('rutile')
  .description('a database for transactions and analytics on the same live data')
  .version(version);
program.configureHelp({ sortSubcommands: true }).showHelpAfterError('(--help lists what there is)');

const ROLES: readonly { readonly role: Role; readonly description: string; run(settings: Settings): Promise<void> }[] =
  [
    {
      role: 'start',
      description: 'start everything in one process: placement, one store, SQL and analytics',
      run: async (settings) => (await import('./start.ts')).startAll(settings, version),
    },
    {
      role: 'placement',
      description: 'start a member of placement: timestamps, ids, where every region is',
      run: async (settings) => (await import('./role-placement.ts')).startPlacement(settings, version),
    },
    {
      role: 'kv',
      description: 'start a store of a cluster',
      run: async (settings) => (await import('./role-kv.ts')).startKv(settings, version),
    },
    {
      role: 'sql',
      description: 'start a SQL server of a cluster',
      run: async (settings) => (await import('./role-sql.ts')).startSql(settings, version),
    },
    {
      role: 'playground',
      description: 'start a whole cluster on this machine: real processes, free ports, a temporary folder',
      run: async (settings) => (await import('./playground.ts')).playground(settings),
    },
  ];
for (const { role, description, run } of ROLES) {
  const command = program.command(role).description(description);
  addSettingFlags(command, role);
  command.action((flags: Record<string, string | undefined>) => run(readSettings(flags, process.env, role)));
}
addShellCommand(program);
addQueryCommand(program);
addRawCommand(program);
addCtlCommand(program);
addFeedCommand(program);

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
