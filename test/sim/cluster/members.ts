/**
 * Placement's members in the simulated cluster, in the runs that draw them: three machines with the product's own group, which break like the stores. Timestamps
 * come from whoever leads it, by the product's own way to ask (`ClusterOracle`); the map of regions and the ids stay with `placement.ts`.
 */
import { ClusterOracle } from '../../../bin/placement-ports.ts';
import { RutileError } from '../../../base/error.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { TimestampPort } from '../../../kv/client/store-port.ts';
import { type MemberAddress, PlacementMember } from '../../../kv/placement/index.ts';
import type { PlacementPort } from '../../../kv/placement/port.ts';
import { memberAddress, MemberWires } from '../placement/member-wires.ts';
import { answerCalls, Caller } from './calls.ts';
import type { Ground, Machine } from './work.ts';

const CALL_MS = 500;

class MemberMachine implements Machine {
  readonly name: string;
  world: SimWorld;
  state: Machine['state'] = 'down';
  private readonly ground: Pick<Ground, 'note' | 'fail'>;
  private readonly self: MemberAddress;
  private readonly founders: readonly MemberAddress[];

  constructor(self: MemberAddress, founders: readonly MemberAddress[], ground: Ground) {
    this.name = self.name;
    this.self = self;
    this.founders = founders;
    this.ground = ground;
    this.world = ground.simulation.node(self.name);
  }

  start(): void {
    if (this.state !== 'down') return;
    this.state = 'starting';
    const { world, ground } = this;
    const wires = new MemberWires(world, this.name);
    const failed = (error: unknown): void => {
      if (world !== this.world) return;
      if (!(error instanceof RutileError && error.code === 'disk.full')) return ground.fail(error);
      ground.note(`${this.name} stops: ${error.code}`);
      this.crash();
    };
    const { self, founders } = this;
    PlacementMember.open(world, { folder: 'placement', self, founders, transport: wires, timing: {}, segmentSizeBytes: 64 * 1024, onFailure: failed }).then((member) => {
      if (world !== this.world) return;
      this.state = 'up';
      wires.attach(member);
      answerCalls(world, this.name, (count) => member.timestamps(count as number), (error) => ground.fail(error));
      ground.note(`${this.name} is up`);
    }, failed); // prettier-ignore
  }

  crash(): void {
    this.world = this.world.crash();
    this.state = 'down';
  }
}

export class MemberGroup {
  readonly machines: readonly Machine[];

  constructor(count: number, ground: Ground) {
    const founders = Array.from({ length: count }, (_, i) => memberAddress(i + 1));
    this.machines = founders.map((one) => new MemberMachine(one, founders, ground));
  }

  start(): void {
    for (const machine of this.machines) machine.start();
  }

  timestampsFor(world: SimWorld): TimestampPort {
    const caller = new Caller(world);
    const names = this.machines.map(({ name }) => name);
    let leader = names[0]!;
    const timestamps = async (count: number): Promise<unknown> => {
      try {
        return await caller.call(leader, count, CALL_MS);
      } catch (error) {
        if (!(error instanceof RutileError)) throw error;
        const named = String(error.fields['leader'] ?? '').replace('http://', '');
        leader = names.includes(named) ? named : names[world.random.below(names.length)]!;
        throw new RutileError('placement.unavailable', error.message, { retry: 'same', cause: error });
      }
    };
    return new ClusterOracle(world, { timestamps } as unknown as PlacementPort);
  }
}
