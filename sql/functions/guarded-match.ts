/**
 * A regular expression may take time exponential in its text (`(a+)+$`), in one native call that nothing in this process can interrupt but
 * the engine itself. What may take long runs under its watchdog and ends with error 3699; the rest, nearly all of what people write, runs bare:
 * the watchdog is a thread a call, about 50 µs.
 *
 * May take long: a repetition over something that itself repeats or chooses, a reference back, or so many unbounded repetitions over so long a
 * text that trying each of their combinations would not end in time.
 */
import { Script } from 'node:vm';
import { SqlError } from '../../base/error.ts';

/** Longer than any honest match, short enough that KILL is still answered in time. */
const MATCH_MS_MAX = 90;
/** Steps that surely end before that. */
const STEPS_MAX = 1e6;

/** The watchdog sees only what a script runs; the script calls what lies here. */
const SLOT = Symbol.for('rutile.guarded-match');
const slots = globalThis as unknown as Record<symbol, unknown>;
const script = new Script(`globalThis[Symbol.for('rutile.guarded-match')]()`);

export class GuardedPattern {
  readonly regexp: RegExp;
  private readonly repetitions: number;
  private readonly nested: boolean;

  /** `source` is in JavaScript's spelling. */
  constructor(source: string, flags: string) {
    this.regexp = new RegExp(source, flags);
    const shape = shapeOf(source);
    this.repetitions = shape.repetitions;
    this.nested = shape.nested;
  }

  /** Runs `match`, which uses the pattern on `text`. Fails with error 3699 when that takes too long. */
  run<T>(text: string, match: (regexp: RegExp) => T): T {
    this.regexp.lastIndex = 0;
    // A search begins anew at each character: one factor more than there are repetitions.
    const long = this.repetitions > 0 && (this.nested || text.length ** (this.repetitions + 1) > STEPS_MAX);
    return long ? runWatched(() => match(this.regexp)) : match(this.regexp);
  }
}

function runWatched<T>(work: () => T): T {
  let result: T | undefined;
  slots[SLOT] = () => {
    result = work();
  };
  try {
    script.runInThisContext({ timeout: MATCH_MS_MAX });
    return result as T;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new SqlError(3699, 'HY000', 'Timeout exceeded in regular expression match.');
  } finally {
    slots[SLOT] = undefined;
  }
}

/** How many repetitions without a bound (or a large one) a pattern has, and whether one lies over something that repeats or chooses. */
function shapeOf(source: string): { readonly repetitions: number; readonly nested: boolean } {
  let repetitions = 0;
  let nested = /\\[1-9]|\\k</.test(source);
  // For each open group: does it hold a repetition or a choice?
  const groups = [false];
  let closed = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    let over = false;
    if (character === '\\') {
      at++;
      // `\p{L}` and `\u{1F600}` are one character.
      if (/[pPu]/.test(source[at] ?? '') && source[at + 1] === '{') at = source.indexOf('}', at);
    } else if (character === '[') {
      for (at++; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
    } else if (character === '(') groups.push(false);
    else if (character === ')') {
      over = groups.length > 1 && groups.pop()!;
      if (over) groups[groups.length - 1] = true;
    } else if (character === '|') groups[groups.length - 1] = true;
    else if (
      character === '*' ||
      character === '+' ||
      (character === '{' && !/^\{[0-3](,[0-3])?\}/.test(source.slice(at, at + 5)))
    ) {
      repetitions++;
      if (closed) nested = true;
      groups[groups.length - 1] = true;
    }
    closed = over;
  }
  return { repetitions, nested };
}
