/**
 * The ports of the outside world: time, chance, network and disk. Everything that is not a pure core receives a `World`
 * and touches nothing else, so that the same code runs over `base/node/` (the real machine) and `base/sim/` (a seeded,
 * single-threaded one where a test owns the clock, loses unsynced data and tears sectors).
 */

/** Milliseconds since the Unix epoch; may jump either way, as real clocks do. */
export interface Clock {
  wallMs(): number;
  /** Milliseconds from an arbitrary start, with fractions; never goes back. */
  monotonicMs(): number;
}

export interface Timer {
  cancel(): void;
}

export interface Timers {
  after(delayMs: number, run: () => void): Timer;
  every(periodMs: number, run: () => void): Timer;
  /** Runs after the input that is already waiting (`setImmediate`): the place to close a group of work. */
  soon(run: () => void): void;
}

/** Seedable chance. `fork(name)` gives an independent stream, so a new draw in one part does not shift the others. */
export interface Random {
  /** An integer in [0, below). */
  below(below: number): number;
  /** A float in [0, 1). */
  unit(): number;
  bytes(count: number): Uint8Array;
  fork(name: string): Random;
}

export interface DiskFile {
  /** Resolves to the number of bytes read; fewer than asked only at the end of the file. */
  read(target: Uint8Array, offset: number): Promise<number>;
  /** Writes all of `source` at `offset`. Durable on return only when the file was opened with `synced`. */
  write(source: Uint8Array, offset: number): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Reserves space so that later writes change no metadata. Fails with code `disk.full` when it cannot. */
  allocate(size: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface DiskOpenOptions {
  readonly create?: boolean;
  /** Each write is durable when it returns (O_DSYNC). */
  readonly synced?: boolean;
}

/** Failures are `RutileError` with codes `disk.full`, `disk.not-found`, `disk.io`. Paths use `/`. */
export interface Disk {
  open(path: string, options: DiskOpenOptions): Promise<DiskFile>;
  list(folder: string): Promise<readonly string[]>;
  makeFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  rename(source: string, target: string): Promise<void>;
  /** Makes creations, removals and renames in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Free bytes on the volume that holds `path`. */
  freeBytes(path: string): Promise<number>;
  /** Fails with `disk.locked` when another live process holds it. */
  lock(path: string): Promise<{ release(): Promise<void> }>;
}

/** A connection of framed messages between two named places; used by the simulator and by raft transport. */
export interface Connection {
  send(message: Uint8Array): void;
  onMessage(handler: (message: Uint8Array) => void): void;
  onClose(handler: () => void): void;
  close(): void;
}

export interface Network {
  listen(address: string, accept: (connection: Connection) => void): { close(): void };
  connect(address: string): Promise<Connection>;
}

export interface World {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly disk: Disk;
  readonly network: Network;
  /** A named buggify site: `false` in production, drawn per run by the simulator. */
  chance(site: string): boolean;
}
