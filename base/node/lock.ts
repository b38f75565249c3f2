/**
 * A lock file that a killed process cannot leave behind. Node has no flock, so the file says who holds it: process id, the
 * moment that process started (from /proc, so that a reused id is not taken for the holder) and the boot of the machine. It
 * appears complete or not at all: written aside, then hard-linked, which fails when the name exists.
 *
 * A stale one is removed by whoever holds `<path>.taking`, a lock of the same kind: between looking at a file and removing it
 * somebody else may have taken its place, and only a lock keeps them from it. A taker that dies leaves a stale `.taking`, which is taken by
 * the same rule, one level down.
 *
 * Not covered: two machines on one network folder. RocksDB's own kernel lock lies behind this one.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { RutileError } from '../error.ts';
import { diskError } from './disk-error.ts';

/** Of takers that meet over one stale file; each lasts as long as the others need to look and remove. */
const ATTEMPTS_MAX = 20;
const RETRY_MS = 10;

interface Holder {
  readonly pid: number;
  /** Clock ticks after boot, or empty where the system does not tell. */
  readonly started: string;
  readonly boot: string;
  readonly nonce: string;
}

export async function lockFile(path: string): Promise<{ release(): Promise<void> }> {
  const mine: Holder = {
    pid: process.pid,
    started: await startOf(process.pid),
    boot: await bootId(),
    nonce: randomUUID(),
  };
  const aside = `${path}.${mine.nonce}`;
  try {
    await writeFile(aside, JSON.stringify(mine), { flag: 'wx' });
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        if (await tryLink(aside, path)) return { release: () => release(path, mine) };
        const holder = await holderOf(path);
        if (!holder) continue;
        if (await lives(holder, mine.boot)) {
          const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
          throw new RutileError('disk.locked', `${path} is held by ${who}`, { fields: { path, pid: holder.pid } });
        }
        if (!(await removeStale(path, holder))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    } finally {
      await unlink(aside);
    }
  } catch (error) {
    throw diskError(error, path);
  }
  throw new RutileError('disk.locked', `${path} is contended by other processes`, { fields: { path } });
}

async function tryLink(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `undefined` when there is none any more. A file that nobody can read as a holder is one with a dead holder. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    try {
      return JSON.parse(text) as Holder;
    } catch {
      return { pid: 0, started: '', boot: '', nonce: text };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function lives(holder: Holder, boot: string): Promise<boolean> {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0 || holder.boot !== boot) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startOf(holder.pid)) === holder.started;
}

/** Removes the file if it still is the one that was found stale. False: somebody else is about to. */
async function removeStale(path: string, stale: Holder): Promise<boolean> {
  let taking: { release(): Promise<void> };
  try {
    taking = await lockFile(`${path}.taking`);
  } catch (error) {
    if (error instanceof RutileError && error.code === 'disk.locked') return false;
    throw error;
  }
  try {
    if ((await holderOf(path))?.nonce === stale.nonce) await unlink(path);
    return true;
  } finally {
    await taking.release();
  }
}

async function release(path: string, mine: Holder): Promise<void> {
  if ((await holderOf(path))?.nonce === mine.nonce) await unlink(path);
}

/**
 * Field 22 of /proc/<pid>/stat; the second one, a name in parentheses, may hold anything. A process that is dead and not yet fetched by its
 * parent (`Z`), as in containers whose first process never does, has none.
 */
async function startOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

async function bootId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return '';
  }
}
