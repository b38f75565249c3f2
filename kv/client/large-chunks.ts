/**
 * The writes of a large transaction, cut in key order to what fits a log entry. Only where each chunk begins is kept; its mutations are made
 * when somebody asks, so that a commit of a million rows holds one chunk's objects at a time and not a million's.
 */
import type { LargeChunks, Mutation } from '../../proto/kv/command.ts';
import type { BufferEntry, WriteBuffer } from './write-buffer.ts';

/** What an entry costs in a chunk beside key and value: a lock carries key, primary and value. */
const MUTATION_OVERHEAD = 128;

export interface ChunkLimits {
  readonly sizeBytesMax: number;
  readonly keysMax: number;
}

/** The buffer must not change as long as the chunks are used. */
export function cutIntoChunks(
  buffer: WriteBuffer,
  limits: ChunkLimits,
  mutationOf: (entry: BufferEntry) => Mutation,
): LargeChunks {
  const positions = buffer.positions();
  const starts = [0];
  let size = 0;
  let count = 0;
  let at = 0;
  const add = (keySize: number, valueSize: number): void => {
    const cost = MUTATION_OVERHEAD + keySize * 2 + valueSize;
    if (count > 0 && (size + cost > limits.sizeBytesMax || count >= limits.keysMax)) {
      starts.push(at);
      size = 0;
      count = 0;
    }
    size += cost;
    count++;
    at++;
  };
  if (positions !== undefined) {
    for (const position of positions) add(buffer.packedKeySize(position), buffer.packedValueSize(position));
    starts.push(at);
    return new Chunks(starts, (index) => mutationOf(buffer.packedEntry(positions[index]!)));
  }
  const entries: BufferEntry[] = [];
  buffer.forEach((entry) => {
    add(entry.key.length, entry.value === null ? 0 : entry.value.length);
    entries.push(entry);
  });
  starts.push(at);
  return new Chunks(starts, (index) => mutationOf(entries[index]!));
}

class Chunks implements LargeChunks {
  /** Where each chunk begins, and where the last one ends. */
  private readonly starts: readonly number[];
  private readonly mutationAt: (index: number) => Mutation;

  constructor(starts: readonly number[], mutationAt: (index: number) => Mutation) {
    this.starts = starts;
    this.mutationAt = mutationAt;
  }

  get length(): number {
    return this.starts.length - 1;
  }

  at(number: number): Mutation[] {
    const mutations: Mutation[] = [];
    const end = this.starts[number + 1]!;
    for (let index = this.starts[number]!; index < end; index++) mutations.push(this.mutationAt(index));
    return mutations;
  }
}
