/**
 * ALTER TABLE: a list of changes.
 */
import type { AlterTableStatement, ColumnPosition, ExpressionNode, TableChange } from './ast.ts';
import type { Parser } from './parser-base.ts';
import type { Constraint } from './parser-column.ts';
import { parseColumnDefinition, parseConstraint, parseDefault, parseEnforced } from './parser-column.ts';
import { parsePartitionDefinitions, parsePartitioning } from './parser-partition.ts';
import { parseTableOptions, startsTableOption } from './parser-schema.ts';
import { charsetName, collationName } from './parser-type.ts';

/** After ALTER [IGNORE] TABLE. */
export function parseAlterTable(parser: Parser, start: number, ignore: boolean): AlterTableStatement {
  const table = parser.tableName();
  const changes: TableChange[] = [];
  if (!atEnd(parser)) {
    do parseChange(parser, changes);
    while (parser.accept(','));
    // Partitioning comes last, without a comma.
    if (parser.word === 'PARTITION' || parser.word === 'REMOVE') parseChange(parser, changes);
  }
  return { kind: 'alter-table', table, ignore, changes, start, end: parser.previousEnd };
}

function atEnd(parser: Parser): boolean {
  return parser.word === ';' || parser.start === parser.text.length;
}

function parseChange(parser: Parser, changes: TableChange[]): void {
  switch (parser.word) {
    case 'ADD':
      parser.advance();
      return parseAdd(parser, changes);
    case 'DROP':
      parser.advance();
      changes.push(parseDrop(parser));
      return;
    case 'MODIFY': {
      parser.advance();
      parser.accept('COLUMN');
      const ifExists = parser.acceptIfExists();
      const column = parseColumnDefinition(parser);
      changes.push({ kind: 'modify-column', column, position: parsePosition(parser), ifExists });
      return;
    }
    case 'CHANGE': {
      parser.advance();
      parser.accept('COLUMN');
      const ifExists = parser.acceptIfExists();
      const name = parser.name();
      const column = parseColumnDefinition(parser);
      changes.push({ kind: 'change-column', name, column, position: parsePosition(parser), ifExists });
      return;
    }
    case 'ALTER':
      parser.advance();
      changes.push(parseAlter(parser));
      return;
    case 'RENAME':
      parser.advance();
      changes.push(parseRename(parser));
      return;
    default:
      changes.push(parseOtherChange(parser));
  }
}

// ---- ADD ----

function parseAdd(parser: Parser, changes: TableChange[]): void {
  if (parser.accept('PARTITION')) {
    parser.accept('NO_WRITE_TO_BINLOG');
    const count = parser.accept('PARTITIONS') ? parser.integer() : undefined;
    changes.push({
      kind: 'add-partition',
      partitions: count === undefined ? parsePartitionDefinitions(parser) : [],
      count,
    });
    return;
  }
  const constraint = parser.word === 'COLUMN' ? undefined : parseConstraint(parser);
  if (constraint !== undefined) {
    changes.push(addConstraint(constraint));
    return;
  }
  parser.accept('COLUMN');
  const ifNotExists = parser.acceptIfNotExists();
  if (parser.accept('(')) {
    do {
      const inner = parseConstraint(parser);
      if (inner !== undefined) changes.push(addConstraint(inner));
      else changes.push({ kind: 'add-column', column: parseColumnDefinition(parser), ifNotExists });
    } while (parser.accept(','));
    parser.expect(')');
    return;
  }
  const column = parseColumnDefinition(parser);
  changes.push({ kind: 'add-column', column, position: parsePosition(parser), ifNotExists });
}

function addConstraint(constraint: Constraint): TableChange {
  switch (constraint.kind) {
    case 'check':
      return { kind: 'add-check', check: constraint.check };
    case 'foreign-key':
      return { kind: 'add-foreign-key', foreignKey: constraint.foreignKey };
    case 'index':
      return { kind: 'add-index', index: constraint.index };
  }
}

function parsePosition(parser: Parser): ColumnPosition | undefined {
  if (parser.accept('FIRST')) return { kind: 'first' };
  if (parser.accept('AFTER')) return { kind: 'after', column: parser.name() };
  return undefined;
}

// ---- DROP, ALTER, RENAME ----

function parseDrop(parser: Parser): TableChange {
  switch (parser.word) {
    case 'PRIMARY':
      parser.advance();
      parser.expect('KEY');
      return { kind: 'drop-primary-key' };
    case 'INDEX':
    case 'KEY': {
      parser.advance();
      const ifExists = parser.acceptIfExists();
      return { kind: 'drop-index', name: parser.at('PRIMARY') ? parser.anyName() : parser.name(), ifExists };
    }
    case 'FOREIGN': {
      parser.advance();
      parser.expect('KEY');
      const ifExists = parser.acceptIfExists();
      return { kind: 'drop-foreign-key', name: parser.name(), ifExists };
    }
    case 'CHECK':
      parser.advance();
      return { kind: 'drop-check', name: parser.name() };
    case 'CONSTRAINT': {
      parser.advance();
      const ifExists = parser.acceptIfExists();
      return { kind: 'drop-constraint', name: parser.name(), ifExists };
    }
    case 'PARTITION': {
      parser.advance();
      parser.acceptIfExists();
      return { kind: 'partition-action', action: 'DROP', names: parser.names() };
    }
    default: {
      parser.accept('COLUMN');
      const ifExists = parser.acceptIfExists();
      const name = parser.name();
      parser.acceptAny('RESTRICT', 'CASCADE');
      return { kind: 'drop-column', name, ifExists };
    }
  }
}

function parseAlter(parser: Parser): TableChange {
  if (parser.accept('INDEX')) {
    const name = parser.name();
    return { kind: 'alter-index-visibility', name, visible: visibility(parser) };
  }
  if (parser.word === 'CHECK' || parser.word === 'CONSTRAINT') {
    parser.advance();
    const name = parser.name();
    const enforced = parseEnforced(parser);
    if (enforced === undefined) throw parser.syntaxError();
    return { kind: 'alter-check', name, enforced };
  }
  parser.accept('COLUMN');
  const name = parser.name();
  if (parser.accept('DROP')) {
    parser.expect('DEFAULT');
    return { kind: 'alter-default', name };
  }
  parser.expect('SET');
  if (parser.word === 'VISIBLE' || parser.word === 'INVISIBLE') {
    return { kind: 'alter-column-visibility', name, visible: visibility(parser) };
  }
  parser.expect('DEFAULT');
  const target: { default?: ExpressionNode; defaultIsExpression?: boolean } = {};
  parseDefault(parser, target);
  return { kind: 'alter-default', name, ...target };
}

function visibility(parser: Parser): boolean {
  const word = parser.acceptAny('VISIBLE', 'INVISIBLE');
  if (word === undefined) throw parser.syntaxError();
  return word === 'VISIBLE';
}

function parseRename(parser: Parser): TableChange {
  if (parser.accept('COLUMN')) {
    const name = parser.name();
    parser.expect('TO');
    return { kind: 'rename-column', name, to: parser.name() };
  }
  if (parser.acceptAny('INDEX', 'KEY') !== undefined) {
    const name = parser.name();
    parser.expect('TO');
    return { kind: 'rename-index', name, to: parser.name() };
  }
  if (parser.acceptAny('TO', 'AS') === undefined) parser.optionalEquals();
  return { kind: 'rename', to: parser.tableName() };
}

// ---- the rest ----

function parseOtherChange(parser: Parser): TableChange {
  const word = parser.word;
  switch (word) {
    case 'CONVERT': {
      parser.advance();
      parser.expect('TO');
      if (!parser.accept('CHARSET')) {
        if (parser.acceptAny('CHARACTER', 'CHAR') === undefined) throw parser.syntaxError();
        parser.expect('SET');
      }
      const charset = parser.accept('DEFAULT') ? 'default' : charsetName(parser);
      const collation = parser.accept('COLLATE') ? collationName(parser) : undefined;
      return { kind: 'convert-charset', charset, collation };
    }
    case 'ORDER': {
      parser.advance();
      parser.expect('BY');
      const columns: { name: string; descending: boolean }[] = [];
      do {
        const name = parser.name();
        const descending = parser.accept('DESC');
        if (!descending) parser.accept('ASC');
        columns.push({ name, descending });
      } while (parser.accept(','));
      return { kind: 'order-by', columns };
    }
    case 'ENABLE':
    case 'DISABLE':
      parser.advance();
      parser.expect('KEYS');
      return { kind: 'keys', enabled: word === 'ENABLE' };
    case 'DISCARD':
    case 'IMPORT':
      parser.advance();
      if (parser.accept('PARTITION')) {
        const names = partitionNames(parser);
        parser.expect('TABLESPACE');
        return { kind: 'partition-action', action: word, names };
      }
      parser.expect('TABLESPACE');
      return { kind: 'tablespace', action: word };
    case 'FORCE':
      parser.advance();
      return { kind: 'force' };
    case 'ALGORITHM':
      parser.advance();
      parser.optionalEquals();
      return { kind: 'algorithm', value: parser.anyName().toUpperCase() };
    case 'LOCK':
      parser.advance();
      parser.optionalEquals();
      return { kind: 'lock', value: parser.anyName().toUpperCase() };
    case 'WITH':
    case 'WITHOUT':
      parser.advance();
      parser.expect('VALIDATION');
      return { kind: 'validation', enabled: word === 'WITH' };
    default:
      return parsePartitionChange(parser, word);
  }
}

function parsePartitionChange(parser: Parser, word: string): TableChange {
  switch (word) {
    case 'PARTITION':
      return { kind: 'partition-by', partitioning: parsePartitioning(parser) };
    case 'REMOVE':
      parser.advance();
      parser.expect('PARTITIONING');
      return { kind: 'remove-partitioning' };
    case 'COALESCE':
      parser.advance();
      parser.expect('PARTITION');
      parser.accept('NO_WRITE_TO_BINLOG');
      return { kind: 'coalesce-partition', count: parser.integer() };
    case 'REORGANIZE': {
      parser.advance();
      parser.expect('PARTITION');
      parser.accept('NO_WRITE_TO_BINLOG');
      if (!parser.isName) return { kind: 'reorganize-partition', names: [], into: [] };
      const names = parser.names();
      parser.expect('INTO');
      return { kind: 'reorganize-partition', names, into: parsePartitionDefinitions(parser) };
    }
    case 'EXCHANGE': {
      parser.advance();
      parser.expect('PARTITION');
      const name = parser.name();
      parser.expectWords('WITH', 'TABLE');
      const table = parser.tableName();
      const validation = parser.acceptAny('WITH', 'WITHOUT');
      if (validation !== undefined) parser.expect('VALIDATION');
      return {
        kind: 'exchange-partition',
        name,
        table,
        validation: validation === undefined ? undefined : validation === 'WITH',
      };
    }
    case 'TRUNCATE':
    case 'ANALYZE':
    case 'CHECK':
    case 'OPTIMIZE':
    case 'REBUILD':
    case 'REPAIR':
      parser.advance();
      parser.expect('PARTITION');
      parser.acceptAny('NO_WRITE_TO_BINLOG', 'LOCAL');
      return { kind: 'partition-action', action: word, names: partitionNames(parser) };
    default:
      if (!startsTableOption(parser)) throw parser.syntaxError();
      return { kind: 'options', options: parseTableOptions(parser) };
  }
}

function partitionNames(parser: Parser): string[] | undefined {
  return parser.accept('ALL') ? undefined : parser.names();
}
