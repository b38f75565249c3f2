/**
 * What a statement gives back to whoever asked: the protocol, the CLI, a test. Results are pulled batch by batch, so a slow
 * client holds back the executor instead of filling memory.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Batch } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';

export interface ResultColumn {
  /** Alias shown to the client. */
  readonly name: string;
  readonly originalName: string;
  readonly table: string;
  readonly originalTable: string;
  readonly database: string;
  readonly type: FieldType;
  /** Bits of `FieldFlag` beyond what the type says: PRI_KEY, UNIQUE_KEY, MULTIPLE_KEY, AUTO_INCREMENT, NO_DEFAULT_VALUE. */
  readonly flags: number;
}

export interface RowSource {
  /** `undefined` at the end. An empty batch is allowed and means "ask again". */
  next(): MaybePromise<Batch | undefined>;
  close(): MaybePromise<void>;
}

export type StatementResult =
  | {
      readonly kind: 'rows';
      readonly columns: readonly ResultColumn[];
      readonly source: RowSource;
      readonly encoded?: EncodedRowSource;
    }
  | {
      readonly kind: 'ok';
      /** Changed rows; found rows when the client asked for CLIENT_FOUND_ROWS. */
      readonly affectedRows: number;
      readonly lastInsertId: number | bigint;
      /** `Rows matched: 1  Changed: 1  Warnings: 0` or empty. */
      readonly info: string;
    }
  /** LOAD DATA LOCAL INFILE: the protocol must fetch this file from the client and feed it back. */
  | {
      readonly kind: 'local-infile';
      readonly fileName: string;
      readonly load: (chunks: AsyncIterable<Uint8Array>) => Promise<StatementResult>;
    };

/**
 * The fast path of point and range reads: rows written straight from stored bytes into wire packets, without datums in
 * between. `writeText`/`writeBinary` append whole packets (header and sequence id included) to `out` and answer how many.
 */
export interface EncodedRowSource {
  /** So far, for FOUND_ROWS(). */
  readonly rowsWritten: number;
  writeRows(out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean>;
}

/** A growing buffer of packets of one command; implemented by sql/protocol/packet-writer.ts. */
export interface PacketSink {
  bytes: Uint8Array;
  length: number;
  /** Sequence id of the next packet. */
  sequence: number;
  /** Makes room for `count` more bytes; `bytes` may be another array afterwards. */
  reserve(count: number): void;
}
