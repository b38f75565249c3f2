/**
 * `SessionTracker`: what of a session has changed since its client last heard. Clients that asked for it (CLIENT_SESSION_TRACK) are told with
 * the next OK: a pool or a proxy then knows which database its connection is in, which variables were set, and whether a transaction is
 * open, without asking.
 *
 * Four things are told, each as a variable of the session says: `session_track_schema`, `session_track_system_variables` (a list of names, or
 * `*`), `session_track_state_change`, `session_track_transaction_info` (OFF, STATE, CHARACTERISTICS). Errors tell nothing; what
 * changed before one waits for the next OK. For anybody else this costs a look at `enabled`.
 *
 * The state of a transaction is eight letters, as in MySQL: `T` begun by a statement or `I` by autocommit = 0, `R` read, `W` wrote, `S` sent rows, `L`
 * tables locked; the three for tables without transactions and for unsafe statements are never set here. Its characteristics are the
 * statements that would begin one like it.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { SessionState } from './state.ts';
import type { SessionTransaction } from './transaction.ts';
import { variableDefinition, variableText } from './variables.ts';

export type SessionChange =
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  | { readonly kind: 'schema'; readonly name: string }
  | { readonly kind: 'state' }
  | { readonly kind: 'transaction-characteristics'; readonly text: string }
  | { readonly kind: 'transaction-state'; readonly text: string };

/** The session, as far as this needs it. */
export interface TrackedSession {
  readonly state: SessionState;
  readonly transaction: SessionTransaction;
  readonly temporaryChanges: number;
}

const NO_TRANSACTION = '________';

export class SessionTracker {
  /** The client understands it. */
  enabled = false;
  private readonly session: TrackedSession;
  private readonly variables = new Set<string>();
  private schema = false;
  private state = false;
  /** As of the last OK. */
  private temporaryChanges = 0;
  private characteristics = '';
  private transactionState = NO_TRANSACTION;
  /** The list that `wanted` was read from. */
  private listText = '';
  private wanted: ReadonlySet<string> | 'all' = new Set();

  constructor(session: TrackedSession) {
    this.session = session;
  }

  noteVariable(name: string): void {
    if (!this.enabled) return;
    this.variables.add(name);
    this.state = true;
  }

  noteSchema(): void {
    if (!this.enabled) return;
    this.schema = this.state = true;
  }

  /** A user variable, a prepared statement. */
  noteState(): void {
    this.state = true;
  }

  /** RESET_CONNECTION and CHANGE_USER: all is as at the beginning, and the client is told what that is. */
  noteReset(): void {
    if (!this.enabled) return;
    const wanted = this.list();
    if (wanted !== 'all') for (const name of wanted) this.variables.add(name);
    this.schema = this.state = true;
  }

  /** What the next OK tells; `undefined`: nothing. It counts as told. */
  // hot
  take(): readonly SessionChange[] | undefined {
    return this.enabled ? this.gather() : undefined;
  }

  private gather(): readonly SessionChange[] | undefined {
    const { state } = this.session;
    const changes: SessionChange[] = [];
    if (this.variables.size > 0) {
      const wanted = this.list();
      for (const name of [...this.variables].sort())
        if (wanted === 'all' || wanted.has(name))
          changes.push({ kind: 'variable', name, value: textOf(name, state.value(name)) });
      this.variables.clear();
    }
    if (this.schema && isOn(state.value('session_track_schema')))
      changes.push({ kind: 'schema', name: state.database ?? '' });
    this.schema = false;
    const { temporaryChanges } = this.session;
    if (temporaryChanges !== this.temporaryChanges) this.state = true;
    this.temporaryChanges = temporaryChanges;
    if (this.state && isOn(state.value('session_track_state_change'))) changes.push({ kind: 'state' });
    this.state = false;
    this.gatherTransaction(changes);
    return changes.length === 0 ? undefined : changes;
  }

  private gatherTransaction(changes: SessionChange[]): void {
    const { state } = this.session;
    const text = this.transactionText();
    const level = state.value('session_track_transaction_info');
    if (level === 'OFF') {
      // Who turns it on is told what is so then.
      this.transactionState = NO_TRANSACTION;
      this.characteristics = '';
      return;
    }
    if (level === 'CHARACTERISTICS') {
      const characteristics = this.characteristicsText();
      if (characteristics !== this.characteristics)
        changes.push({ kind: 'transaction-characteristics', text: characteristics });
      this.characteristics = characteristics;
    }
    if (text !== this.transactionState) changes.push({ kind: 'transaction-state', text });
    this.transactionState = text;
  }

  private transactionText(): string {
    const { transaction } = this.session;
    const locks = transaction.tablesLocked ? 'L' : '_';
    if (!transaction.active) return `_______${locks}`;
    const begun = transaction.isImplicit ? 'I' : 'T';
    const { hasRead, hasWritten, hasSentRows } = transaction.deeds;
    return `${begun}_${hasRead ? 'R' : '_'}_${hasWritten ? 'W' : '_'}_${hasSentRows ? 'S' : '_'}${locks}`;
  }

  private characteristicsText(): string {
    const { transaction } = this.session;
    const { next } = transaction;
    const parts: string[] = [];
    if (transaction.active) {
      if (transaction.isolationSaid !== undefined) parts.push(isolationStatement(transaction.isolationSaid));
      const how: string[] = [];
      if (transaction.isConsistent) how.push('WITH CONSISTENT SNAPSHOT');
      if (transaction.accessSaid !== undefined) how.push(transaction.accessSaid ? 'READ ONLY' : 'READ WRITE');
      parts.push(`${`START TRANSACTION ${how.join(', ')}`.trimEnd()};`);
      return parts.join(' ');
    }
    if (next.isolation !== undefined) parts.push(isolationStatement(next.isolation));
    if (next.readOnly !== undefined) parts.push(`SET TRANSACTION READ ${next.readOnly ? 'ONLY' : 'WRITE'};`);
    return parts.join(' ');
  }

  private list(): ReadonlySet<string> | 'all' {
    const text = String(this.session.state.value('session_track_system_variables') ?? '');
    if (text === this.listText) return this.wanted;
    this.listText = text;
    this.wanted = trackedNames(text).all ? 'all' : new Set(trackedNames(text).known);
    return this.wanted;
  }
}

/** The names of a list of variables, those that are none, and whether all are meant. */
export function trackedNames(text: string): {
  readonly all: boolean;
  readonly known: readonly string[];
  readonly unknown: readonly string[];
} {
  const names = text.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '' && name !== '*');
  const known = given.map((name) => variableDefinition(name.toLowerCase())?.name);
  return {
    all: names.includes('*'),
    known: known.filter((name) => name !== undefined),
    unknown: given.filter((_name, i) => known[i] === undefined),
  };
}

function isOn(value: Datum): boolean {
  return value === 1 || value === 'ON';
}

function isolationStatement(level: string): string {
  return `SET TRANSACTION ISOLATION LEVEL ${level.replace('-', ' ')};`;
}

function textOf(name: string, value: Datum): string {
  const definition = variableDefinition(name);
  return definition === undefined ? String(value) : variableText(definition, value);
}
