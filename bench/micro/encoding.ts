/** Cost of keys and rows: nanoseconds each, for a sysbench row and a wide one. Run: `node bench/micro/encoding.ts`. */
import { performance } from 'node:perf_hooks';
import type { Datum } from '../../base/value/datum.ts';
import { encodeRowKey, RawColumns, RowDecoder, TableEncoder } from '../../proto/encoding/index.ts';
import { testTable } from '../../proto/encoding/testing.ts';

const sysbench = testTable('create table sbtest (id int primary key, k int, c char(120), pad char(60), key k_1(k))');
const row: Datum[] = [12345, 498712, '0123456789-'.repeat(10), 'abcdefghij-'.repeat(5)];
const encoder = new TableEncoder(sysbench);
const key = encoder.rowKey(12345);
const value = encoder.rowValue(row);
const all = new RowDecoder(sysbench, sysbench.columns);
const one = new RowDecoder(sysbench, [sysbench.columns[1]!]);
const raw = RawColumns.compile(sysbench, sysbench.columns)!;
const changed = [...row];
changed[1] = 498713;
const sameIndex = [...row];
sameIndex[2] = 'x';
const out: Datum[] = [null, null, null, null];
const packet = new Uint8Array(1024);
let sink = 0;

const cases: Readonly<Record<string, () => void>> = {
  'encode row key': () => void (sink += encodeRowKey(100, 12345)[18]!),
  'encode row': () => void (sink += encoder.rowValue(row).length),
  'decode row, 4 columns': () => all.decodeEntry(key, 0, key.length, value, 0, value.length, out),
  'decode row, 1 column': () => one.decodeEntry(key, 0, key.length, value, 0, value.length, out),
  'row to text without datums': () => {
    raw.locate(key, 0, value, 0, value.length);
    let at = 0;
    for (let i = 0; i < 4; i++) at = raw.writeText(i, packet, at + 1);
    sink += at;
  },
  'index mutations, insert': () => void (sink += encoder.indexInserts(row, 12345).length),
  'index mutations, indexed update': () => void (sink += encoder.indexMutations(row, changed, 12345).length),
  'index mutations, other update': () => void (sink += encoder.indexMutations(row, sameIndex, 12345).length),
};

/** The best of several rounds: what the code costs when nobody else has the processor. */
const ROUNDS = 15;
const COUNT = 20_000;
for (const [name, run] of Object.entries(cases)) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < COUNT; i++) run();
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(34)} ${((best * 1e6) / COUNT).toFixed(0).padStart(6)} ns`);
}
if (sink === -1) console.log(sink);
