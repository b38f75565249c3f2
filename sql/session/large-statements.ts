/**
 * `LargeStatements`: how many statements of a large text run at a time. The tree of an INSERT of a megabyte takes fifty times its text while it is
 * planned, and the processor is one: sixty-four of them at once only take turns, hold two gigabytes, and all end late. So they
 * begin one after the other, as many as `RUNNING_CHARS_MAX` allows; the others wait with nothing but their text, can be killed
 * meanwhile, and are never refused: each connection waits for one statement, so the line is as long as `max_connections` at most.
 *
 * Only statements outside of a transaction wait. One inside may hold locks that those which run are waiting for.
 */
import type { StatementResult } from './result.ts';
import type { Session } from './session.ts';

/** Below this nobody waits. */
export const LARGE_STATEMENT_CHARS = 128 * 1024;
/** Text of all that run; a single one may be larger. */
const RUNNING_CHARS_MAX = 1024 * 1024;

export class LargeStatements {
  private runningChars = 0;
  private readonly line: { readonly chars: number; readonly begin: () => void }[] = [];

  get waiting(): number {
    return this.line.length;
  }

  /** Resolves when the statement may begin; rejects with the signal's reason. */
  enter(chars: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const place = { chars, begin: (): void => undefined };
      const giveUp = (): void => {
        this.line.splice(this.line.indexOf(place), 1);
        reject(signal.reason as Error);
        this.advance();
      };
      place.begin = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.line.push(place);
      this.advance();
    });
  }

  leave(chars: number): void {
    this.runningChars -= chars;
    this.advance();
  }

  private advance(): void {
    for (;;) {
      const next = this.line[0];
      if (next === undefined) return;
      if (this.runningChars > 0 && this.runningChars + next.chars > RUNNING_CHARS_MAX) return;
      this.line.shift();
      this.runningChars += next.chars;
      next.begin();
    }
  }
}

/** Runs a statement when it is its turn. */
export async function runLarge(session: Session, sql: string, multi: boolean): Promise<StatementResult> {
  const { largeStatements } = session.instance;
  // Shown by SHOW PROCESSLIST and killed like a statement that runs.
  session.beginStatement(sql);
  session.statement.start(session.schema());
  await largeStatements.enter(sql.length, session.statement.abortSignal());
  try {
    return await session.run(sql, multi, true, true);
  } finally {
    largeStatements.leave(sql.length);
  }
}
