/**
 * `FileFolder`: the one folder of this machine whose files SQL statements may name (SELECT … INTO OUTFILE, LOAD DATA INFILE). The port; base/node holds the real
 * one. Its invariant: no path, by whatever `..` or link, reads or writes anything outside the folder, and nothing that is there is written over.
 *
 * Failures are `RutileError`. `file.outside`: the path leads elsewhere. `file.exists`, `file.not-regular`. `file.stat`, `file.open`, `file.create`, `file.read`, `file.write`:
 * the system said no; `fields` has its `osErrno` and `osText`.
 */
export interface FileFolder {
  /** As it was named, ending in `/`. */
  readonly path: string;
  /** A new file. A path that is not absolute begins at the folder of the data, as in MySQL. */
  create(path: string): Promise<NewFile>;
  /** A file's bytes, a piece at a time. Opened for the first piece, closed after the last one or when the reader leaves. */
  read(path: string): AsyncIterable<Uint8Array>;
}

/** Ends with exactly one of `keep` and `discard`. */
export interface NewFile {
  /** Appends. */
  write(bytes: Uint8Array): Promise<void>;
  /** Durable and closed. */
  keep(): Promise<void>;
  /** Closed and gone. */
  discard(): Promise<void>;
}
