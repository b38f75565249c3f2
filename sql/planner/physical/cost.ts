/**
 * What things cost, in microseconds on one core, so that row and column plans can be compared. What matters are the ratios; the absolute
 * figures only say which ones were measured together (TPC-H-derived set at scale factor 0.1, two shared cores).
 *
 * The row engine. A row of a scan costs 0.2 to 0.5 µs while its page is warm and about 2 µs when it is not; `scanRow` lies between,
 * `scanColumn` is one more column. A key looked up in a batch costs 5 µs warm and ten times that cold: a scan reads neighbours together,
 * while look-ups all over a table warm a page for each row. `indexJoinKey` leans to the warm side, which is where transactions live; what
 * decides joins is its ratio to `scanRow`.
 *
 * The column engine. A generated loop takes about 1 ns a value and 10 ns a row that meets a hash table; a group that is new takes 60 ns.
 * Beside that everything is small, so what decides are its three fixed prices:
 *
 *  - `open` and `operator`: the plan goes to a worker, loops are printed, compiled and warmed up. 1 ms when the worker knows the plan
 *    already, 10 to 50 ms the first time; we charge for a plan that is run a few times. Below this price nothing goes to columns,
 *    however well it would do there: point reads, short ranges and small tables stay with the rows.
 *  - `loadRow`, `loadColumn`, `loadText`: a column that is absent is read from the rows, which takes as long as the row engine's own
 *    scan (text somewhat longer, for its dictionary). What has been loaded stays for the queries after this one, so they share the price:
 *    `LOAD_SHARE.absent` is this query's part. At a quarter, a table that the row engine would scan whole goes to columns at the first
 *    query, even with a few columns of text, and one of which it would read less than a quarter does not.
 *  - A table that has been written to since its load (`stale`) is loaded again as a whole. Whoever wrote once will likely write again, so
 *    fewer queries share that, and a quarter more of the table must be worth it.
 *
 * Tables without statistics are only read in columns that are there already: their row count is a guess, and a wrong guess would load
 * gigabytes for a query that wanted a few rows.
 */
export const COST = {
  open: 15,
  scanRow: 0.8,
  scanColumn: 0.06,
  indexRow: 0.7,
  lookupRow: 5,
  pointKey: 6,
  filterRow: 0.06,
  projectRow: 0.06,
  hashBuildRow: 0.5,
  hashProbeRow: 0.35,
  joinedRow: 0.12,
  mergeRow: 0.15,
  indexJoinKey: 8,
  nestedPair: 0.06,
  aggregateRow: 0.4,
  streamRow: 0.15,
  sortRow: 0.12,
  topNRow: 0.06,
  applyRow: 20,
  memoryRow: 0.5,
} as const;

export const COLUMN_COST = {
  open: 2500,
  /** Each node of the plan that becomes generated code. */
  operator: 300,
  value: 0.001,
  row: 0.002,
  hashRow: 0.06,
  sortRow: 0.03,
  loadRow: 1,
  loadColumn: 0.12,
  loadText: 0.8,
  /** Giving a row to the row engine. */
  resultRow: 0.3,
} as const;

/** How much of a load the query pays that needs it. */
export const LOAD_SHARE = { current: 0, stale: 0.5, absent: 0.25 } as const;

export const sortCost = (rows: number): number => COST.sortRow * rows * Math.log2(Math.max(2, rows));
