/**
 * A second opinion: porcupine (a checker in Go that others rely on) judges the same histories as ours. Skipped where Go is not
 * installed or its module is not at hand: `go mod download` in test/check/porcupine brings it; no test does.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packagePath } from '../../base/node/package-root.ts';
import { drawRegisters } from './drawn-registers.ts';
import { checkRegisters, registersToJsonLines } from './register.ts';

const folder = mkdtempSync(join(tmpdir(), 'rutile-porcupine-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, 'porcupine');

function build(): string | undefined {
  const { status, error, stderr } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: packagePath('test/check/porcupine'),
    env: { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=readonly' },
    encoding: 'utf8',
  });
  if (error !== undefined) return 'Go is not installed';
  return status === 0 ? undefined : `porcupine cannot be built: ${stderr.trim().split('\n')[0]}`;
}

const missing = build();

test('porcupine agrees with our checker', { skip: missing ?? false }, () => {
  const judge = (lines: string): string => spawnSync(program, { input: lines, encoding: 'utf8' }).stdout.trim();
  for (let seed = 1; seed <= 12; seed++) {
    const history = drawRegisters(seed, 200);
    assert.equal(judge(registersToJsonLines(history)), 'ok', `seed ${seed}`);
    const reads = history.operations.filter((one) => one.input.kind === 'read' && one.output?.value !== undefined);
    // A read changed to what another one saw: at times right by chance, and then both must say so.
    const [early, late] = [reads[(seed * 7) % reads.length]!, reads[(seed * 11) % reads.length]!];
    late.output = early.output;
    const ours = checkRegisters(history).kind === 'linearizable' ? 'ok' : 'illegal';
    assert.equal(judge(registersToJsonLines(history)), ours, `seed ${seed}`);
  }
});
