/**
 * Raft's messages as the core knows them (kv/raft/types.ts) and as they travel (`eraftpb.Message`), both ways without loss.
 *
 * What differs: the wire has bytes for a context where the core has a number, so it travels as eight big-endian bytes, none for 0. A vote by
 * order of the leader says so in the context, as raft-rs has it. The answer to a vote carries the term of the voter's commit
 * index in `commit_term`. An entry's kind stands in its first byte for the core and in `entry_type` too for the wire.
 *
 * What comes from outside may be anything: `fromWire` throws `raft.malformed` for what no core can have sent. Its bytes are views of
 * the message they came in.
 */
import { RutileError } from '../../base/error.ts';
import type { WireEntry, WireRaft } from '../../proto/wire/raft-messages.ts';
import { type Entry, EMPTY, isChangeEntry, type Message, type MessageKind, NO_ENTRIES, type Snapshot } from '../raft/types.ts'; // prettier-ignore

const TYPES: Readonly<Record<MessageKind, number>> = {
  propose: 2,
  append: 3,
  'append-response': 4,
  vote: 5,
  'vote-response': 6,
  snapshot: 7,
  heartbeat: 8,
  'heartbeat-response': 9,
  'transfer-leader': 13,
  'timeout-now': 14,
  'read-index': 15,
  'read-index-response': 16,
  'pre-vote': 17,
  'pre-vote-response': 18,
};
const KINDS: (MessageKind | undefined)[] = [];
for (const [kind, type] of Object.entries(TYPES)) KINDS[type] = kind as MessageKind;

const ENTRY_NORMAL = 0;
const ENTRY_CHANGE_V2 = 2;
/** What raft-rs puts into the context of such a vote. */
const BY_ORDER = new TextEncoder().encode('CampaignTransfer');

// hot: bench/micro/transport.ts
export function toWire(message: Message): WireRaft {
  const { kind, entries, snapshot } = message;
  const answersVote = kind === 'vote-response' || kind === 'pre-vote-response';
  return {
    msg_type: TYPES[kind],
    to: message.to,
    from: message.from,
    term: message.term,
    log_term: answersVote ? 0 : message.logTerm,
    index: message.index,
    entries: entries.length === 0 ? NO_WIRE_ENTRIES : entriesToWire(entries),
    commit: message.commit,
    snapshot: snapshot === undefined ? null : snapshotToWire(snapshot),
    reject: message.reject,
    reject_hint: message.rejectHint,
    context: message.force ? BY_ORDER : message.context === 0 ? EMPTY : contextToWire(message.context),
    commit_term: answersVote ? message.logTerm : 0,
    priority: message.priority,
  };
}

// hot
export function fromWire(wire: WireRaft): Message {
  const kind = KINDS[wire.msg_type];
  if (kind === undefined) throw malformed(`type ${wire.msg_type}`);
  const answersVote = kind === 'vote-response' || kind === 'pre-vote-response';
  const { entries, context } = wire;
  const force = context !== undefined && context.length === BY_ORDER.length && sameAsOrder(context);
  return {
    kind,
    from: whole(wire.from),
    to: whole(wire.to),
    term: whole(wire.term),
    index: whole(wire.index),
    logTerm: whole(answersVote ? wire.commit_term : wire.log_term),
    commit: whole(wire.commit),
    entries: entries === undefined || entries.length === 0 ? NO_ENTRIES : entriesFromWire(entries),
    reject: wire.reject === true,
    rejectHint: whole(wire.reject_hint),
    context: force || context === undefined || context.length === 0 ? 0 : contextFromWire(context),
    priority: wire.priority ?? 0,
    force,
    snapshot: wire.snapshot ? snapshotFromWire(wire.snapshot) : undefined,
  };
}

const NO_WIRE_ENTRIES: WireEntry[] = [];

function entriesToWire(entries: readonly Entry[]): WireEntry[] {
  const wire: WireEntry[] = [];
  for (const entry of entries)
    wire.push({
      entry_type: isChangeEntry(entry) ? ENTRY_CHANGE_V2 : ENTRY_NORMAL,
      term: entry.term,
      index: entry.index,
      data: entry.data,
    });
  return wire;
}

function entriesFromWire(wire: readonly WireEntry[]): Entry[] {
  const entries: Entry[] = [];
  for (const { entry_type: type, term, index, data } of wire) {
    const entry = { index: whole(index), term: whole(term), data: data ?? EMPTY };
    if ((type ?? ENTRY_NORMAL) !== (isChangeEntry(entry) ? ENTRY_CHANGE_V2 : ENTRY_NORMAL))
      throw malformed(`an entry of type ${type}`);
    entries.push(entry);
  }
  return entries;
}

function snapshotToWire({ index, term, configuration, data }: Snapshot): WireRaft['snapshot'] {
  return {
    data,
    metadata: {
      index,
      term,
      conf_state: {
        voters: [...configuration.voters],
        learners: [...configuration.learners],
        voters_outgoing: [...configuration.outgoing],
        learners_next: [...configuration.learnersNext],
        auto_leave: configuration.autoLeave,
      },
    },
  };
}

function snapshotFromWire({ data, metadata }: NonNullable<WireRaft['snapshot']>): Snapshot {
  const state = metadata?.conf_state;
  if (!metadata || !state) throw malformed('a snapshot without its place and members');
  return {
    index: whole(metadata.index),
    term: whole(metadata.term),
    data: data ?? EMPTY,
    configuration: {
      voters: state.voters.map(whole),
      outgoing: state.voters_outgoing.map(whole),
      learners: state.learners.map(whole),
      learnersNext: state.learners_next.map(whole),
      autoLeave: state.auto_leave === true,
    },
  };
}

function contextToWire(context: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(context));
  return bytes;
}

function contextFromWire(bytes: Uint8Array): number {
  if (bytes.length !== 8) throw malformed(`a context of ${bytes.length} bytes`);
  return whole(Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)));
}

function sameAsOrder(bytes: Uint8Array): boolean {
  for (let i = 0; i < BY_ORDER.length; i++) if (bytes[i] !== BY_ORDER[i]) return false;
  return true;
}

function whole(value: number | undefined): number {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || value < 0) throw malformed(`the number ${value}`);
  return value;
}

function malformed(what: string): RutileError {
  return new RutileError('raft.malformed', `a Raft message holds ${what}`);
}
