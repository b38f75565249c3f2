/** SELECT … INTO @a, @b: exactly one row, or a warning for none and an error for more. Into files is refused. */
import { SqlError } from '../../../base/error.ts';
import type { SelectNode } from '../../parser/ast.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';
import { readPlanned } from './evaluate.ts';

export async function selectInto(session: Session, statement: SelectNode, sql: string): Promise<StatementResult> {
  const { into, ...query } = statement;
  if (into?.kind !== 'variables') throw unsupported('SELECT … INTO OUTFILE and DUMPFILE');
  const { columns, rows } = await readPlanned(session, query, sql);
  if (columns.length !== into.variables.length)
    throw new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns');
  if (rows.length > 1) throw new SqlError(1172, '42000', 'Result consisted of more than one row');
  const { state } = session;
  const row = rows[0];
  if (row === undefined) {
    state.warn('Warning', 1329, 'No data - zero rows fetched, selected, or processed');
    return session.ok();
  }
  into.variables.forEach((variable, i) =>
    state.userVariables.set(variable.name.toLowerCase(), { value: row[i]!, type: columns[i]!.type }),
  );
  return session.ok(1);
}
