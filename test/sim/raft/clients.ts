/**
 * Clients of the simulated cluster: each asks one thing at a time, over the simulated network, of whichever node it believes to
 * lead, and writes down what it asked and was told. A refusal is certain (nothing happened); silence is not.
 */
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection, Random } from '../../../base/world.ts';
import { History } from '../../check/history.ts';
import type { RegisterHistory, RegisterInput } from '../../check/register.ts';
import type { Command } from './register-machine.ts';

export type ReadMode = 'index' | 'lease';

export type Request =
  | { readonly id: number; readonly kind: 'read'; readonly mode: ReadMode; readonly key: string }
  | { readonly id: number; readonly kind: 'propose'; readonly command: Command };

export type Answer =
  | { readonly id: number; readonly kind: 'done'; readonly value?: number | undefined; readonly swapped?: boolean }
  /** Nothing happened. `leader` names who may know better. */
  | { readonly id: number; readonly kind: 'refused'; readonly leader?: string | undefined };

/** Some lose patience soon: they look for another leader while the old one still believes in itself. */
const TIMEOUT_MS: readonly [number, number] = [150, 1500];

export class Clients {
  readonly history: RegisterHistory = new History();
  readonly counters = { done: 0, refused: 0, unknown: 0 };
  private readonly world: SimWorld;
  private readonly random: Random;
  private readonly addresses: () => readonly string[];
  private readonly note: (fact: string) => void;
  private readonly connections = new Map<string, Connection>();
  private readonly waiting = new Map<number, (answer: Answer | undefined) => void>();
  private readonly keys: readonly string[];
  private requests = 0;
  private values = 0;
  private leader: string | undefined;
  private stopping = false;

  constructor(
    world: SimWorld,
    random: Random,
    options: {
      readonly addresses: () => readonly string[];
      readonly keys: number;
      readonly note: (fact: string) => void;
    },
  ) {
    this.world = world;
    this.random = random;
    this.addresses = options.addresses;
    this.note = options.note;
    this.keys = Array.from({ length: options.keys }, (_, i) => `k${i}`);
  }

  /** One client's life: until `stop`. */
  async work(process: number, pauseMsMax: number): Promise<void> {
    const last = new Map<string, number | undefined>();
    while (!this.stopping) {
      await this.pause(this.random.below(pauseMsMax) + 1);
      const key = this.keys[this.random.below(this.keys.length)]!;
      if (this.addresses().length === 0) continue;
      const draw = this.random.below(10);
      if (draw < 5) await this.ask(process, { kind: 'read', key }, last, draw < 2 ? 'index' : 'lease');
      else if (draw < 8) await this.ask(process, { kind: 'write', key, value: ++this.values }, last);
      else await this.ask(process, { kind: 'cas', key, expected: last.get(key), value: ++this.values }, last);
    }
  }

  stop(): void {
    this.stopping = true;
  }

  /** Tries until a write was acknowledged. */
  async succeed(process: number): Promise<void> {
    const key = this.keys[0]!;
    while (
      this.addresses().length === 0 ||
      !(await this.ask(process, { kind: 'write', key, value: ++this.values }, new Map()))
    )
      await this.pause(50);
  }

  private async ask(
    process: number,
    input: RegisterInput,
    last: Map<string, number | undefined>,
    mode: ReadMode = 'index',
  ): Promise<boolean> {
    const operation = this.history.invoke(process, input);
    const id = ++this.requests;
    const request: Request =
      input.kind === 'read'
        ? { id, kind: 'read', mode, key: input.key }
        : { id, kind: 'propose', command: { id, ...input } };
    const addresses = this.addresses();
    const target =
      this.leader !== undefined && this.random.below(input.kind === 'read' ? 2 : 8) > 0
        ? this.leader
        : addresses[this.random.below(addresses.length)]!;
    const answer = await this.exchange(target, request);
    if (answer?.kind === 'done') {
      this.counters.done++;
      this.leader = target;
      const said = input.kind === 'read' ? answer.value : input.kind === 'cas' ? answer.swapped : 'written';
      this.note(`client ${process} ${mode} ${JSON.stringify(input)} at ${target}: ${said}`);
      if (input.kind === 'read') last.set(input.key, answer.value);
      else if (input.kind === 'write' || answer.swapped) last.set(input.key, input.value);
      this.history.ok(
        operation,
        input.kind === 'read' ? { value: answer.value } : input.kind === 'cas' ? { swapped: answer.swapped! } : {},
      );
      return true;
    }
    this.leader = answer?.kind === 'refused' ? answer.leader : undefined;
    if (answer === undefined) {
      this.counters.unknown++;
      this.history.unknown(operation);
    } else {
      this.counters.refused++;
      this.history.fail(operation);
    }
    return false;
  }

  /** `undefined` when no answer came in time. */
  private async exchange(target: string, request: Request): Promise<Answer | undefined> {
    let connection: Connection;
    try {
      connection = await this.connect(target);
    } catch {
      return { id: request.id, kind: 'refused' };
    }
    return new Promise((resolve) => {
      const timer = this.world.timers.after(TIMEOUT_MS[0] + this.random.below(TIMEOUT_MS[1] - TIMEOUT_MS[0]), () =>
        end(undefined),
      );
      const end = (answer: Answer | undefined): void => {
        if (!this.waiting.delete(request.id)) return;
        timer.cancel();
        resolve(answer);
      };
      this.waiting.set(request.id, end);
      connection.send(utf8(JSON.stringify(request)));
    });
  }

  private async connect(target: string): Promise<Connection> {
    const known = this.connections.get(target);
    if (known !== undefined) return known;
    const connection = await this.world.network.connect(target);
    this.connections.set(target, connection);
    connection.onMessage((bytes) => {
      const answer = JSON.parse(fromUtf8(bytes)) as Answer;
      this.waiting.get(answer.id)?.(answer);
    });
    connection.onClose(() => {
      if (this.connections.get(target) === connection) this.connections.delete(target);
    });
    return connection;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.world.timers.after(ms, resolve));
  }
}
