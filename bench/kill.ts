/**
 * The long kill test: rounds of kill -9 under transfers, raw puts and, where it is installed, sysbench's write load.
 *
 *     npm run bench -- kill --rounds 20
 *     npm run bench -- kill --rounds 20 --load 200000      within LOAD DATA of so many rows
 */
import { spawn, spawnSync } from 'node:child_process';
import { killLoadRounds } from '../test/cluster/kill-load.ts';
import { killRounds } from '../test/cluster/kill-rounds.ts';
import { parseArguments } from './arguments.ts';
import { isInstalled } from './peers.ts';

export async function main(argv: readonly string[]): Promise<void> {
  const { flags } = parseArguments(argv, {
    rounds: '20',
    writers: '16',
    seed: '1',
    acknowledgements: '3000',
    load: '0',
  });
  if (Number(flags['load']) > 0) {
    const found = await killLoadRounds({
      rounds: Number(flags['rounds']),
      rows: Number(flags['load']),
      seed: Number(flags['seed']),
      report: (line) => console.log(line),
    });
    console.log(
      `${found.whole} loads whole, ${found.undone} undone, none in part; ${found.singles} single rows acknowledged, none lost; slowest restart ${found.slowestRestartMs.toFixed(0)} ms`,
    );
    return;
  }
  let prepared = false;
  const result = await killRounds({
    rounds: Number(flags['rounds']),
    writers: Number(flags['writers']),
    seed: Number(flags['seed']),
    acknowledgementsPerRound: Number(flags['acknowledgements']),
    report: (line) => console.log(line),
    besides: async (port) => {
      if (!isInstalled('sysbench')) return;
      const options = [
        'oltp_write_only',
        '--db-driver=mysql',
        '--mysql-host=127.0.0.1',
        `--mysql-port=${port}`,
        '--mysql-user=root',
        '--mysql-db=mysql',
        '--tables=2',
        '--table-size=20000',
        '--threads=8',
        '--time=600',
      ];
      const database = options.map((one) => one.replace('--mysql-db=mysql', '--mysql-db=bank'));
      if (!prepared) spawnSync('sysbench', [...database, 'prepare']);
      prepared = true;
      const child = spawn('sysbench', [...database, 'run'], { stdio: 'ignore' });
      await new Promise((resolve) => child.on('exit', resolve));
    },
  });
  console.log(
    `${result.transfers} transfers acknowledged, none lost; slowest restart ${result.slowestRestartMs.toFixed(0)} ms`,
  );
}
