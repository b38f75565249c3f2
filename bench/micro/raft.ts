/**
 * What consensus costs beside the log: proposals of a group of one (drained, persisted and applied one by one, and 32 a turn), and of three
 * members in one thread with a disk and a wire that cost nothing. Run: `node bench/micro/raft.ts`.
 */
import { configurationOf, Raft } from '../../kv/raft/index.ts';

const DATA = new Uint8Array(100).fill(1);
const STORAGE = { firstIndex: () => 1, lastIndex: () => 0, term: () => undefined };

function members(count: number): Raft[] {
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  const configuration = configurationOf(ids);
  // Every entry below the tail is of term 1, the first election's.
  const storage = { ...STORAGE, term: (index: number) => (index === 0 ? 0 : 1) };
  return ids.map((id) => new Raft({ id, storage, configuration, random: { below: () => 0 }, preVote: false }));
}

function turn(rafts: readonly Raft[]): void {
  for (let did = true; did;) {
    did = false;
    for (const raft of rafts) {
      for (let output = raft.drain(); output !== undefined; output = raft.drain()) {
        did = true;
        for (const message of output.messages) rafts[message.to - 1]!.step(message);
        if (output.write !== undefined) raft.persisted(output.write.token);
        if (output.committed.length > 0) raft.applied(output.committed.at(-1)!.index);
      }
    }
  }
}

for (const [count, perTurn] of [
  [1, 1],
  [1, 32],
  [3, 1],
  [3, 32],
] as const) {
  // prettier-ignore
  const rafts = members(count);
  rafts[0]!.campaign();
  turn(rafts);
  let best = Infinity;
  for (let round = 0; round < 8; round++) {
    const proposals = 64_000;
    const begin = performance.now();
    for (let i = 0; i < proposals; i += perTurn) {
      for (let j = 0; j < perTurn; j++) rafts[0]!.propose(DATA);
      turn(rafts);
    }
    best = Math.min(best, ((performance.now() - begin) * 1e6) / proposals);
  }
  console.log(`members ${count}, ${perTurn} a turn: ${best.toFixed(0)} ns a proposal`);
}
