/**
 * Run by generate.sh over what pbjs made: timestamps become bigints. pbjs knows plain numbers (exact below 2^53) or objects;
 * a timestamp has all 64 bits, so for the fields named here reading, writing and the default are put in from `wide.ts`.
 */
import { readFileSync } from 'node:fs';

const PACKAGES = new Set(['kvrpcpb', 'deadlock', 'pdpb', 'cdcpb']);
const FIELDS = new Set(
  `version start_version commit_version commit_ts lock_version lock_for_update_ts min_commit_ts start_ts conflict_ts
  conflict_commit_ts lock_ts attempted_commit_ts one_pc_commit_ts max_commit_ts for_update_ts caller_start_ts current_ts
  max_version txn wait_for_txn status safe_ts resolved_locks committed_locks deadlock_key_hash key_hash
  txn_safe_point gc_safe_point safe_point new_safe_point min_safe_point target
  old_txn_safe_point new_txn_safe_point old_gc_safe_point new_gc_safe_point checkpoint_ts ts`.split(/\s+/),
);

const lines = readFileSync(0, 'utf8').split('\n');
let packageName = '';
for (let i = 0; i < lines.length; i++) {
  const line = lines[i];
  // A package is one step in; a message two.
  packageName = /^export const (\w+) = /.exec(line)?.[1] ?? /^ {4}const (\w+) = \{\};/.exec(line)?.[1] ?? packageName;
  if (!PACKAGES.has(packageName)) continue;
  // The name follows a read within a few lines, and is on the line of a write or a default.
  const name = line.includes('reader.uint64')
    ? lines.slice(i, i + 5).join(' ').match(/message\.(\w+)/)?.[1]
    : (/message\.(\w+)/.exec(line)?.[1] ?? /prototype\.(\w+) = /.exec(line)?.[1]);
  if (name === undefined || !FIELDS.has(name)) continue;
  lines[i] = line
    .replace(/= \$util\.Long \? .* : 0;/, '= 0n;')
    .replace(/\(typeof message\.\w+ === "object" \? [^)]* : message\.\w+ !== 0\)/, `message.${name} !== 0n`)
    .replace(/writer\.uint32\((\d+)\)\.uint64s\((.*)\);/, '$wide.writeAll(writer.uint32($1), $2);')
    .replace(/\.uint64\((message\.[^)]+)\)/, '.uint64($wide.halves($1))')
    .replace(/reader\.uint64s\((.*)\)/, '$wide.readAll(reader, $1)')
    .replace(/if \(typeof \(value = reader\.uint64\(\)\).*/, 'if ((value = $wide.read(reader)) !== 0n)')
    .replace(/reader\.uint64\(\)/, '$wide.read(reader)');
}
process.stdout.write(lines.join('\n'));
