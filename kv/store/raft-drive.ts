/**
 * `RaftDrive`: the turn of all members of a store. Whatever happens to a member enlists it; when the work at hand is done, all that were enlisted
 * are drained one after the other, so that what they want written is one write of the shared log. Regions call it.
 */
import { assert } from '../../base/assert.ts';

/** What the drive sees. */
export interface RaftMember {
  enlisted: boolean;
  drain(): void;
}

/** Drains members that have something to do, all of a turn together. */
export class RaftDrive {
  private ready: RaftMember[] = [];
  private scheduled = false;

  enlist(member: RaftMember): void {
    assert(!member.enlisted, 'a member is enlisted once');
    member.enlisted = true;
    this.ready.push(member);
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.run();
    });
  }

  private run(): void {
    const members = this.ready;
    this.ready = [];
    for (const member of members) {
      member.enlisted = false;
      member.drain();
    }
  }
}
