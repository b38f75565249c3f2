/**
 * A group in one room, for tests: members with a disk that keeps what was written and loses what was under way, and a wire that holds every
 * message until it is told to deliver, drop or repeat it. No time, no chance of its own. `check` holds the four promises of
 * Raft against everything that happened: one leader a term, logs that agree up to where they agree, committed entries in every later
 * leader, one history of applied entries.
 */
import assert from 'node:assert/strict';
import {
  CHANGE_ENTRY, type Configuration, type Entry, type EntryRead, type HardState, isChangeEntry, type LogStorage, type LogWrite, type Message,
  Raft, type RaftOptions, type ReadState, type Snapshot, type SnapshotRequest, type SoftState,
} from '../index.ts'; // prettier-ignore

export type NodeOptions = Partial<Omit<RaftOptions, 'id' | 'storage' | 'configuration' | 'state' | 'applied'>>;

const FOUNDED = { index: 1, term: 1 };

/** What survives a crash. */
export class TestDisk implements LogStorage {
  entries: Entry[] = [];
  boundary = { index: 0, term: 0 };
  state: HardState | undefined = undefined;
  configuration: Configuration;
  applied = 0;
  /** Of everything applied: what the state machine would hold. */
  digest = '';

  /** Founders begin as if they had all taken the same snapshot, so that whoever joins later must take one: the log alone does not name them. */
  constructor(configuration: Configuration) {
    this.configuration = configuration;
    if (configuration.voters.length === 0) return;
    this.boundary = FOUNDED;
    this.state = { term: FOUNDED.term, vote: 0, commit: FOUNDED.index };
    this.applied = FOUNDED.index;
  }

  firstIndex(): number {
    return this.boundary.index + 1;
  }

  lastIndex(): number {
    return this.boundary.index + this.entries.length;
  }

  term(index: number): number | undefined {
    return index === this.boundary.index ? this.boundary.term : this.entries[index - this.boundary.index - 1]?.term;
  }

  read({ lower, upper, sizeBytesMax }: EntryRead): readonly Entry[] | undefined {
    if (lower < this.firstIndex()) return undefined;
    const entries: Entry[] = [];
    let size = 0;
    for (let index = lower; index < Math.min(upper, this.lastIndex() + 1); index++) {
      const entry = this.entries[index - this.firstIndex()]!;
      size += entry.data.length;
      if (entries.length > 0 && size > sizeBytesMax) break;
      entries.push(entry);
    }
    return entries;
  }

  write({ entries, state, snapshot }: LogWrite): void {
    if (snapshot !== undefined) {
      this.entries = [];
      this.boundary = { index: snapshot.index, term: snapshot.term };
      this.configuration = snapshot.configuration;
      this.applied = snapshot.index;
      this.digest = new TextDecoder().decode(snapshot.data);
    }
    if (entries.length > 0) {
      const at = entries[0]!.index - this.firstIndex();
      assert(at >= 0 && at <= this.entries.length, 'a write leaves a gap');
      this.entries.length = at;
      this.entries.push(...entries);
    }
    if (state !== undefined) this.state = state;
  }

  compact(index: number): void {
    if (index <= this.boundary.index || index > this.applied) return;
    const term = this.term(index)!;
    this.entries.splice(0, index - this.boundary.index);
    this.boundary = { index, term };
  }
}

export class TestNode {
  readonly id: number;
  readonly disk: TestDisk;
  raft: Raft;
  writes: LogWrite[] = [];
  committed: Entry[] = [];
  entryReads: EntryRead[] = [];
  snapshotRequests: SnapshotRequest[] = [];
  reads: ReadState[] = [];
  readsFailed: number[] = [];
  soft: SoftState = { role: 'follower', leader: 0 };
  isDown = false;
  private readonly options: NodeOptions;

  constructor(id: number, configuration: Configuration, options: NodeOptions) {
    this.id = id;
    this.options = options;
    this.disk = new TestDisk(configuration);
    this.raft = this.start();
  }

  /** The clock goes on while a member is down. */
  private start(nowMs = 0): Raft {
    const { disk, id } = this;
    const lease = this.options.lease && { ...this.options.lease, nowMs: Math.max(nowMs, this.options.lease.nowMs) };
    const { state, configuration, applied, boundary } = disk;
    return new Raft({ random: { below: () => id - 1 }, ...this.options, ...(lease && { lease }), id, storage: disk, configuration, state, applied, boundary }); // prettier-ignore
  }

  /** Everything under way is lost, and so is what was only in memory. */
  crash(): void {
    this.writes = [];
    this.committed = [];
    this.entryReads = [];
    this.snapshotRequests = [];
    this.reads = [];
    this.readsFailed = [];
    this.isDown = true;
  }

  restart(nowMs = 0): void {
    this.crash();
    this.isDown = false;
    this.raft = this.start(nowMs);
  }

  get snapshot(): Snapshot {
    const { applied, configuration, digest } = this.disk;
    return { index: applied, term: this.disk.term(applied)!, configuration, data: new TextEncoder().encode(digest) };
  }
}

export class TestCluster {
  readonly nodes = new Map<number, TestNode>();
  /** In the order of sending. */
  wire: Message[] = [];
  private readonly leaders = new Map<number, number>();
  private readonly history: Entry[] = [{ ...FOUNDED, data: new Uint8Array(0) }];
  private readonly digests: string[] = ['', ''];

  add(id: number, configuration: Configuration, options: NodeOptions = {}): TestNode {
    const node = new TestNode(id, configuration, options);
    this.nodes.set(id, node);
    return node;
  }

  node(id: number): TestNode {
    const node = this.nodes.get(id);
    assert(node !== undefined, `there is no member ${id}`);
    return node;
  }

  /** Takes what the core wants done; the messages go on the wire, the rest waits in the node. */
  drain(node: TestNode): boolean {
    let did = false;
    for (let output = node.raft.drain(); output !== undefined; output = node.raft.drain()) {
      did = true;
      this.wire.push(...output.messages);
      if (output.write !== undefined) node.writes.push(output.write);
      node.committed.push(...output.committed);
      node.entryReads.push(...output.entryReads);
      node.snapshotRequests.push(...output.snapshotRequests);
      node.reads.push(...output.reads);
      node.readsFailed.push(...output.readsFailed);
      if (output.soft !== undefined) node.soft = output.soft;
    }
    this.checkNode(node);
    return did;
  }

  /** The oldest write under way is done. */
  persist(node: TestNode): boolean {
    const write = node.writes.shift();
    if (write === undefined) return false;
    node.disk.write(write);
    if (write.snapshot !== undefined)
      node.committed = node.committed.filter(({ index }) => index > write.snapshot!.index);
    node.raft.persisted(write.token);
    return true;
  }

  apply(node: TestNode): boolean {
    const { disk } = node;
    // What waits for a snapshot to be in place waits.
    if (node.committed.length === 0 || node.writes.some(({ snapshot }) => snapshot !== undefined)) return false;
    for (const entry of node.committed.splice(0)) {
      assert.equal(entry.index, disk.applied + 1, `member ${node.id} applies out of order`);
      assert(entry.index <= disk.lastIndex(), `member ${node.id} applies what is not durable`);
      this.checkApplied(node, entry);
      if (isChangeEntry(entry)) disk.configuration = node.raft.applyChangeEntry(entry);
      disk.applied = entry.index;
      disk.digest = digestAfter(disk.digest, entry);
      node.raft.applied(entry.index);
    }
    return true;
  }

  answerReads(node: TestNode): boolean {
    const { entryReads, snapshotRequests } = node;
    node.entryReads = [];
    node.snapshotRequests = [];
    for (const read of entryReads) node.raft.entriesRead(read.id, node.disk.read(read));
    for (const { to, indexMin } of snapshotRequests) {
      const { snapshot } = node;
      node.raft.snapshotReady(to, snapshot.index >= indexMin ? snapshot : undefined);
    }
    return entryReads.length + snapshotRequests.length > 0;
  }

  deliver(message: Message): void {
    const node = this.nodes.get(message.to);
    if (node === undefined || node.isDown) return this.lose(message);
    node.raft.step(message);
    this.report(message, true);
  }

  lose(message: Message): void {
    this.report(message, false);
  }

  /** The transport of a snapshot says how it went. */
  private report(message: Message, done: boolean): void {
    const sender = this.nodes.get(message.from);
    if (message.kind === 'snapshot' && sender !== undefined && !sender.isDown)
      sender.raft.snapshotSent(message.to, done);
  }

  /** Everything that can happen without a tick, happens. `lost` says which messages do not arrive. */
  stabilize(lost: (message: Message) => boolean = () => false): void {
    for (let round = 0; ; round++) {
      assert(round < 10_000, 'the members talk without end');
      let did = false;
      for (const node of this.nodes.values()) {
        if (node.isDown) continue;
        did = this.drain(node) || did;
        while (this.persist(node)) did = true;
        did = this.apply(node) || did;
        did = this.answerReads(node) || did;
      }
      const messages = this.wire.splice(0);
      for (const message of messages) {
        did = true;
        if (lost(message)) this.lose(message);
        else this.deliver(message);
      }
      if (!did) return;
    }
  }

  // ---- the promises ----

  private checkNode(node: TestNode): void {
    const { raft } = node;
    if (raft.role !== 'leader') return;
    const known = this.leaders.get(raft.term);
    assert(known === undefined || known === node.id, `two leaders in term ${raft.term}: ${known} and ${node.id}`);
    if (known !== undefined) return;
    this.leaders.set(raft.term, node.id);
    for (const { index, term } of this.history) {
      if (index < raft.log.first) continue;
      assert.equal(raft.log.term(index), term, `the leader of term ${raft.term} lacks committed entry ${index}`);
    }
  }

  private checkApplied(node: TestNode, entry: Entry): void {
    const known = this.history[entry.index - 1];
    if (known === undefined) {
      assert.equal(entry.index, this.history.length + 1, 'an entry is applied before those before it');
      this.history.push(entry);
      this.digests.push(digestAfter(this.digests.at(-1)!, entry));
    } else {
      assert.equal(entry.term, known.term, `member ${node.id} applies another entry ${entry.index}`);
      assert.deepEqual(entry.data, known.data);
    }
  }

  /** Logs that hold one entry in common agree on everything before it, and nobody's state differs. */
  check(): void {
    const nodes = [...this.nodes.values()];
    for (const { disk, id } of nodes)
      assert.equal(disk.digest, this.digests[disk.applied], `the state of member ${id} differs`);
    for (let i = 0; i < nodes.length; i++)
      for (let j = i + 1; j < nodes.length; j++) this.checkLogs(nodes[i]!.disk, nodes[j]!.disk);
  }

  private checkLogs(left: TestDisk, right: TestDisk): void {
    const first = Math.max(left.firstIndex(), right.firstIndex());
    let agreed = false;
    for (let index = Math.min(left.lastIndex(), right.lastIndex()); index >= first; index--) {
      const same = left.term(index) === right.term(index);
      assert(same || !agreed, `two logs agree above ${index} and not at it`);
      if (same)
        assert.deepEqual(
          left.entries[index - left.firstIndex()]!.data,
          right.entries[index - right.firstIndex()]!.data,
        );
      agreed ||= same;
    }
  }

  get historyIndex(): number {
    return this.history.length;
  }
}

function digestAfter(digest: string, { index, term, data }: Entry): string {
  let hash = 0x811c9dc5;
  for (const code of [...new TextEncoder().encode(`${digest} ${index} ${term}`), ...data])
    hash = Math.imul(hash ^ code, 0x01000193);
  return (hash >>> 0).toString(16);
}

/** How a test shows an entry. */
export function showEntry({ index, term, data }: Entry): string {
  const what = data.length === 0 ? '-' : data[0] === CHANGE_ENTRY ? 'change' : new TextDecoder().decode(data);
  return `${index}@${term}:${what}`;
}
