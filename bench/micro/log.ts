/**
 * The log on the real disk: appends of 250 bytes by 1, 16 and 64 waiters, each of which appends again when it is acknowledged.
 * Run: `node bench/micro/log.ts [folder]`. Compares one and two writes in flight, and measures what encoding alone costs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../base/node/index.ts';
import { SegmentLog } from '../../kv/log/index.ts';

const SECONDS = 3;
const parent = process.argv[2] ?? tmpdir();
const world = createNodeWorld();
const data = new Uint8Array(250).fill(7);

for (const writesInFlightMax of [1, 2]) {
  for (const waiters of [1, 16, 64]) {
    const folder = mkdtempSync(join(parent, 'rutile-log-'));
    const log = await SegmentLog.open(world, { folder, writesInFlightMax });
    let index = 0;
    let done = 0;
    let running = true;
    const groupsBefore = log.statistics.groups;
    const cpuBefore = process.cpuUsage();
    const begin = performance.now();
    const ended = new Promise<void>((resolve, reject) => {
      let left = waiters;
      const again = (error?: Error): void => {
        if (error) return reject(error);
        done++;
        if (index > 20_000) log.purge(1, index - 10_000);
        if (!running) {
          if (--left === 0) resolve();
          return;
        }
        append();
      };
      const append = (): void => {
        index++;
        log.appendThen({ regionId: 1, entries: [{ index, term: 1, data }] }, again);
      };
      for (let i = 0; i < waiters; i++) append();
    });
    setTimeout(() => (running = false), SECONDS * 1000);
    await ended;
    const seconds = (performance.now() - begin) / 1000;
    const cpu = process.cpuUsage(cpuBefore);
    const groups = log.statistics.groups - groupsBefore;
    console.log(
      `${writesInFlightMax} in flight, ${String(waiters).padStart(2)} waiters: ${Math.round(done / seconds)} synced appends/s, ` +
        `${(done / groups).toFixed(1)} a group, ${((cpu.user + cpu.system) / done).toFixed(1)} µs CPU each, ${log.statistics.segments} segments`,
    );
    await log.close();
    rmSync(folder, { recursive: true });
  }
}

// Encoding, indexing and grouping without a disk to wait for.
const folder = mkdtempSync(join(parent, 'rutile-log-'));
const log = await SegmentLog.open(world, { folder });
let acknowledged = 0;
const count = 100_000;
const begin = performance.now();
let spent = 0;
for (let index = 1; index <= count;) {
  const from = performance.now();
  for (let i = 0; i < 1000; i++, index++)
    log.appendThen({ regionId: 1, entries: [{ index, term: 1, data }] }, () => acknowledged++);
  spent += performance.now() - from;
  await new Promise((resolve) => setImmediate(resolve));
}
while (acknowledged < count) await new Promise((resolve) => setImmediate(resolve));
console.log(
  `appendThen alone: ${((spent * 1000) / count).toFixed(2)} µs; ${Math.round((count * 250) / 1000 / (performance.now() - begin))} MB/s through the disk`,
);
const readBegin = performance.now();
const entries = await log.read(1, 1, count + 1, Infinity);
console.log(`read back: ${(((performance.now() - readBegin) * 1000) / entries.length).toFixed(2)} µs an entry`);
await log.close();
const openBegin = performance.now();
const again = await SegmentLog.open(world, { folder });
console.log(`recovery of ${count} entries: ${Math.round(performance.now() - openBegin)} ms`);
await again.close();
rmSync(folder, { recursive: true });
