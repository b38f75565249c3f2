/**
 * Every failpoint there is, in one table, so that a misspelt name is refused where it is set, before anything has run. `at` says where
 * execution stands, `waits` whether the place may be held up without holding up the process, `returns` what the place
 * does with `return(value)`; without it `return` is refused. docs/failpoints.md shows the same table, and a test holds both to the code.
 */

export interface FailpointDefinition {
  readonly at: string;
  /** The place awaits the point: `pause` and `yield` are possible, and `sleep` lets others run. */
  readonly waits: boolean;
  readonly returns?: string;
}

export const FAILPOINT_CATALOG = {
  'log::append': {
    at: 'a record is about to be added to the open group of the log',
    waits: false,
    returns: 'the append is refused as overloaded',
  },
  'log::sync': {
    at: 'a group of records is about to be written to disk',
    waits: true,
    returns: 'the write fails, and the log with it',
  },
  'engine::write': {
    at: 'a batch is about to be written to the engine',
    waits: false,
    returns: 'the engine refuses the batch with an input/output error',
  },
  'store::decide': {
    at: 'a command holds its latches and is about to be decided',
    waits: false,
    returns: 'the command fails as busy and may be repeated',
  },
  'store::before-apply': { at: 'entries are committed and not yet in the engine', waits: false },
  'store::after-apply': { at: 'entries are in the engine and nobody has been answered', waits: false },
  'client::before-prewrite': {
    at: 'a transaction in two phases is about to write the locks of its next chunk',
    waits: true,
    returns: 'the transaction fails and is rolled back',
  },
  'client::before-commit': {
    at: 'all locks of a transaction in two phases are written, its primary is not committed',
    waits: true,
    returns: 'the transaction fails and is rolled back',
  },
  'client::after-primary': {
    at: 'the primary of a transaction in two phases is committed, its other keys are not',
    waits: true,
    returns: 'the other keys are left to whoever finds their locks',
  },
  'transport::send': {
    at: 'a batch of Raft messages is about to leave for a store',
    waits: false,
    returns: 'the batch is dropped',
  },
  'transport::receive': {
    at: 'a batch of Raft messages has come from a store',
    waits: false,
    returns: 'the batch is dropped',
  },
  'snapshot::send': {
    at: 'the next chunk of a snapshot is about to leave for a store',
    waits: true,
    returns: 'the stream breaks here',
  },
  'placement::persist': {
    at: "placement's state (the window of timestamps among it) is about to be written to disk",
    waits: true,
    returns: 'the write fails, and placement with it',
  },
  'session::before-commit': {
    at: 'COMMIT of an open transaction has been read and is not yet given to the store',
    waits: true,
    returns: 'the transaction is rolled back and the statement fails',
  },
  'load-data::chunk': {
    at: 'a piece of the file of LOAD DATA has come from the client',
    waits: true,
    returns: 'the statement fails and nothing of the file stays',
  },
} as const satisfies Readonly<Record<string, FailpointDefinition>>;

export type FailpointName = keyof typeof FAILPOINT_CATALOG;
