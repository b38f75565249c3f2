/**
 * What things cost, in microseconds on one core, so that row and column plans can be compared. Calibrated on the project's figures (a row of
 * a scan about 1 µs, a look-up 8 µs alone and 4 µs in a batch, a hashed row 0.3 µs; a column value in a generated loop a few
 * nanoseconds); what matters are the ratios.
 */
export const COST = {
  open: 15,
  scanRow: 0.9,
  scanColumn: 0.05,
  indexRow: 0.8,
  lookupRow: 4,
  pointKey: 6,
  filterRow: 0.06,
  projectRow: 0.05,
  hashBuildRow: 0.4,
  hashProbeRow: 0.25,
  joinedRow: 0.12,
  mergeRow: 0.15,
  indexJoinKey: 6,
  nestedPair: 0.06,
  aggregateRow: 0.3,
  streamRow: 0.15,
  sortRow: 0.12,
  topNRow: 0.06,
  applyRow: 20,
  memoryRow: 0.5,
} as const;

/** The column engine: a fixed price for reaching the workers, then a few nanoseconds a value. */
export const COLUMN_COST = {
  open: 1200,
  value: 0.004,
  row: 0.004,
  hashRow: 0.03,
  sortRow: 0.06,
  /** Loading a table that is not there yet, a row; shared by the queries that come after. */
  loadRow: 0.4,
  staleRow: 0.15,
  /** Giving a row to the row engine. */
  resultRow: 0.3,
} as const;

export const sortCost = (rows: number): number => COST.sortRow * rows * Math.log2(Math.max(2, rows));
