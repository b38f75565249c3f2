/**
 * SELECT … INTO: user variables take exactly one row, or a warning for none and an error for more. OUTFILE takes any number and DUMPFILE one, written as they
 * come, so a file may be larger than memory. A statement that fails leaves no file behind.
 */
import { assert } from '../../../base/assert.ts';
import { SqlError } from '../../../base/error.ts';
import type { Batch } from '../../../base/value/datum.ts';
import { findCharset } from '../../../base/value/charset.ts';
import { DelimitedWriter, dumpBytes } from '../../executor/index.ts';
import type { IntoClause, QueryNode } from '../../parser/ast.ts';
import type { NewFile } from '../../../base/file-folder.ts';
import type { ResultColumn, StatementResult } from '../result.ts';
import { createFile, fileFailure } from '../server-files.ts';
import type { Session } from '../session.ts';
import { UNBOUND } from '../statement-planner.ts';
import { unsupported } from '../unsupported.ts';
import { readPlanned, streamPlanned } from './evaluate.ts';
import { formatOf } from './load-data.ts';

/** Bytes that gather before they are written. */
const WRITE_SIZE = 256 * 1024;

export async function selectInto(session: Session, statement: QueryNode, sql: string): Promise<StatementResult> {
  const { into, ...query } = statement;
  if (into === undefined) throw unsupported('INTO in this place');
  switch (into.kind) {
    case 'variables':
      return intoVariables(session, query, into, sql);
    case 'outfile':
      return intoFile(session, query, into.file, sql, (columns) => delimited(session, into, columns));
    case 'dumpfile':
      return intoFile(session, query, into.file, sql, (columns) => dumped(session, columns));
  }
}

async function intoVariables(
  session: Session,
  query: QueryNode,
  into: Extract<IntoClause, { kind: 'variables' }>,
  sql: string,
): Promise<StatementResult> {
  const { columns, rows } = await readPlanned(session, query, sql, session.running ?? UNBOUND);
  if (columns.length !== into.variables.length)
    throw new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns');
  if (rows.length > 1) throw moreThanOneRow();
  const { state } = session;
  const row = rows[0];
  if (row === undefined) {
    noRows(session);
    return session.ok();
  }
  into.variables.forEach((variable, i) =>
    state.userVariables.set(variable.name.toLowerCase(), { value: row[i]!, type: columns[i]!.type }),
  );
  return session.ok(1);
}

/** Rows on their way into a file. */
interface RowsToBytes {
  add(batch: Batch, file: NewFile): Promise<void>;
  end(file: NewFile): Promise<void>;
}

/** The file is made when the query is known to be right, and to be allowed. */
async function intoFile(
  session: Session,
  query: QueryNode,
  path: string,
  sql: string,
  writer: (columns: readonly ResultColumn[]) => RowsToBytes,
): Promise<StatementResult> {
  let file: NewFile | undefined;
  let rows = 0;
  try {
    let made: RowsToBytes | undefined;
    await streamPlanned(session, query, sql, session.running ?? UNBOUND, async (columns) => {
      const to = (made = writer(columns));
      const opened = (file = await createFile(session, path));
      return (batch) => {
        rows += batch.length;
        return to.add(batch, opened);
      };
    });
    assert(file !== undefined && made !== undefined, 'a query without columns');
    await made.end(file);
    await file.keep();
    return session.ok(rows);
  } catch (error) {
    await file?.discard();
    throw fileFailure(error, path);
  }
}

function delimited(
  session: Session,
  into: Extract<IntoClause, { kind: 'outfile' }>,
  columns: readonly ResultColumn[],
): RowsToBytes {
  const charset = into.charset?.toLowerCase();
  if (charset !== undefined && findCharset(charset) === undefined)
    throw new SqlError(1115, '42000', `Unknown character set: '${into.charset}'`);
  const format = formatOf(into.format);
  // As in MySQL: lines without an end of their own end like fields.
  const linesTerminatedBy = format.linesTerminatedBy === '' ? format.fieldsTerminatedBy : format.linesTerminatedBy;
  const types = columns.map(({ type }) => type);
  const optionally = into.format.fieldsOptionallyEnclosed;
  const writer = new DelimitedWriter(types, { ...format, linesTerminatedBy, optionally }, charset);
  if (writer.isAmbiguous)
    session.state.warn('Warning', 1475, 'First character of the FIELDS TERMINATED string is ambiguous; please use non-optional and non-empty FIELDS ENCLOSED BY'); // prettier-ignore
  return {
    add: async (batch, file) => {
      for (const row of batch) {
        writer.add(row);
        if (writer.size >= WRITE_SIZE) await file.write(writer.take());
      }
    },
    end: async (file) => {
      if (writer.size > 0) await file.write(writer.take());
    },
  };
}

function dumped(session: Session, columns: readonly ResultColumn[]): RowsToBytes {
  let rows = 0;
  return {
    add: async (batch, file) => {
      rows += batch.length;
      if (rows > 1) throw moreThanOneRow();
      for (const row of batch)
        for (let i = 0; i < columns.length; i++) await file.write(dumpBytes(row[i]!, columns[i]!.type));
    },
    end: async () => {
      if (rows === 0) noRows(session);
    },
  };
}

function moreThanOneRow(): SqlError {
  return new SqlError(1172, '42000', 'Result consisted of more than one row');
}

function noRows(session: Session): void {
  session.state.warn('Warning', 1329, 'No data - zero rows fetched, selected, or processed');
}
