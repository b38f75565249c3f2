/** Raft's messages to the wire and back: every kind, golden bytes, and what a core cannot have sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchRaftMessage, raftMessage, type RaftMessage, type WireRaft } from '../../proto/wire/raft-messages.ts';
import { CHANGE_ENTRY, type Message, message, type MessageKind } from '../raft/types.ts';
import { fromWire, toWire } from './raft-codec.ts';

const KINDS: readonly MessageKind[] = [
  'append', 'append-response', 'vote', 'vote-response', 'pre-vote', 'pre-vote-response', 'heartbeat', 'heartbeat-response', 'snapshot', 'transfer-leader',
  'timeout-now', 'read-index', 'read-index-response', 'propose',
]; // prettier-ignore

const whole = fc.oneof(fc.constant(0), fc.nat(100), fc.maxSafeNat());
const bytes = fc.uint8Array({ maxLength: 40 });
const ids = fc.array(fc.integer({ min: 1, max: 1e6 }), { maxLength: 5 });
const entry = fc.record({ index: whole, term: whole, data: fc.oneof(bytes, bytes.map((rest) => Uint8Array.of(CHANGE_ENTRY, ...rest))) }, { noNullPrototype: true }); // prettier-ignore
const snapshot = fc.record(
  {
    index: whole,
    term: whole,
    data: bytes,
    configuration: fc.record(
      { voters: ids, outgoing: ids, learners: ids, learnersNext: ids, autoLeave: fc.boolean() },
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);
const messages: fc.Arbitrary<Message> = fc
  .record(
    {
      kind: fc.constantFrom(...KINDS), from: whole, to: whole, term: whole, index: whole, logTerm: whole, commit: whole, entries: fc.array(entry, { maxLength: 4 }),
      reject: fc.boolean(), rejectHint: whole, context: whole, priority: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), force: fc.boolean(), snapshot: fc.option(snapshot, { nil: undefined }),
    },
    { noNullPrototype: true },
  )
  .map((one) => (one.force ? { ...one, context: 0 } : one)); // prettier-ignore

/** Buffers as the plain arrays they stand for. */
function plain(one: Message): Message {
  const { snapshot: state } = one;
  return {
    ...one,
    entries: one.entries.map((each) => ({ ...each, data: Uint8Array.from(each.data) })),
    snapshot: state === undefined ? undefined : { ...state, data: Uint8Array.from(state.data) },
  };
}

test('every message comes back as it went', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 6 }), (batch) => {
      const msgs: RaftMessage[] = batch.map((one, i) => ({
        region_id: i + 1,
        from_peer: { id: one.from, store_id: 1 },
        to_peer: { id: one.to, store_id: 2 },
        message: toWire(one),
      }));
      const decoded = batchRaftMessage.decode(batchRaftMessage.encode({ msgs }).finish());
      assert.deepEqual(
        decoded.msgs.map(({ message: wire }) => plain(fromWire(wire!))),
        batch,
      );
      assert.deepEqual(decoded.msgs.map(({ region_id: region }) => region), batch.map((_, i) => i + 1)); // prettier-ignore
    }),
    { seed: 20_261_123, numRuns: 500 },
  );
});

test('a heartbeat has these bytes', () => {
  const heartbeat = { ...message('heartbeat', 21, 22, 5), commit: 300, context: 7 };
  const wire: RaftMessage = {
    region_id: 2, from_peer: { id: 21, store_id: 1 }, to_peer: { id: 22, store_id: 4 }, region_epoch: { conf_ver: 1, version: 3 }, message: toWire(heartbeat),
  }; // prettier-ignore
  // region_id 2, from_peer {21, 1}, to_peer {22, 4}, message {MsgHeartbeat, to 22, from 21, term 5, …, commit 300, context}, epoch {1, 3}
  const golden =
    '0802' +
    '120408151001' +
    '1a0408161004' +
    '2215' +
    '0808' +
    '1016' +
    '1815' +
    '2005' +
    '40ac02' +
    '62080000000000000007' +
    '2a0408011003';
  assert.equal(Buffer.from(raftMessage.encode(wire).finish()).toString('hex'), golden);
  assert.deepEqual(fromWire(raftMessage.decode(Buffer.from(golden, 'hex')).message!), heartbeat);
});

test('a vote by order of the leader says so as raft-rs does', () => {
  const wire = toWire({ ...message('vote', 1, 2, 9), force: true });
  assert.equal(Buffer.from(wire.context!).toString(), 'CampaignTransfer');
  assert.equal(fromWire(wire).force, true);
});

test('what no core can have sent is refused', () => {
  const refused = (wire: WireRaft, what: RegExp): void =>
    assert.throws(() => fromWire(wire), (error: Error & { code?: string }) => error.code === 'raft.malformed' && what.test(error.message)); // prettier-ignore
  refused({ msg_type: 0 }, /type 0/);
  refused({ msg_type: 99 }, /type 99/);
  refused({ msg_type: 3, term: 2 ** 53 }, /the number/);
  refused({ msg_type: 8, context: Uint8Array.of(1, 2, 3) }, /a context of 3 bytes/);
  refused({ msg_type: 7, snapshot: { data: Uint8Array.of(1) } }, /a snapshot without/);
  refused(
    { msg_type: 3, entries: [{ entry_type: 2, index: 1, term: 1, data: Uint8Array.of(1) }] },
    /an entry of type 2/,
  );
  refused({ msg_type: 3, entries: [{ index: 1, term: 1, data: Uint8Array.of(CHANGE_ENTRY) }] }, /an entry of type/);
});

test('mutated batches are decoded or thrown at, nothing worse', () => {
  const batch = Buffer.from(
    batchRaftMessage
      .encode({
        msgs: KINDS.map((kind, i) => ({
          region_id: i,
          message: toWire({ ...message(kind, 1, 2, 3), entries: [{ index: 4, term: 3, data: Buffer.from('data') }] }),
        })),
      })
      .finish(),
  );
  let state = 7;
  const draw = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
  let passed = 0;
  for (let round = 0; round < 20_000; round++) {
    const mutated = Buffer.from(batch);
    for (let change = 1 + draw(3); change > 0; change--) mutated[draw(mutated.length)] = draw(256);
    try {
      for (const { message: wire } of batchRaftMessage.decode(mutated).msgs) if (wire) fromWire(wire);
      passed++;
    } catch (error) {
      assert(error instanceof Error);
    }
  }
  assert(passed > 1000);
});
