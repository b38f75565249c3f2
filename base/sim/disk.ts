/**
 * A disk that a test can pull the plug on. It keeps two pictures of every file: what programs see, and what is on the platter.
 * A synced write moves sectors to the platter one by one while its simulated time passes; a crash therefore tears it,
 * sector by sector, in any order. An unsynced write reaches the platter at `sync`, or by chance at the crash (the
 * operating system may have written any of its sectors back). Names behave likewise: a creation, removal or rename is certain
 * only after `syncFolder`, and a crash keeps some prefix of those that were not.
 *
 * Faults are switched on by the test: `capacityBytes` (a full disk), `writeDelayMs` (a slow one), `stall` (one that stands),
 * `corrupt` (a sector that lies), `makeUnreadable` (a sector that says so), `failWrites`, `misdirected` (writes that land in another
 * place), `losesSynced` (a disk that acknowledges what it has only in its cache).
 */
import { assert } from '../assert.ts';
import { RutileError } from '../error.ts';
import type { Disk, DiskFile, DiskOpenOptions, Random } from '../world.ts';
import type { SimTimers } from './time.ts';

export const SECTOR_SIZE = 512;

export interface SimDiskOptions {
  readonly capacityBytes?: number;
  /** Bounds of what a synced write or a sync takes. */
  readonly writeDelayMs?: readonly [number, number];
  readonly readDelayMs?: readonly [number, number];
}

interface Write {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The body of a file; names point to it. */
class Body {
  /** What programs see. */
  current: Uint8Array = new Uint8Array(0);
  /** What survives for certain. */
  durable: Uint8Array = new Uint8Array(0);
  /** Written, not synced; oldest first. */
  unsynced: Write[] = [];
  /** Synced writes on their way: a crash tears them. */
  flying = new Set<Write>();
  readonly unreadable = new Set<number>();
}

type NameChange =
  | { readonly kind: 'set'; readonly path: string; readonly body: Body }
  | { readonly kind: 'remove'; readonly path: string };

/** What outlives a crash, and the settings of a test. */
class Platter {
  capacityBytes = Infinity;
  /** When set, writes fail with `disk.io` from then on. */
  failWrites = false;
  /** Probability with which a synced write lands elsewhere in its file, and is acknowledged. */
  misdirected = 0;
  /** When set, syncing makes nothing certain: a crash treats acknowledged writes like any others. */
  losesSynced = false;
  /** No operation ends before this moment of true time. */
  stalledUntilMs = 0;
  writeDelayMs: readonly [number, number] = [0.05, 1];
  readDelayMs: readonly [number, number] = [0.01, 0.1];
  names = new Map<string, Body>();
  durableNames = new Map<string, Body>();
  /** Name changes that no `syncFolder` has covered, each as one step (a rename is one). */
  pendingNames: NameChange[][] = [];
  readonly folders = new Set<string>(['']);
  readonly locks = new Set<string>();
}

const NEVER = new Promise<never>(() => undefined);

/** One life's access to a disk. After `crash` whoever still calls it gets no answer, ever: those callers are gone. */
export class SimDisk implements Disk {
  readonly platter: Platter;
  private readonly timers: SimTimers;
  private readonly random: Random;
  private dead = false;
  /** Hands an answer to the node that waits for it: late when that is frozen. */
  private answer: (work: () => void) => void = (work) => work();

  constructor(timers: SimTimers, random: Random, options: SimDiskOptions = {}, platter?: Platter) {
    this.timers = timers;
    this.random = random;
    this.platter = platter ?? new Platter();
    if (options.capacityBytes !== undefined) this.platter.capacityBytes = options.capacityBytes;
    if (options.writeDelayMs) this.platter.writeDelayMs = options.writeDelayMs;
    if (options.readDelayMs) this.platter.readDelayMs = options.readDelayMs;
  }

  async open(path: string, options: DiskOpenOptions): Promise<DiskFile> {
    await this.pause(this.platter.readDelayMs);
    let body = this.platter.names.get(path);
    if (!body) {
      if (!options.create) throw new RutileError('disk.not-found', `${path} does not exist`, { fields: { path } });
      body = new Body();
      this.changeNames([{ kind: 'set', path, body }]);
    }
    return new SimFile(this, path, body, options.synced ?? false);
  }

  async list(folder: string): Promise<readonly string[]> {
    await this.pause(this.platter.readDelayMs);
    if (!this.platter.folders.has(folder))
      throw new RutileError('disk.not-found', `${folder} does not exist`, { fields: { path: folder } });
    const prefix = `${folder}/`;
    const found: string[] = [];
    for (const path of this.platter.names.keys()) {
      if (path.startsWith(prefix) && !path.slice(prefix.length).includes('/')) found.push(path.slice(prefix.length));
    }
    return found.sort();
  }

  /** The life of the node that uses the disk now. */
  attach(life: SimTimers): void {
    this.answer = (work) => life.run(work);
  }

  /** Whatever is asked of the disk, or under way, takes at least so long. */
  stall(forMs: number): void {
    this.platter.stalledUntilMs = Math.max(this.platter.stalledUntilMs, this.timers.nowMs + forMs);
  }

  async makeFolder(path: string): Promise<void> {
    if (this.dead) return NEVER;
    this.platter.folders.add(path);
  }

  async remove(path: string): Promise<void> {
    await this.pause(this.platter.readDelayMs);
    if (!this.platter.names.has(path))
      throw new RutileError('disk.not-found', `${path} does not exist`, { fields: { path } });
    this.changeNames([{ kind: 'remove', path }]);
  }

  async rename(source: string, target: string): Promise<void> {
    await this.pause(this.platter.readDelayMs);
    const body = this.platter.names.get(source);
    if (!body) throw new RutileError('disk.not-found', `${source} does not exist`, { fields: { path: source } });
    this.changeNames([
      { kind: 'set', path: target, body },
      { kind: 'remove', path: source },
    ]);
  }

  async syncFolder(_path: string): Promise<void> {
    const covered = this.platter.pendingNames.slice();
    await this.pause(this.platter.writeDelayMs);
    // Another sync may have made some of them durable meanwhile, and later ones too: those must not be undone.
    for (const change of covered)
      if (this.platter.pendingNames.includes(change)) applyNames(this.platter.durableNames, change);
    this.platter.pendingNames = this.platter.pendingNames.filter((change) => !covered.includes(change));
  }

  async freeBytes(_path: string): Promise<number> {
    return this.platter.capacityBytes - this.usedBytes;
  }

  async lock(path: string): Promise<{ release(): Promise<void> }> {
    if (this.dead) return NEVER;
    if (this.platter.locks.has(path))
      throw new RutileError('disk.locked', `${path} is held by this process`, { fields: { path } });
    this.platter.locks.add(path);
    return {
      release: async () => {
        if (!this.dead) this.platter.locks.delete(path);
      },
    };
  }

  get usedBytes(): number {
    let used = 0;
    for (const body of this.platter.names.values()) used += body.current.length;
    return used;
  }

  /** Power is lost: what was not certain is decided by chance, every open file and lock is gone. Returns the disk's next life. */
  crash(): SimDisk {
    this.dead = true;
    this.platter.locks.clear();
    const kept = this.platter.pendingNames.length > 0 ? this.random.below(this.platter.pendingNames.length + 1) : 0;
    for (const change of this.platter.pendingNames.slice(0, kept)) applyNames(this.platter.durableNames, change);
    this.platter.pendingNames = [];
    this.platter.names = new Map(this.platter.durableNames);
    const bodies = [...new Set(this.platter.names.values())];
    for (const body of bodies) {
      for (const write of [...body.unsynced, ...body.flying]) this.tear(body, write);
      body.unsynced = [];
      body.flying = new Set();
      body.current = body.durable.slice();
    }
    return new SimDisk(this.timers, this.random, {}, this.platter);
  }

  /** Turns over bits of the sector that holds `offset`, on the platter and for readers. */
  corrupt(path: string, offset: number): void {
    const body = this.platter.names.get(path);
    assert(body, 'no such file to corrupt');
    const sector = Math.floor(offset / SECTOR_SIZE) * SECTOR_SIZE;
    for (const picture of [body.current, body.durable]) {
      for (let at = sector; at < Math.min(sector + SECTOR_SIZE, picture.length); at++)
        picture[at] = picture[at]! ^ (1 + this.random.below(255));
    }
  }

  /** Reads of the sector that holds `offset` fail with `disk.io` until it is written again. */
  makeUnreadable(path: string, offset: number): void {
    this.platter.names.get(path)!.unreadable.add(Math.floor(offset / SECTOR_SIZE));
  }

  /** The bytes that programs see, for tests. */
  contents(path: string): Uint8Array {
    const body = this.platter.names.get(path);
    assert(body, 'no such file');
    return body.current;
  }

  paths(): string[] {
    return [...this.platter.names.keys()].sort();
  }

  // ---- for SimFile ----

  get isDead(): boolean {
    return this.dead;
  }

  checkWrite(body: Body, end: number, path: string): void {
    if (this.platter.failWrites) throw new RutileError('disk.io', `${path}: the disk failed`, { fields: { path } });
    if (end > body.current.length && this.usedBytes + end - body.current.length > this.platter.capacityBytes) {
      throw new RutileError('disk.full', `No space left for ${path}`, { fields: { path } });
    }
  }

  /** Resolves never when the machine has crashed, or does so meanwhile. */
  pause([lower, upper]: readonly [number, number]): Promise<void> {
    if (this.dead) return NEVER;
    return new Promise((resolve) => {
      const end = (): void => {
        if (this.dead) return;
        const restMs = this.platter.stalledUntilMs - this.timers.nowMs;
        if (restMs > 0) this.timers.after(restMs, end);
        else this.answer(resolve);
      };
      this.timers.after(lower + this.random.unit() * (upper - lower), end);
    });
  }

  /** Where a write lands: at its own place, unless the disk errs. */
  placeOf(body: Body, write: Write): Write {
    const { misdirected } = this.platter;
    if (misdirected === 0 || this.random.unit() >= misdirected) return write;
    const sectors = Math.max(1, Math.floor(body.current.length / SECTOR_SIZE));
    return { offset: this.random.below(sectors) * SECTOR_SIZE, bytes: write.bytes };
  }

  private changeNames(change: NameChange[]): void {
    applyNames(this.platter.names, change);
    this.platter.pendingNames.push(change);
  }

  /** Each sector of an uncertain write is there, or is not; sometimes all of them are, sometimes none. */
  private tear(body: Body, write: Write): void {
    const mood = this.random.below(3);
    for (let at = write.offset; at < write.offset + write.bytes.length;) {
      const end = Math.min((Math.floor(at / SECTOR_SIZE) + 1) * SECTOR_SIZE, write.offset + write.bytes.length);
      if (mood === 0 || (mood === 1 && this.random.below(2) === 0)) {
        body.durable = put(body.durable, at, write.bytes.subarray(at - write.offset, end - write.offset));
      }
      at = end;
    }
  }
}

class SimFile implements DiskFile {
  private readonly disk: SimDisk;
  private readonly path: string;
  private readonly body: Body;
  private readonly synced: boolean;
  private open = true;

  constructor(disk: SimDisk, path: string, body: Body, synced: boolean) {
    this.disk = disk;
    this.path = path;
    this.body = body;
    this.synced = synced;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    this.requireOpen();
    await this.disk.pause(this.disk.platter.readDelayMs);
    const end = Math.min(offset + target.length, this.body.current.length);
    for (let sector = Math.floor(offset / SECTOR_SIZE); sector * SECTOR_SIZE < end; sector++) {
      if (this.body.unreadable.has(sector)) {
        throw new RutileError('disk.io', `${this.path}: sector ${sector} cannot be read`, {
          fields: { path: this.path },
        });
      }
    }
    if (end <= offset) return 0;
    target.set(this.body.current.subarray(offset, end));
    return end - offset;
  }

  async write(source: Uint8Array, offset: number): Promise<void> {
    this.requireOpen();
    const { body, disk } = this;
    if (disk.isDead) return NEVER;
    disk.checkWrite(body, offset + source.length, this.path);
    const write: Write = { offset, bytes: source.slice() };
    if (!this.synced) {
      await disk.pause(disk.platter.readDelayMs);
      this.show(write);
      body.unsynced.push(write);
      return;
    }
    body.flying.add(write);
    await disk.pause(disk.platter.writeDelayMs);
    const landed = disk.placeOf(body, write);
    this.show(landed);
    body.flying.delete(write);
    if (disk.platter.losesSynced) body.unsynced.push(landed);
    else body.durable = put(body.durable, landed.offset, landed.bytes);
  }

  async sync(): Promise<void> {
    this.requireOpen();
    const { body, disk } = this;
    const covered = body.unsynced.slice();
    await disk.pause(disk.platter.writeDelayMs);
    if (disk.platter.losesSynced) return;
    for (const write of covered)
      if (body.unsynced.includes(write)) body.durable = put(body.durable, write.offset, write.bytes);
    body.unsynced = body.unsynced.filter((write) => !covered.includes(write));
    if (body.durable.length > body.current.length) body.durable = body.durable.slice(0, body.current.length);
  }

  /** Shrinking is certain after `sync`; until then a crash may bring the old size back. */
  async truncate(size: number): Promise<void> {
    this.requireOpen();
    const { body } = this;
    if (size > body.current.length) this.disk.checkWrite(body, size, this.path);
    await this.disk.pause(this.disk.platter.readDelayMs);
    const changed = new Uint8Array(size);
    changed.set(body.current.subarray(0, size));
    body.current = changed;
    if (size > body.durable.length) body.durable = put(body.durable, size - 1, new Uint8Array(1));
    body.unsynced = body.unsynced.filter((write) => write.offset + write.bytes.length <= size);
  }

  async allocate(size: number): Promise<void> {
    this.requireOpen();
    const { body, disk } = this;
    disk.checkWrite(body, size, this.path);
    await disk.pause(disk.platter.writeDelayMs);
    if (size > body.current.length) body.current = grow(body.current, size);
    if (size > body.durable.length) body.durable = grow(body.durable, size);
  }

  async size(): Promise<number> {
    this.requireOpen();
    return this.body.current.length;
  }

  async close(): Promise<void> {
    this.open = false;
  }

  private show(write: Write): void {
    this.body.current = put(this.body.current, write.offset, write.bytes);
    for (
      let sector = Math.floor(write.offset / SECTOR_SIZE);
      sector * SECTOR_SIZE < write.offset + write.bytes.length;
      sector++
    ) {
      this.body.unreadable.delete(sector);
    }
  }

  private requireOpen(): void {
    assert(this.open, 'a closed file was used');
  }
}

function applyNames(names: Map<string, Body>, changes: readonly NameChange[]): void {
  for (const change of changes) {
    if (change.kind === 'set') names.set(change.path, change.body);
    else names.delete(change.path);
  }
}

function put(picture: Uint8Array, offset: number, bytes: Uint8Array): Uint8Array {
  const target = offset + bytes.length > picture.length ? grow(picture, offset + bytes.length) : picture;
  target.set(bytes, offset);
  return target;
}

function grow(picture: Uint8Array, size: number): Uint8Array {
  const grown = new Uint8Array(size);
  grown.set(picture);
  return grown;
}
