/**
 * What the core wants done, collected between two drains, and what must wait until it is durable.
 *
 * A vote, or the word that entries are in the log, is a promise: it leaves only after the write that makes it true. Such messages
 * wait here under the token of that write and join the outgoing ones when it is answered, so whoever drives the core
 * can send everything he gets at once and cannot get it wrong.
 */
import type { EntryRead, Message, ReadState, SnapshotRequest } from './types.ts';

interface Waiting {
  readonly token: number;
  readonly message: Message;
}

const NOTHING: readonly never[] = [];

export class Outbox {
  private messages: Message[] = [];
  private reads: ReadState[] = [];
  private readsFailed: number[] = [];
  private entryReads: EntryRead[] = [];
  private snapshotRequests: SnapshotRequest[] = [];
  /** Tokens ascend. */
  private readonly waiting: Waiting[] = [];

  send(message: Message): void {
    this.messages.push(message);
  }

  sendAfter(token: number, message: Message): void {
    this.waiting.push({ token, message });
  }

  read(context: number, index: number): void {
    this.reads.push({ context, index });
  }

  failRead(context: number): void {
    this.readsFailed.push(context);
  }

  requestEntries(read: EntryRead): void {
    this.entryReads.push(read);
  }

  requestSnapshot(request: SnapshotRequest): void {
    this.snapshotRequests.push(request);
  }

  persisted(token: number): void {
    let count = 0;
    while (count < this.waiting.length && this.waiting[count]!.token <= token)
      this.messages.push(this.waiting[count++]!.message);
    if (count > 0) this.waiting.splice(0, count);
  }

  get isEmpty(): boolean {
    return (
      this.messages.length === 0 &&
      this.reads.length === 0 &&
      this.readsFailed.length === 0 &&
      this.entryReads.length === 0 &&
      this.snapshotRequests.length === 0
    );
  }

  takeMessages(): readonly Message[] {
    if (this.messages.length === 0) return NOTHING;
    const taken = this.messages;
    this.messages = [];
    return taken;
  }

  takeReads(): readonly ReadState[] {
    if (this.reads.length === 0) return NOTHING;
    const taken = this.reads;
    this.reads = [];
    return taken;
  }

  takeReadsFailed(): readonly number[] {
    if (this.readsFailed.length === 0) return NOTHING;
    const taken = this.readsFailed;
    this.readsFailed = [];
    return taken;
  }

  takeEntryReads(): readonly EntryRead[] {
    if (this.entryReads.length === 0) return NOTHING;
    const taken = this.entryReads;
    this.entryReads = [];
    return taken;
  }

  takeSnapshotRequests(): readonly SnapshotRequest[] {
    if (this.snapshotRequests.length === 0) return NOTHING;
    const taken = this.snapshotRequests;
    this.snapshotRequests = [];
    return taken;
  }
}
