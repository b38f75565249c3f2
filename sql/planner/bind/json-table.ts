/**
 * JSON_TABLE in FROM: its columns, with types and paths checked, and the expression of its document, which sees the tables to its left as LATERAL does
 * without being told to. Positions of columns go depth first, in the order in which they are written.
 */
import { SqlError } from '../../../base/error.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { type FieldType, fieldType, TypeCode } from '../../../base/value/field-type.ts';
import { collationNamed } from '../../../base/value/collation/index.ts';
import type { CharsetName } from '../../../base/value/charset.ts';
import { Json } from '../../../base/value/json.ts';
import { parseJson } from '../../../base/value/json-parse.ts';
import type { OutputColumn, JsonResponse, JsonTablePart } from '../../../proto/plan/physical.ts';
import { typeOf } from '../../catalog/column-type.ts';
import { pathOf } from '../../functions/index.ts';
import type * as ast from '../../parser/ast.ts';
import { duplicateColumn } from '../errors.ts';
import type { Binder } from './binder.ts';
import { Block } from './block.ts';
import { bindExpression } from './expression.ts';
import type { FromContext, Source } from './from.ts';
import { Scope, type ScopeColumn } from './scope.ts';

/** As MySQL. */
const NESTED_PATHS_MAX = 16;

export function bindJsonTable(node: ast.JsonTableNode, context: FromContext, before: Source | undefined): Source {
  const { binder } = context.block;
  const left = new Block(binder, context.block.outer, context.block.ctes);
  left.scope = before?.scope ?? Scope.empty;
  const document = bindExpression(
    node.document,
    context.conditionContext(left, () => {
      throw new SqlError(
        1235,
        '42000',
        "This version of Rutile doesn't yet support 'a subquery in the document of JSON_TABLE'",
      );
    }),
  );
  const columns = new Columns(binder, node.alias);
  pathOf(node.path);
  const parts = columns.parts(node.columns);
  const plan = { kind: 'json-table' as const, document, path: node.path, parts, output: columns.output };
  return {
    plan,
    scope: new Scope([{ alias: node.alias, database: '', base: undefined, columns: columns.scope }], columns.scope),
  };
}

class Columns {
  readonly output: OutputColumn[] = [];
  readonly scope: ScopeColumn[] = [];
  private readonly names = new Set<string>();
  private readonly binder: Binder;
  private readonly alias: string;
  private nested = 0;

  constructor(binder: Binder, alias: string) {
    this.binder = binder;
    this.alias = alias;
  }

  parts(nodes: readonly ast.JsonTableColumn[]): readonly JsonTablePart[] {
    return nodes.map((node) => this.part(node));
  }

  private part(node: ast.JsonTableColumn): JsonTablePart {
    if (node.kind === 'nested') {
      pathOf(node.path);
      if (++this.nested > NESTED_PATHS_MAX)
        throw new SqlError(
          3670,
          '42000',
          `More than supported ${NESTED_PATHS_MAX} NESTED PATHs were found in JSON_TABLE '${this.alias}'`,
        );
      return { kind: 'nested', path: node.path, parts: this.parts(node.columns) };
    }
    if (node.kind === 'ordinality')
      return {
        kind: 'ordinality',
        index: this.column(node.name, fieldType(TypeCode.LONG, { unsigned: true, length: 11 })),
      };
    pathOf(node.path);
    const type = this.typeOf(node.name, node.type);
    const index = this.column(node.name, type);
    if (node.exists) return { kind: 'exists', index, path: node.path };
    const response = (given: ast.JsonOnResponse | undefined): JsonResponse => this.response(given, node.name);
    return {
      kind: 'value',
      index,
      name: node.name,
      path: node.path,
      onEmpty: response(node.onEmpty),
      onError: response(node.onError),
    };
  }

  private column(name: string, type: FieldType): number {
    const lower = name.toLowerCase();
    if (this.names.has(lower)) throw duplicateColumn(name);
    this.names.add(lower);
    const made = this.binder.newColumn(`${this.alias}.${name}`, type);
    this.scope.push({ id: made.id, name, table: this.alias, database: '', type, origin: undefined });
    return this.output.push(made) - 1;
  }

  /** Text has the connection's collation where it names none. */
  private typeOf(name: string, type: ast.DataType): FieldType {
    const { connectionCollation } = this.binder.env.evalContext.session;
    const charset = (collationNamed(connectionCollation)?.charset ?? 'utf8mb4') as CharsetName;
    return typeOf(name, type, undefined, false, { charset, collation: connectionCollation });
  }

  /** DEFAULT takes JSON in quotes. */
  private response(given: ast.JsonOnResponse | undefined, name: string): JsonResponse {
    if (given === undefined || given.kind === 'null') return { kind: 'value', value: null };
    if (given.kind === 'error') return given;
    const { value } = given;
    // It is looked at now, so the plan serves this text only.
    this.binder.cacheable = false;
    const text: Datum = value.kind === 'literal' ? (value.value as Datum) : null;
    const parsed = typeof text === 'string' ? parseJson(text) : undefined;
    if (parsed?.kind !== 'ok') throw new SqlError(1067, '42000', `Invalid default value for '${name}'`);
    return { kind: 'value', value: new Json(parsed.node) };
  }
}
