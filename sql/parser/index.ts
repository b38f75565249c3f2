export { parse, parseOne } from './parser.ts';
export { classifyFast, Digest, digestText } from './digest.ts';
export type { LiteralKind, LiteralToken } from './digest.ts';
export { isReservedWord, NONRESERVED, RESERVED } from './keywords.ts';
export type * from './ast.ts';
export { quoteName, quoteString, restore, restoreExpression, restoreQuery } from './restore.ts';
export { canonicalDialect, dialectNames, translateDialect } from './dialect.ts';
