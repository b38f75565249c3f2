/**
 * `ResultWriter`: what a session gave as packets: an OK, columns and rows, a cursor's rows, the metadata of a prepared statement. Connections call it;
 * who is asked and what comes next is theirs.
 *
 * Rows are pulled only while the wire takes them: a client that does not read its answer stops the executor. As long as the rows are there and the
 * wire has room nothing makes a promise. The source is closed on every way out.
 */
import { assert } from '../../base/assert.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { SqlError } from '../../base/error.ts';
import type { Batch } from '../../base/value/datum.ts';
import { closeCursor, type PreparedStatement } from '../session/prepared.ts';
import type { ResultColumn, StatementResult } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import type { ByteReader } from './byte-reader.ts';
import { Capability, ServerStatus } from './constants.ts';
import { writeColumn, writeColumnCount, writeColumns, writeEndOfRows, writeEof, writeOk, writePrepareOk } from './messages.ts'; // prettier-ignore
import type { PacketWriter } from './packet-writer.ts';
import { RowEncoder } from './rows.ts';

export type RowFormat = 'text' | 'binary';
type OkResult = Extract<StatementResult, { kind: 'ok' }>;
type RowsResult = Extract<StatementResult, { kind: 'rows' }>;

/** The connection, as far as its answers need it. */
export interface ResultHost {
  readonly out: PacketWriter;
  readonly capabilities: number;
  readonly isClosed: boolean;
  /** `false`: the wire is full, wait for `drained`. */
  flush(): boolean;
  drained(): Promise<void>;
}

/** Rows are sent on when this much has gathered. */
export const FLUSH_BYTES = 64 * 1024;
/** And not more than this and a row, however large a batch is. */
const PIECE_BYTES = 1024 * 1024;

type Step = MaybePromise<Batch | undefined | boolean>;

export class ResultWriter {
  private readonly host: ResultHost;
  private readonly out: PacketWriter;

  constructor(host: ResultHost) {
    this.host = host;
    this.out = host.out;
  }

  ok(session: Session, { affectedRows, lastInsertId, info }: OkResult): void {
    writeOk(this.out, {
      affectedRows,
      lastInsertId,
      status: this.status(session),
      warnings: session.warningCount,
      info,
      changes: session.tracker.take(),
    });
  }

  // hot
  rows(session: Session, result: RowsResult, format: RowFormat): MaybePromise<void> {
    const { host, out } = this;
    const { source, columns } = result;
    try {
      writeColumns(out, columns, session, host.capabilities, this.status(session), session.warningCount);
      session.transaction.deeds.hasSentRows = true;
      // Encoded rows carry their stored bytes: only right while the client reads UTF-8.
      const encoded = session.resultsAreUtf8(columns) ? result.encoded : undefined;
      const encoder = encoded ? undefined : encoderOf(session, columns);
      for (;;) {
        const step: Step = encoded ? encoded.writeRows(out, format) : source.next();
        if (isPromise(step)) return this.rowsLater(session, result, format, encoder, step);
        if (encoded ? step === false : step === undefined) break;
        const rest = encoder && this.encode(encoder, step as Batch, format);
        if (rest !== undefined || (out.length > FLUSH_BYTES && !host.flush()))
          return this.rowsLater(session, result, format, encoder, rest);
      }
    } catch (error) {
      const closed = source.close();
      if (isPromise(closed)) return closed.then(() => Promise.reject(error as Error));
      throw error;
    }
    const closed = source.close();
    if (isPromise(closed)) return closed.then(() => this.endRows(session));
    this.endRows(session);
  }

  /** The same with waiting, for the storage or for a slow client. `pending`: a step under way, or rows that are there and wait for the client. */
  private async rowsLater(
    session: Session,
    result: RowsResult,
    format: RowFormat,
    encoder: RowEncoder | undefined,
    pending: Step,
  ): Promise<void> {
    const { host, out } = this;
    const source = result.source;
    const encoded = encoder ? undefined : result.encoded!;
    try {
      if (!isPromise(pending)) {
        host.flush();
        await host.drained();
      }
      for (let waiting = pending; ;) {
        waiting ??= encoded ? encoded.writeRows(out, format) : source.next();
        const step = isPromise(waiting) ? await waiting : waiting;
        if (encoded ? step === false : step === undefined) break;
        waiting = encoder && this.encode(encoder, step as Batch, format);
        if (host.isClosed) throw new SqlError(1317, '70100', 'Query execution was interrupted');
        if (out.length > FLUSH_BYTES && !host.flush()) await host.drained();
      }
    } finally {
      await source.close();
    }
    this.endRows(session);
  }

  // ---- prepared statements

  prepared(session: Session, { id, columns, parameterCount }: PreparedStatement): void {
    const { out } = this;
    const { capabilities } = this.host;
    const optional = (capabilities & Capability.OPTIONAL_RESULTSET_METADATA) !== 0;
    const follows = !optional || session.metadataFollows;
    writePrepareOk(
      out,
      { id, columns: columns.length, parameters: parameterCount, warnings: session.warningCount },
      optional ? follows : undefined,
    );
    const old = !(capabilities & Capability.DEPRECATE_EOF);
    if (parameterCount > 0) {
      if (follows) for (let i = 0; i < parameterCount; i++) writeColumn(out, PARAMETER_COLUMN, undefined);
      if (old) writeEof(out, session.statusFlags(), 0);
    }
    if (columns.length > 0) {
      if (follows) for (const column of columns) writeColumn(out, column, session.resultCollation);
      if (old) writeEof(out, session.statusFlags(), 0);
    }
  }

  /** A read-only cursor: the rows are computed now and kept until they are fetched (sql/session/cursors.ts). */
  async openCursor(session: Session, statement: PreparedStatement, result: RowsResult): Promise<void> {
    const cursor = await session.cursors.open(result.columns, result.source);
    if (this.host.isClosed) return cursor.close();
    statement.cursor = cursor;
    const status = session.statusFlags() | ServerStatus.CURSOR_EXISTS;
    const { capabilities } = this.host;
    const optional = (capabilities & Capability.OPTIONAL_RESULTSET_METADATA) !== 0;
    const follows = !optional || session.metadataFollows;
    writeColumnCount(this.out, result.columns.length, optional ? follows : undefined);
    if (follows) for (const column of result.columns) writeColumn(this.out, column, session.resultCollation);
    writeEndOfRows(this.out, this.host.capabilities, { status, warnings: session.warningCount, session });
  }

  /** The end is told when a row is wanted and there is none, as in MySQL: after exactly all rows the client asks once more. */
  async fetch(session: Session, reader: ByteReader): Promise<void> {
    const { host, out } = this;
    const statement = session.prepared.get(reader.u32(), 'mysqld_stmt_fetch');
    let wanted = reader.u32();
    const { cursor } = statement;
    if (cursor === undefined) throw new SqlError(1421, 'HY000', `The statement (${statement.id}) has no open cursor.`);
    const encoder = encoderOf(session, cursor.columns);
    let finished = false;
    try {
      while (wanted > 0 && !finished) {
        const batch = await cursor.take(wanted);
        if (host.isClosed) return;
        if (batch === undefined) finished = true;
        else wanted -= batch.length;
        for (let rest = batch; rest !== undefined;) {
          rest = this.encode(encoder, rest, 'binary');
          if (out.length > FLUSH_BYTES && !host.flush()) await host.drained();
        }
      }
    } catch (error) {
      closeCursor(statement);
      throw error;
    }
    if (finished) closeCursor(statement);
    const status = session.statusFlags() | (finished ? ServerStatus.LAST_ROW_SENT : ServerStatus.CURSOR_EXISTS);
    writeEndOfRows(out, host.capabilities, { status, warnings: 0, session });
  }

  /** COM_FIELD_LIST. */
  fieldList(session: Session, reader: ByteReader): void {
    const table = reader.nullTerminatedText();
    const wildcard = reader.text(reader.remaining);
    for (const { column, defaultText } of session.fieldList(table, wildcard))
      writeColumn(this.out, column, session.resultCollation, defaultText);
    writeEndOfRows(this.out, this.host.capabilities, { status: session.statusFlags(), warnings: 0, session });
  }

  private status(session: Session): number {
    return session.statusFlags() | (session.hasMore ? ServerStatus.MORE_RESULTS_EXISTS : 0);
  }

  /** Answers the rows that are left when a piece has gathered: they wait until that has left. */
  // hot
  private encode(encoder: RowEncoder, batch: Batch, format: RowFormat): Batch | undefined {
    const { out } = this;
    // A row that is too short would be a packet that the client waits in for ever.
    for (let i = 0; i < batch.length; i++)
      assert(batch[i]!.length >= encoder.width, 'a row has fewer values than the result has columns');
    for (let i = 0; i < batch.length; i++) {
      if (format === 'text') encoder.writeText(out, batch[i]!);
      else encoder.writeBinary(out, batch[i]!);
      if (out.length > PIECE_BYTES && i + 1 < batch.length) return batch.slice(i + 1);
    }
    return undefined;
  }

  private endRows(session: Session): void {
    writeEndOfRows(this.out, this.host.capabilities, { status: this.status(session), warnings: session.warningCount, session }); // prettier-ignore
  }
}

function encoderOf(session: Session, columns: readonly ResultColumn[]): RowEncoder {
  return new RowEncoder(columns, session.resultCharset);
}

const PARAMETER_COLUMN: ResultColumn = {
  name: '?', originalName: '', table: '', originalTable: '', database: '', flags: 128,
  type: { code: 253, unsigned: false, notNull: false, length: 0, decimals: 0, charset: 'binary', collation: 'binary' },
}; // prettier-ignore
