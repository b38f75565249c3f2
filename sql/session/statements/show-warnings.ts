/** SHOW WARNINGS, SHOW ERRORS and their counts: the diagnostics of the statement before. */
import type { ShowTarget } from '../../parser/ast.ts';
import { integerColumn, textColumn } from '../computed.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

type Target = Extract<ShowTarget, { kind: 'warnings' | 'errors' }>;

export function showWarnings(session: Session, target: Target): StatementResult {
  const { state } = session;
  if (target.count) {
    const errors = target.kind === 'errors';
    return session.computed(
      [integerColumn(errors ? '@@session.error_count' : '@@session.warning_count')],
      [[errors ? state.errorCount : state.warningCount]],
    );
  }
  const chosen =
    target.kind === 'errors' ? state.warnings.filter((warning) => warning.level === 'Error') : state.warnings;
  const offset = literalNumber(target.limit?.offset) ?? 0;
  const count = literalNumber(target.limit?.count) ?? Infinity;
  const rows = chosen.slice(offset, offset + count).map(({ level, errno, message }) => [level, errno, message]);
  return session.computed([textColumn('Level', 7), integerColumn('Code'), textColumn('Message', 512)], rows);
}

function literalNumber(node: { readonly kind: string; readonly value?: unknown } | undefined): number | undefined {
  return node?.kind === 'literal' && typeof node.value === 'number' ? node.value : undefined;
}
