/**
 * The notation of failpoints, to data and back.
 *
 *     plans   name=plan;name=plan              (white space around names and plans is ignored)
 *     plan    term->term->…                    each hit takes the first term that has a count left and wins its draw
 *     term    [P%][N*]action[(argument)]       P: chance in percent, N: how often at most
 *     action  off  return(value)  sleep(ms)  panic(text)  print(text)  pause  yield  delay(ms)
 *
 * An argument may hold anything but an unmatched `)`. Fails with `failpoint.syntax`, naming the part that is wrong.
 */
import { RutileError } from './error.ts';

export type FailpointAction =
  | { readonly kind: 'off' | 'pause' | 'yield' }
  | { readonly kind: 'return'; readonly value: string }
  | { readonly kind: 'sleep' | 'delay'; readonly ms: number }
  | { readonly kind: 'panic' | 'print'; readonly text: string };

export interface FailpointTerm {
  readonly action: FailpointAction;
  /** 0 to 100. */
  readonly percent: number;
  /** `Infinity` without a count. */
  readonly countMax: number;
}

/** A blocked event loop drops every client; above this it is a typing error. */
const MS_MAX = 600_000;

export function parseFailpoints(text: string): readonly (readonly [name: string, plan: readonly FailpointTerm[]])[] {
  const found: (readonly [string, readonly FailpointTerm[]])[] = [];
  for (const part of cut(text, ';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals <= 0) throw syntax(part, 'it is not name=plan');
    found.push([part.slice(0, equals).trim(), parsePlan(part.slice(equals + 1))]);
  }
  return found;
}

export function parsePlan(text: string): readonly FailpointTerm[] {
  return cut(text, '->').map((term) => parseTerm(term.trim()));
}

export function printPlan(plan: readonly FailpointTerm[]): string {
  return plan
    .map(({ action, percent, countMax }) => {
      const chance = percent === 100 ? '' : `${percent}%`;
      const count = countMax === Infinity ? '' : `${countMax}*`;
      return `${chance}${count}${printAction(action)}`;
    })
    .join('->');
}

function printAction(action: FailpointAction): string {
  switch (action.kind) {
    case 'return':
      return action.value === '' ? 'return' : `return(${action.value})`;
    case 'panic':
    case 'print':
      return action.text === '' ? action.kind : `${action.kind}(${action.text})`;
    case 'sleep':
    case 'delay':
      return `${action.kind}(${action.ms})`;
    default:
      return action.kind;
  }
}

function parseTerm(text: string): FailpointTerm {
  const match = /^(?:(\d+(?:\.\d+)?)%)?(?:(\d+)\*)?([a-z]+)(?:\(([\s\S]*)\))?$/.exec(text);
  if (!match) throw syntax(text, 'it is not [P%][N*]action[(argument)]');
  const percent = match[1] === undefined ? 100 : Number(match[1]);
  const countMax = match[2] === undefined ? Infinity : Number(match[2]);
  if (percent > 100) throw syntax(text, 'a chance is at most 100 %');
  if (countMax !== Infinity && (countMax < 1 || countMax > 2 ** 31)) throw syntax(text, 'a count is from 1 to 2^31');
  return { action: parseAction(match[3]!, match[4], text), percent, countMax };
}

function parseAction(kind: string, argument: string | undefined, term: string): FailpointAction {
  switch (kind) {
    case 'off':
    case 'pause':
    case 'yield':
      if (argument !== undefined) throw syntax(term, `${kind} takes no argument`);
      return { kind };
    case 'return':
      return { kind, value: argument ?? '' };
    case 'panic':
    case 'print':
      return { kind, text: argument ?? '' };
    case 'sleep':
    case 'delay': {
      const ms = /^\s*\d+\s*$/.test(argument ?? '') ? Number(argument) : NaN;
      if (!(ms >= 0 && ms <= MS_MAX)) throw syntax(term, `${kind} takes milliseconds from 0 to ${MS_MAX}`);
      return { kind, ms };
    }
    default:
      throw syntax(term, 'actions are off, return, sleep, panic, print, pause, yield and delay');
  }
}

/** Cuts at `separator` outside parentheses. */
function cut(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    if (depth < 0) throw syntax(text, 'a ) closes nothing');
    if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(from, at));
      at += separator.length - 1;
      from = at + 1;
    }
  }
  if (depth > 0) throw syntax(text, 'a ( is never closed');
  parts.push(text.slice(from));
  return parts;
}

function syntax(part: string, reason: string): RutileError {
  return new RutileError('failpoint.syntax', `failpoint ${JSON.stringify(part)}: ${reason}`, { fields: { part } });
}
