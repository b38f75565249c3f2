/**
 * Histories of a register as a good server would have answered them, drawn from a seed: to test checkers with, ours and others.
 */
import { SeededRandom } from '../../base/random.ts';
import { History } from './history.ts';
import type { RegisterHistory } from './register.ts';

/** Clients of one true register; each takes effect at a moment between question and answer. */
export function drawRegisters(seed: number, count: number): RegisterHistory {
  const random = new SeededRandom(seed);
  const history: RegisterHistory = new History();
  let value: number | undefined;
  const busy: {
    process: number;
    operation: number;
    step: number;
    write: number | undefined;
    seen?: number | undefined;
  }[] = [];
  for (let made = 0; made < count || busy.length > 0;) {
    if (made < count && busy.length < 5 && random.below(2) === 0) {
      const write = random.below(2) === 0 ? ++made : (made++, undefined);
      const process = made;
      const operation = history.invoke(
        process,
        write === undefined ? { kind: 'read', key: 'x' } : { kind: 'write', key: 'x', value: write },
      );
      busy.push({ process, operation, step: 0, write });
      continue;
    }
    if (busy.length === 0) continue;
    const at = random.below(busy.length);
    const one = busy[at]!;
    if (one.step++ === 0) {
      if (one.write === undefined) one.seen = value;
      else if (random.below(10) > 0) value = one.write;
      else one.step = 9;
      continue;
    }
    busy.splice(at, 1);
    if (one.write === undefined) history.ok(one.operation, { value: one.seen });
    else if (one.step > 9 || random.below(10) === 0) history.unknown(one.operation);
    else history.ok(one.operation, {});
  }
  return history;
}
