/**
 * Partitions: read whole, so that the catalog can refuse what it does not have by name.
 */
import type { ExpressionNode, PartitionDefinition, Partitioning, TableOption } from './ast.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseBits, parseExpression } from './parser-expression.ts';

/** At PARTITION. */
export function parsePartitioning(parser: Parser): Partitioning {
  parser.expectWords('PARTITION', 'BY');
  const linear = parser.accept('LINEAR');
  const method = parser.acceptAny('HASH', 'KEY', 'RANGE', 'LIST') as Partitioning['method'] | undefined;
  if (method === undefined || (linear && (method === 'RANGE' || method === 'LIST'))) throw parser.syntaxError();
  const partitioning: Mutable<Partitioning> = { method, linear, partitions: [] };
  if (method === 'KEY') {
    if (parser.accept('ALGORITHM')) {
      parser.expect('=');
      partitioning.algorithm = parser.integer();
    }
    partitioning.columns = columnList(parser);
  } else if (method !== 'HASH' && parser.accept('COLUMNS')) {
    partitioning.columns = parser.nameList();
  } else {
    partitioning.expression = parenthesised(parser);
  }
  if (parser.accept('PARTITIONS')) partitioning.count = parser.integer();
  if (parser.accept('SUBPARTITION')) partitioning.subpartition = parseSubpartition(parser);
  if (parser.word === '(') partitioning.partitions = parsePartitionDefinitions(parser);
  return partitioning;
}

/** KEY () takes the primary key. */
function columnList(parser: Parser): string[] {
  parser.expect('(');
  const names = parser.word === ')' ? [] : parser.names();
  parser.expect(')');
  return names;
}

function parenthesised(parser: Parser): ExpressionNode {
  parser.expect('(');
  const expression = parseBits(parser, 1);
  parser.expect(')');
  return expression;
}

function parseSubpartition(parser: Parser): NonNullable<Partitioning['subpartition']> {
  parser.expect('BY');
  const linear = parser.accept('LINEAR');
  const method = parser.acceptAny('HASH', 'KEY') as 'HASH' | 'KEY' | undefined;
  if (method === undefined) throw parser.syntaxError();
  const target = method === 'HASH' ? { expression: parenthesised(parser) } : { columns: columnList(parser) };
  const count = parser.accept('SUBPARTITIONS') ? parser.integer() : undefined;
  return { method, linear, ...target, count };
}

/** `(PARTITION p0 VALUES …, …)`. */
export function parsePartitionDefinitions(parser: Parser): PartitionDefinition[] {
  parser.expect('(');
  const definitions: PartitionDefinition[] = [];
  do definitions.push(parsePartition(parser));
  while (parser.accept(','));
  parser.expect(')');
  return definitions;
}

function parsePartition(parser: Parser): PartitionDefinition {
  const start = parser.start;
  parser.expect('PARTITION');
  const name = parser.name();
  const definition: Mutable<PartitionDefinition> = { name, options: [], subpartitions: [], start, end: 0 };
  if (parser.accept('VALUES')) {
    if (parser.accept('LESS')) {
      parser.expect('THAN');
      definition.lessThan = parser.accept('MAXVALUE') ? [null] : boundaries(parser);
    } else {
      parser.expect('IN');
      definition.in = listValues(parser);
    }
  }
  definition.options = partitionOptions(parser);
  if (parser.accept('(')) {
    const subpartitions: { name: string; options: TableOption[] }[] = [];
    do {
      parser.expect('SUBPARTITION');
      const subpartition = parser.nameOrString();
      subpartitions.push({ name: subpartition, options: partitionOptions(parser) });
    } while (parser.accept(','));
    parser.expect(')');
    definition.subpartitions = subpartitions;
  }
  definition.end = parser.previousEnd;
  return definition;
}

function boundaries(parser: Parser): (ExpressionNode | null)[] {
  parser.expect('(');
  const list: (ExpressionNode | null)[] = [];
  do list.push(parser.accept('MAXVALUE') ? null : parseExpression(parser));
  while (parser.accept(','));
  parser.expect(')');
  return list;
}

function listValues(parser: Parser): ExpressionNode[] {
  parser.expect('(');
  const list: ExpressionNode[] = [];
  do list.push(parseExpression(parser));
  while (parser.accept(','));
  parser.expect(')');
  return list;
}

function partitionOptions(parser: Parser): TableOption[] {
  const options: TableOption[] = [];
  for (;;) {
    const word = parser.word;
    switch (word) {
      case 'ENGINE':
      case 'STORAGE':
        if (word === 'STORAGE') {
          parser.advance();
          parser.expect('ENGINE');
        } else parser.advance();
        parser.optionalEquals();
        options.push({ name: 'ENGINE', value: parser.nameOrString() });
        break;
      case 'COMMENT':
        parser.advance();
        parser.optionalEquals();
        options.push({ name: 'COMMENT', value: parser.string() });
        break;
      case 'DATA':
      case 'INDEX':
        parser.advance();
        parser.expect('DIRECTORY');
        parser.optionalEquals();
        options.push({ name: `${word} DIRECTORY`, value: parser.string() });
        break;
      case 'MAX_ROWS':
      case 'MIN_ROWS':
      case 'NODEGROUP':
        parser.advance();
        parser.optionalEquals();
        options.push({ name: word, value: parser.integer() });
        break;
      case 'TABLESPACE':
        parser.advance();
        parser.optionalEquals();
        options.push({ name: word, value: parser.name() });
        break;
      default:
        return options;
    }
  }
}
