/**
 * The one place where text becomes code. Generated functions are made of our own templates, finite numbers and names that
 * this class made up; every value of a user (a literal, a dictionary, an array) enters through the constants array `K`. Nothing is
 * ever quoted into the source, so there is nothing to escape.
 */
import { assert } from '../../base/assert.ts';

export class Emitter {
  private readonly constants: unknown[] = [];
  private readonly known = new Map<unknown, string>();
  private names = 0;
  private readonly prologue: string[] = [];

  /** The name under which the code sees `value`. */
  constant(value: unknown): string {
    const before = this.known.get(value);
    if (before !== undefined) return before;
    const name = `k${this.constants.length}`;
    this.prologue.push(`const ${name} = K[${this.constants.length}];`);
    this.constants.push(value);
    this.known.set(value, name);
    return name;
  }

  /** A new name, `prefix` followed by a number. */
  fresh(prefix: string): string {
    assert(/^[a-z]+$/.test(prefix), 'a name prefix is lower-case letters');
    return `${prefix}_${++this.names}`;
  }

  /** A statement that runs once, before the loop. Everything is local to the function, so that loops keep it in registers. */
  before(statement: string): void {
    this.prologue.push(statement);
  }

  /** A local that all of the function shares, declared once by `statement`. */
  shared(name: string, statement: string): string {
    if (!this.prologue.includes(statement)) this.prologue.push(statement);
    return name;
  }

  /** A number as text. Negative ones come in parentheses, so that `a - -1` cannot happen. */
  number(value: number): string {
    assert(Number.isFinite(value), 'only finite numbers are printed');
    return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
  }

  /** Compiles `body` to a function without parameters; `name` shows in profiles. */
  finish(name: string, body: string): { readonly run: () => unknown; readonly source: string } {
    assert(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name), 'a function name is an identifier');
    const source = `'use strict';\nreturn function ${name}() {\n${this.prologue.join('\n')}\n${body}\n};\n//# sourceURL=rutile-generated/${name}.js`;
    const make = new Function('K', source) as (constants: readonly unknown[]) => () => unknown;
    return { run: make(this.constants), source };
  }
}
