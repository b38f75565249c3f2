/** A small stand-in for the consensus core, to try the cluster, the observer and the planted faults with. */
import type { Random } from '../../../base/world.ts';
export interface Entry {
  readonly index: number;
  readonly term: number;
  readonly data: Uint8Array;
  readonly kind?: 'change';
}
export type Message = {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly term: number;
  [k: string]: any;
};
export interface Output {
  messages: Message[];
  entries: Entry[];
  state?: { term: number; vote: number; commit: number };
  /** sent when durable */
  responses: Message[];
  committed: Entry[];
  reads: { token: number; index: number }[];
}
export class FakeCore {
  id: number;
  term = 0;
  vote = 0;
  commit = 0;
  role: 'follower' | 'candidate' | 'leader' = 'follower';
  leader = 0;
  voters: number[];
  log: Entry[];
  stable: number;
  applied = 0;
  random: Random;
  elapsed = 0;
  timeout = 10;
  votes = new Set<number>();
  next = new Map<number, number>();
  match = new Map<number, number>();
  out: Message[] = [];
  resp: Message[] = [];
  fresh: Entry[] = [];
  dirty = false;
  given = 0;
  reads: { token: number; index: number; acks: Set<number>; seq: number }[] = [];
  ready: { token: number; index: number }[] = [];
  seq = 0;
  constructor(o: {
    id: number;
    voters: number[];
    state?: any;
    entries: readonly Entry[];
    random: Random;
    applied: number;
  }) {
    this.given = o.applied;
    this.id = o.id;
    this.voters = o.voters;
    this.random = o.random;
    this.log = o.entries.map((e) => e);
    this.stable = this.log.length;
    if (o.state) {
      this.term = o.state.term;
      this.vote = o.state.vote;
      this.commit = Math.min(o.state.commit, this.log.length);
    }
    this.commit = Math.max(this.commit, o.applied);
    this.reset(this.term);
  }
  get last() {
    return this.log.length;
  }
  termAt(i: number): number | undefined {
    return i === 0 ? 0 : this.log[i - 1]?.term;
  }
  reset(term: number) {
    if (term > this.term) {
      this.term = term;
      this.vote = 0;
      this.dirty = true;
    }
    this.elapsed = 0;
    this.timeout = 10 + this.random.below(10);
    this.votes.clear();
    this.reads = [];
  }
  follow(term: number, leader: number) {
    this.role = 'follower';
    this.reset(term);
    this.leader = leader;
  }
  send(m: any) {
    this.out.push({ from: this.id, term: this.term, ...m });
  }
  tick() {
    this.elapsed++;
    if (this.role === 'leader') {
      if (this.elapsed >= 2) {
        this.elapsed = 0;
        for (const v of this.voters) if (v !== this.id) this.replicate(v);
      }
      return;
    }
    if (this.elapsed >= this.timeout && this.voters.includes(this.id)) {
      this.role = 'candidate';
      this.reset(this.term + 1);
      this.leader = 0;
      this.vote = this.id;
      this.dirty = true;
      this.votes.add(this.id);
      for (const v of this.voters)
        if (v !== this.id)
          this.resp.push({
            kind: 'vote',
            from: this.id,
            term: this.term,
            to: v,
            lastIndex: this.last,
            lastTerm: this.termAt(this.last)!,
          });
      this.resp.push({ kind: 'voted', from: this.id, to: this.id, term: this.term, granted: true });
    }
  }
  replicate(to: number) {
    const next = this.next.get(to) ?? this.last + 1;
    const prev = next - 1;
    this.send({
      kind: 'append',
      to,
      prev,
      prevTerm: this.termAt(prev),
      entries: this.log.slice(prev, prev + 20),
      commit: this.commit,
      seq: this.seq,
    });
  }
  step(m: Message) {
    if (m.term > this.term) this.follow(m.term, m.kind === 'append' ? m.from : 0);
    if (m.term < this.term) {
      if (m.kind === 'append' || m.kind === 'vote') this.send({ kind: 'stale', to: m.from });
      return;
    }
    switch (m.kind) {
      case 'vote': {
        const lt = this.termAt(this.last)!;
        const grant =
          (this.vote === 0 || this.vote === m.from) &&
          (m.lastTerm > lt || (m.lastTerm === lt && m.lastIndex >= this.last));
        if (grant) {
          this.vote = m.from;
          this.dirty = true;
          this.elapsed = 0;
        }
        this.resp.push({ kind: 'voted', from: this.id, to: m.from, term: this.term, granted: grant });
        return;
      }
      case 'voted':
        if (this.role !== 'candidate' || !m.granted) return;
        this.votes.add(m.from);
        if (this.votes.size * 2 > this.voters.length) {
          this.role = 'leader';
          this.leader = this.id;
          this.elapsed = 0;
          this.next.clear();
          this.match.clear();
          for (const v of this.voters) this.next.set(v, this.last + 1);
          this.propose(new Uint8Array(0));
        }
        return;
      case 'append': {
        if (this.role === 'leader') throw new Error('two leaders');
        this.role = 'follower';
        this.leader = m.from;
        this.elapsed = 0;
        if (this.termAt(m.prev) !== m.prevTerm) {
          this.send({ kind: 'rejected', to: m.from, hint: Math.min(m.prev - 1, this.last) });
          return;
        }
        for (const e of m.entries as Entry[]) {
          if (this.termAt(e.index) === e.term) continue;
          if (e.index <= this.last) {
            this.log.length = e.index - 1;
            this.fresh = this.fresh.filter((x) => x.index < e.index);
            this.stable = Math.min(this.stable, e.index - 1);
          }
          this.log.push(e);
          this.fresh.push(e);
        }
        const match = m.prev + m.entries.length;
        this.commit = Math.max(this.commit, Math.min(m.commit, match));
        this.resp.push({ kind: 'accepted', from: this.id, to: m.from, term: this.term, match, seq: m.seq });
        return;
      }
      case 'accepted':
        if (this.role !== 'leader') return;
        this.match.set(m.from, Math.max(this.match.get(m.from) ?? 0, m.match));
        this.next.set(m.from, Math.max(this.next.get(m.from) ?? 0, m.match + 1));
        for (const r of this.reads) if (m.seq >= r.seq) r.acks.add(m.from);
        this.maybeCommit();
        if (this.next.get(m.from)! <= this.last && m.from !== this.id) this.replicate(m.from);
        return;
      case 'rejected':
        if (this.role === 'leader') {
          this.next.set(m.from, Math.max(1, Math.min(m.hint + 1, (this.next.get(m.from) ?? 1) - 1)));
          this.replicate(m.from);
        }
        return;
    }
  }
  maybeCommit() {
    const sorted = this.voters.map((v) => this.match.get(v) ?? 0).sort((a, b) => b - a);
    const at = sorted[Math.floor(this.voters.length / 2)]!;
    if (at > this.commit && this.termAt(at) === this.term) this.commit = at;
    this.reads = this.reads.filter((r) => {
      if (r.acks.size * 2 <= this.voters.length) return true;
      this.ready.push(r);
      return false;
    });
  }
  propose(data: Uint8Array): { index: number; term: number } | undefined {
    if (this.role !== 'leader') return undefined;
    const e = { index: this.last + 1, term: this.term, data };
    this.log.push(e);
    this.fresh.push(e);
    this.resp.push({ kind: 'accepted', from: this.id, to: this.id, term: this.term, match: e.index, seq: this.seq });
    for (const v of this.voters) if (v !== this.id) this.replicate(v);
    return e;
  }
  read(token: number): boolean {
    if (this.role !== 'leader' || this.termAt(this.commit) !== this.term) return false;
    this.reads.push({ token, index: this.commit, acks: new Set([this.id]), seq: ++this.seq });
    for (const v of this.voters) if (v !== this.id) this.replicate(v);
    this.maybeCommit();
    return true;
  }
  drain(): Output | undefined {
    const committed = this.log.slice(this.given, Math.min(this.commit, this.stable));
    if (
      !this.out.length &&
      !this.resp.length &&
      !this.fresh.length &&
      !this.dirty &&
      !committed.length &&
      !this.ready.length
    )
      return undefined;
    this.given += committed.length;
    const o: Output = {
      messages: this.out,
      responses: this.resp,
      entries: this.fresh,
      committed,
      reads: this.ready,
      ...(this.dirty || this.fresh.length ? { state: { term: this.term, vote: this.vote, commit: this.commit } } : {}),
    };
    this.out = [];
    this.resp = [];
    this.fresh = [];
    this.dirty = false;
    this.ready = [];
    return o;
  }
  persisted(entries: readonly Entry[]) {
    const l = entries.at(-1);
    if (l && this.termAt(l.index) === l.term) this.stable = Math.max(this.stable, l.index);
  }
}
