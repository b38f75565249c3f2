/** Messages of placement's members over the simulated network; while there is no connection they are lost, and the member is told. */
import { deserialize, serialize } from 'node:v8';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import type { MemberAddress, PlacementMember } from '../../../kv/placement/index.ts';
import type { Message } from '../../../kv/raft/index.ts';

/** `send` below finds the member by the same name. */
export function memberAddress(id: number): MemberAddress {
  return { id, name: `p${id}`, clientUrl: `http://p${id}` };
}

export class MemberWires {
  private readonly world: SimWorld;
  private readonly links = new Map<number, Connection | 'connecting'>();
  private member: PlacementMember | undefined = undefined;

  constructor(world: SimWorld, name: string) {
    this.world = world;
    world.network.listen(`${name}:raft`, (connection) =>
      connection.onMessage((bytes) => this.member?.receive(deserialize(bytes) as Message)),
    );
  }

  attach(member: PlacementMember): void {
    this.member = member;
  }

  send(to: number, message: Message): void {
    const link = this.links.get(to);
    if (link === undefined) {
      this.links.set(to, 'connecting');
      this.world.network.connect(`p${to}:raft`).then(
        (connection) => {
          this.links.set(to, connection);
          connection.onClose(() => {
            this.links.delete(to);
            this.member?.unreachable(to);
          });
          connection.send(serialize(message));
        },
        () => {
          this.links.delete(to);
          this.member?.unreachable(to);
        },
      );
    } else if (link === 'connecting') this.world.timers.soon(() => this.member?.unreachable(to));
    else link.send(serialize(message));
  }

  async sendSnapshot(to: number, message: Message): Promise<boolean> {
    this.send(to, message);
    await new Promise<void>((resolve) => void this.world.timers.after(20, resolve));
    return true;
  }
}
