/** What a session knows about itself: names, counters, variables, collations of values. */
import { SqlError } from '../../base/error.ts';
import { isPromise } from '../../base/outcome.ts';
import { BIGINT, BIGINT_UNSIGNED, isString, type FieldType } from '../../base/value/field-type.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { coercibility } from './collate.ts';
import { compileForgetful } from './compile.ts';
import { compileAsync, isAsynchronous } from './compile-async.ts';
import type { EvalContext } from './context.ts';
import { converter } from './convert.ts';
import { alias, convertArgument, define, type Evaluator } from './definition.ts';
import { call, constant, isJson, textType, typeOfValue } from './types.ts';

const NAME: FieldType = textType(288, 'utf8mb4_0900_ai_ci');

function fact(name: string, type: FieldType, read: (context: EvalContext) => Datum, volatile = false): void {
  define({
    name,
    argsMin: 0,
    argsMax: 0,
    contextual: true,
    volatile,
    infer: () => call(name, [], type),
    compile: () => (_row, context) => read(context),
  });
}

fact('version', { ...NAME, length: 32, notNull: true }, (context) => context.session.version);
fact('database', { ...NAME, length: 64 }, (context) => context.session.database ?? null);
fact('user', { ...NAME, notNull: true }, (context) => context.session.user);
fact('current_user', { ...NAME, notNull: true }, (context) => context.session.currentUser);
fact('connection_id', { ...BIGINT_UNSIGNED, notNull: true }, (context) => context.session.connectionId);
fact('current_role', { ...NAME, notNull: true }, (context) => context.session.currentRole?.() ?? 'NONE', true);
fact('row_count', { ...BIGINT, notNull: true }, (context) => context.session.rowCount, true);
fact('found_rows', { ...BIGINT, notNull: true }, (context) => context.session.foundRows, true);
alias('schema', 'database');
alias('session_user', 'user');
alias('system_user', 'user');

/** LAST_INSERT_ID(expr) sets what LAST_INSERT_ID() gives. */
define({
  name: 'last_insert_id',
  argsMin: 0,
  argsMax: 1,
  contextual: true,
  volatile: true,
  infer: (args) => call('last_insert_id', args.map((arg) => convertArgument(arg, 'integer', '')), { ...BIGINT_UNSIGNED, length: 21, notNull: args.length === 0 }), // prettier-ignore
  compile: (_expression, [arg]) => {
    if (arg === undefined) return (_row, context) => context.session.lastInsertId;
    return (row, context) => {
      const given = arg(row, context) as number | bigint | null;
      const value = given === null || given >= 0 ? given : normalizeInteger(BigInt.asUintN(64, BigInt(given)));
      context.session.lastInsertId = value ?? 0;
      return value;
    };
  },
});

/** MySQL's component of query attributes, always there. */
define({
  name: 'mysql_query_attribute_string',
  argsMin: 1,
  argsMax: 1,
  contextual: true,
  volatile: true,
  infer: ([name]) => call('mysql_query_attribute_string', [convertArgument(name!, 'string', '')], textType(4294967295, 'utf8mb4_0900_ai_ci')), // prettier-ignore
  compile:
    (_expression, [name]) =>
    (row, context) => {
      const wanted = name!(row, context);
      return wanted === null ? null : (context.session.queryAttributes?.get(wanted as string) ?? null);
    },
});

// ---- variables ----

define({
  name: 'get_user_variable',
  argsMin: 1,
  argsMax: 1,
  contextual: true,
  volatile: true,
  infer: (args) => call('get_user_variable', args, textType(4294967295, 'utf8mb4_0900_ai_ci')),
  compile: (expression) => {
    const name = nameOf(expression.args[0]!);
    return (_row, context) => {
      const variable = context.session.userVariables.get(name);
      if (variable === undefined || variable.value === null) return null;
      // The plan was made for another type of value than the variable holds by now.
      if (variable.type.code === expression.type.code && variable.type.charset === expression.type.charset)
        return variable.value;
      return converter(variable.type, expression.type)(variable.value, context);
    };
  },
});

define({
  name: 'set_user_variable',
  argsMin: 2,
  argsMax: 2,
  contextual: true,
  volatile: true,
  infer: ([name, value]) => call('set_user_variable', [name!, value!], { ...value!.type, notNull: false }),
  compile: (expression, [, value]) => {
    const name = nameOf(expression.args[0]!);
    const { type } = expression.args[1]!;
    return (row, context) => {
      const result = value!(row, context);
      context.session.userVariables.set(name, { value: result, type });
      return result;
    };
  },
});

function nameOf(expression: Expression): string {
  if (expression.kind !== 'constant' || typeof expression.value !== 'string')
    throw new SqlError(1210, 'HY000', 'Incorrect arguments to user variable');
  return expression.value.toLowerCase();
}

/** `@@name`: the name, and `global` or `session` when a scope was written. */
define({
  name: 'system_variable',
  argsMin: 1,
  argsMax: 2,
  contextual: true,
  infer: (args, options) => {
    const value = options.context?.session.systemVariable(nameOf(args[0]!), scopeOf(args[1])) ?? null;
    return call('system_variable', args, { ...typeOfValue(value), notNull: false });
  },
  compile: (expression) => {
    const name = nameOf(expression.args[0]!);
    const scope = scopeOf(expression.args[1]);
    return (_row, context) => {
      const value = context.session.systemVariable(name, scope);
      if (value === null) return null;
      const type = typeOfValue(value);
      return type.code === expression.type.code ? value : converter(type, expression.type)(value, context);
    };
  },
});
alias('get_system_variable', 'system_variable');

function scopeOf(expression: Expression | undefined): 'session' | 'global' | undefined {
  const value = expression?.kind === 'constant' ? expression.value : undefined;
  return value === 'global' || value === 'session' ? value : undefined;
}

// ---- about values ----

function aboutType(name: string, read: (arg: Expression) => Datum, type: FieldType): void {
  define({
    name,
    argsMin: 1,
    argsMax: 1,
    infer: ([arg]) => constant(read(arg!), { ...type, notNull: true }),
    compile: (expression): Evaluator => {
      const value = read(expression.args[0]!);
      return () => value;
    },
  });
}

aboutType('charset', (arg) => (isString(arg.type) || isJson(arg.type) ? arg.type.charset : 'binary'), {
  ...NAME,
  length: 64,
});
aboutType('collation', (arg) => (isString(arg.type) || isJson(arg.type) ? arg.type.collation : 'binary'), {
  ...NAME,
  length: 64,
});
aboutType('coercibility', coercibility, { ...BIGINT, length: 10 });

/** How long BENCHMARK may keep others from their turn, and after how many evaluations it looks at the clock. */
const TURN_MS_MAX = 8;
const EVALUATIONS_BETWEEN_LOOKS = 16;

/** Evaluates the argument that often; gives 0. The turn is given up now and then, so that others run and KILL arrives. */
define({
  name: 'benchmark',
  argsMin: 2,
  argsMax: 2,
  volatile: true,
  repeats: true,
  infer: ([count, value]) =>
    call('benchmark', [convertArgument(count!, 'count', ''), value!], { ...BIGINT, length: 1 }),
  compile:
    (_expression, [count, value]) =>
    (row, context) => {
      const times = timesOf(count!(row, context), context);
      for (let done = 0; done < times; done++) {
        if (done % 1024 === 0) context.checkKilled();
        value!(row, context);
      }
      return times < 0 ? null : 0;
    },
  compileAsync: (expression) => {
    const [count, value] = expression.args.map((arg) =>
      isAsynchronous(arg) ? compileAsync(arg) : compileForgetful(arg),
    );
    return async (row, context) => {
      const times = timesOf(await count!(row, context), context);
      let turnEndsMs = context.nowMs() + TURN_MS_MAX;
      for (let done = 0; done < times; done++) {
        const result = value!(row, context);
        if (isPromise(result)) await result;
        if (done % EVALUATIONS_BETWEEN_LOOKS !== 0) continue;
        context.checkKilled();
        if (context.nowMs() < turnEndsMs) continue;
        await context.sleep(0);
        turnEndsMs = context.nowMs() + TURN_MS_MAX;
      }
      return times < 0 ? null : 0;
    };
  },
});

/** -1 for what MySQL answers with NULL: no count, or a negative one. */
function timesOf(count: Datum, context: EvalContext): number {
  if (count === null) return -1;
  if ((count as number) >= 0) return count as number;
  context.warn('Warning', 1411, `Incorrect count value: '${count as number}' for function benchmark`);
  return -1;
}
