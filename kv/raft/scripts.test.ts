/**
 * Runs the golden scripts of test/scripts/raft: what is done to a group of members, and what they say and become.
 * `RUTILE_REWRITE=1` writes the transcripts anew.
 *
 *     nodes 1 2 3 [learners=4] [set=OPTION:VALUE,…]     node 4 [set=…]   (empty, to join)
 *     log 1 2:a 2:b 3:c                      a member's log from index 2 on, `term:data` each; its term that of the last entry
 *     state 1 term=5 vote=2 commit=3          what its disk says; both before anything else happens to it
 *     campaign 1   tick 1 5   propose 1 a b   read 1 7   transfer 1 2   wake 1   unreachable 1 2   time 1 100
 *     change 1 +2 ~3 -4 [explicit|implicit]    voter, learner, remove; none: leave
 *     step 2 append from=1 term=2 index=1 logTerm=1 commit=1 [entries=2:a,2:b] [reject] [hint=] [force] [priority=] [context=]
 *     ready 1         drained: messages to the wire, write and committed entries to their queues; says what came
 *     persist 1 [n]   the oldest writes are done     apply 1     entries 1   (entry and snapshot requests are answered)
 *     deliver [2] [kind]    what is on the wire (to that member, of that kind) arrives     drop [2] [kind]
 *     cut 1 2   heal   isolate 1   restart 1   purge 1 5
 *     stabilize      until nothing happens without a tick, telling the messages; `settle` the same in silence
 *     status [1 …]   log 1   progress 1
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packagePath } from '../../base/node/package-root.ts';
import { type ConfigChange, type ConfigChangeStep, configurationOf, type Entry, message, type Message, type MessageKind } from './index.ts'; // prettier-ignore
import { type NodeOptions, showEntry, TestCluster, type TestNode } from './testing/cluster.ts';

const folder = packagePath('test', 'scripts', 'raft');
const rewrite = process.env['RUTILE_REWRITE'] === '1';

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.script'))
  .sort()) {
  const path = join(folder, file);
  const scenes = readFileSync(path, 'utf8').trim().split(/\n\n(?=# )/); // prettier-ignore
  const written: string[] = [];
  for (const scene of scenes) {
    const lines = scene.split('\n');
    const rule = lines.indexOf('---');
    const titles = lines.filter((line, i) => line.startsWith('# ') && (rule < 0 || i < rule));
    const commands = lines.slice(titles.length, rule < 0 ? undefined : rule);
    test(`${file}: ${titles[0]!.slice(2)}`, () => {
      const transcript = new Script().run(commands);
      written.push([...titles, ...commands, '---', ...transcript].join('\n'));
      if (!rewrite) assert.deepEqual(transcript, lines.slice(rule + 1));
    });
  }
  if (rewrite) test(`${file} is written anew`, () => writeFileSync(path, `${written.join('\n\n')}\n`));
}

class Script {
  private readonly cluster = new TestCluster();
  private readonly cuts = new Set<string>();
  private readonly options = new Map<number, NodeOptions>();
  private out: string[] = [];

  run(commands: readonly string[]): string[] {
    for (const command of commands) {
      this.out.push(`> ${command}`);
      const [verb, ...words] = command.split(/\s+/);
      try {
        this.perform(verb!, words);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AssertionError' || error.message.startsWith('unknown'))
          throw error;
        this.out.push(`  bug: ${error.message}`);
      }
    }
    this.cluster.check();
    return this.out;
  }

  private perform(verb: string, words: readonly string[]): void {
    const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
    const [first, second] = numbers;
    const options = new Map(
      words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
    );
    const node = (): TestNode => this.cluster.node(first!);
    const { cluster } = this;
    switch (verb) {
      case 'nodes': {
        const learners = (options.get('learners') ?? '').split(',').filter(Boolean).map(Number);
        for (const id of [...numbers, ...learners])
          cluster.add(id, configurationOf(numbers, learners), settings(options.get('set')));
        return;
      }
      case 'node':
        cluster.add(first!, configurationOf([]), settings(options.get('set')));
        return;
      case 'log':
        if (words.length === 1) return this.say(this.logOf(node()));
        node().disk.entries = entries(words.slice(1), 2);
        node().disk.state = { term: node().disk.entries.at(-1)!.term, vote: 0, commit: 1 };
        return node().restart();
      case 'state': {
        const { disk } = node();
        disk.state = {
          term: Number(options.get('term')),
          vote: Number(options.get('vote') ?? 0),
          commit: Number(options.get('commit') ?? 1),
        };
        return node().restart();
      }
      case 'campaign':
        return this.say(node().raft.campaign() ? '' : 'no');
      case 'tick':
        for (let i = 0; i < (second ?? 1); i++) node().raft.tick();
        return;
      case 'time':
        return node().raft.advance(second!);
      case 'propose':
        for (const word of words.slice(1)) {
          const result = node().raft.propose(new TextEncoder().encode(word));
          this.say(
            result.kind === 'proposed'
              ? `${word} ${result.index}@${result.term}`
              : `${word} ${result.kind === 'refused' ? result.reason : result.kind}`,
          );
        }
        return;
      case 'change': {
        const result = node().raft.proposeChange(changeOf(words.slice(1)));
        return this.say(
          result.kind === 'proposed'
            ? `${result.index}@${result.term}`
            : result.kind === 'refused'
              ? result.reason
              : result.kind,
        );
      }
      case 'read':
        return this.say(node().raft.readIndex(second!));
      case 'transfer':
        return this.say(node().raft.transferLeader(second!) ? '' : 'no');
      case 'wake':
        return node().raft.wake();
      case 'unreachable':
        return node().raft.unreachable(second!);
      case 'step':
        return cluster.deliver(messageOf(first!, words.slice(1), options));
      case 'ready':
        return this.ready(node());
      case 'persist':
        for (let i = 0; i < (second ?? 1); i++) if (!cluster.persist(node())) this.say('nothing');
        return;
      case 'apply':
        return this.say(cluster.apply(node()) ? `applied ${node().disk.applied}` : 'nothing');
      case 'entries':
        return this.say(cluster.answerReads(node()) ? '' : 'nothing');
      case 'deliver':
      case 'drop': {
        const kind = words.find((word) => /^[a-z]/.test(word));
        const chosen = cluster.wire.filter(
          (each) => (first === undefined || each.to === first) && (kind === undefined || each.kind === kind),
        );
        cluster.wire = cluster.wire.filter((each) => !chosen.includes(each));
        for (const each of chosen) {
          this.say(`${verb === 'drop' ? 'lost ' : ''}${show(each)}`);
          if (verb === 'drop' || this.isCut(each)) cluster.lose(each);
          else cluster.deliver(each);
        }
        return;
      }
      case 'cut':
        this.cuts.add(`${first} ${second}`).add(`${second} ${first}`);
        return;
      case 'isolate':
        for (const id of cluster.nodes.keys()) this.cuts.add(`${first} ${id}`).add(`${id} ${first}`);
        return;
      case 'heal':
        return this.cuts.clear();
      case 'restart':
        return node().restart();
      case 'purge':
        node().disk.compact(second!);
        return node().raft.compacted(node().disk.boundary.index);
      case 'stabilize':
      case 'settle':
        cluster.stabilize((each) => {
          const lost = this.isCut(each);
          if (verb === 'stabilize') this.say(`${lost ? 'lost ' : ''}${show(each)}`);
          return lost;
        });
        for (const each of cluster.nodes.values()) this.answers(each);
        return;
      case 'status':
        for (const each of cluster.nodes.values())
          if (numbers.length === 0 || numbers.includes(each.id)) this.say(status(each));
        return;
      case 'progress':
        for (const { id, state, match, next, paused, inFlightCount } of node().raft.progress())
          this.say(
            `${id} ${state} match ${match} next ${next}${paused ? ' paused' : ''}${inFlightCount > 0 ? ` in flight ${inFlightCount}` : ''}`,
          );
        return;
    }
    throw new Error(`unknown command ${verb}`);
  }

  private say(line: string): void {
    if (line !== '') this.out.push(`  ${line}`);
  }

  private isCut({ from, to }: Message): boolean {
    return this.cuts.has(`${from} ${to}`);
  }

  private ready(node: TestNode): void {
    const { cluster } = this;
    const before = { wire: cluster.wire.length, writes: node.writes.length, committed: node.committed.length };
    const { soft } = node;
    if (!cluster.drain(node)) this.say('nothing');
    if (node.soft !== soft) this.say(`${node.soft.role}${node.soft.leader > 0 ? `, leader ${node.soft.leader}` : ''}`);
    for (const { entries: written, state, snapshot } of node.writes.slice(before.writes)) {
      const parts = [...written.map(showEntry)];
      if (state !== undefined) parts.push(`term ${state.term} vote ${state.vote} commit ${state.commit}`);
      if (snapshot !== undefined) parts.push(`snapshot ${snapshot.index}@${snapshot.term}`);
      this.say(`write ${parts.join(' ')}`);
    }
    for (const each of cluster.wire.slice(before.wire)) this.say(show(each));
    if (node.committed.length > before.committed)
      this.say(`committed ${node.committed.slice(before.committed).map(showEntry).join(' ')}`);
    for (const { lower, upper } of node.entryReads) this.say(`wants entries ${lower}..${upper - 1}`);
    for (const { to } of node.snapshotRequests) this.say(`wants a snapshot for ${to}`);
    this.answers(node);
  }

  private answers(node: TestNode): void {
    for (const { context, index } of node.reads.splice(0)) this.say(`${node.id} may read ${context} at ${index}`);
    for (const context of node.readsFailed.splice(0)) this.say(`${node.id} will not read ${context}`);
  }

  private logOf(node: TestNode): string {
    const { log } = node.raft;
    const disk = node.disk.entries.map(showEntry).join(' ');
    return `${disk}${log.stable < log.last ? ` (${log.last - Math.max(log.stable, 0)} not durable)` : ''}`;
  }
}

function status({ raft, disk, id }: TestNode): string {
  const { voters, outgoing, learners, learnersNext } = raft.configuration;
  const members = `${voters.join(' ')}${outgoing.length > 0 ? ` | ${outgoing.join(' ')}` : ''}${learners.length > 0 ? ` learners ${learners.join(' ')}` : ''}${learnersNext.length > 0 ? ` then ${learnersNext.join(' ')}` : ''}`;
  return `${id}: ${raft.role} term ${raft.term} vote ${raft.vote} leader ${raft.leader} last ${raft.log.last}@${raft.log.lastTerm} commit ${raft.log.committed} applied ${disk.applied} members ${members}`;
}

function show({
  kind,
  from,
  to,
  term,
  index,
  logTerm,
  commit,
  entries: sent,
  reject,
  rejectHint,
  context,
  force,
  snapshot,
}: Message): string {
  const parts = [`${from}->${to} ${kind} term ${term}`];
  if (kind === 'append' || kind === 'vote' || kind === 'pre-vote') parts.push(`after ${index}@${logTerm}`);
  else if (index > 0) parts.push(`index ${index}`);
  if (sent.length > 0) parts.push(sent.map(showEntry).join(' '));
  if (commit > 0) parts.push(`commit ${commit}`);
  if (reject) parts.push(kind === 'append-response' ? `refused, try ${rejectHint}@${logTerm}` : 'refused');
  if (context > 0) parts.push(`context ${context}`);
  if (force) parts.push('by order');
  if (snapshot !== undefined) parts.push(`of ${snapshot.index}@${snapshot.term}`);
  return parts.join(' ');
}

function entries(words: readonly string[], from: number): Entry[] {
  return words.map((word, i) => {
    const [term, data] = word.split(':');
    return { index: from + i, term: Number(term), data: new TextEncoder().encode(data) };
  });
}

function settings(text: string | undefined): NodeOptions {
  const options: Record<string, unknown> = { preVote: false, checkQuorum: false };
  for (const pair of (text ?? '').split(',').filter(Boolean)) {
    const [name, value] = pair.split(':');
    if (name === 'lease')
      Object.assign(options, { checkQuorum: true, lease: { durationMs: Number(value), driftMax: 0.1, nowMs: 0 } });
    else if (name === 'quietCommit') options[name] = value;
    else options[name!] = value === 'true' ? true : value === 'false' ? false : Number(value);
  }
  return options as NodeOptions;
}

function changeOf(words: readonly string[]): ConfigChange {
  const transition = words.includes('explicit') ? 'explicit' : words.includes('implicit') ? 'implicit' : 'auto';
  const kinds = { '+': 'add-voter', '~': 'add-learner', '-': 'remove' } as const;
  const steps = words
    .filter((word) => word[0]! in kinds)
    .map((word): ConfigChangeStep => ({ kind: kinds[word[0] as '+'], id: Number(word.slice(1)) }));
  return { transition, steps, context: new Uint8Array(0) };
}

function messageOf(to: number, words: readonly string[], options: ReadonlyMap<string, string>): Message {
  const of = (name: string): number => Number(options.get(name) ?? 0);
  const made = message(words[0] as MessageKind, of('from'), to, of('term'));
  Object.assign(made, {
    index: of('index'),
    logTerm: of('logTerm'),
    commit: of('commit'),
    rejectHint: of('hint'),
    context: of('context'),
    priority: of('priority'),
  });
  made.reject = words.includes('reject');
  made.force = words.includes('force');
  const listed = options.get('entries');
  if (listed !== undefined) made.entries = entries(listed.split(','), made.index + 1);
  return made;
}
