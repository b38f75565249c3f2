/**
 * Memory of statements, counted. Each statement has a quota (`rutile_mem_quota_query`), all together have a limit
 * (`rutile_server_memory_limit`). Near either, operators that can go to disk do (sql/executor/spill); over either the statement that asked
 * ends with an error instead of the process with none. What is counted are the bytes that operators keep, estimated by them; not
 * every object.
 */
import { SqlError } from '../../base/error.ts';
import type { MemoryTracker } from '../executor/context.ts';

/** The part of quota and limit that those who can go to disk may use up. */
const SPILL_AT = 0.75;

export class ServerMemory {
  usedBytes = 0;
  limitBytes: number;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }
}

export class StatementMemory implements MemoryTracker {
  usedBytes = 0;
  peakBytes = 0;
  quotaBytes = Infinity;
  private readonly server: ServerMemory;

  constructor(server: ServerMemory) {
    this.server = server;
  }

  grow(bytes: number): void {
    if (this.usedBytes + bytes > this.quotaBytes) {
      throw new SqlError(
        8175,
        'HY000',
        `Out Of Memory Quota! The statement needs more than rutile_mem_quota_query = ${this.quotaBytes} bytes`,
      );
    }
    if (this.server.usedBytes + bytes > this.server.limitBytes) {
      throw new SqlError(
        8176,
        'HY000',
        `The server's memory for statements is used up (rutile_server_memory_limit = ${this.server.limitBytes} bytes)`,
      );
    }
    this.usedBytes += bytes;
    this.server.usedBytes += bytes;
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes;
  }

  hasRoom(bytes: number): boolean {
    return (
      this.usedBytes + bytes <= this.quotaBytes * SPILL_AT &&
      this.server.usedBytes + bytes <= this.server.limitBytes * SPILL_AT
    );
  }

  keep(bytes: number): void {
    this.usedBytes += bytes;
    this.server.usedBytes += bytes;
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes;
  }

  shrink(bytes: number): void {
    this.usedBytes -= bytes;
    this.server.usedBytes -= bytes;
  }

  /** The statement is over: whatever was not given back is now. */
  reset(): void {
    this.server.usedBytes -= this.usedBytes;
    this.usedBytes = 0;
    this.peakBytes = 0;
  }
}
