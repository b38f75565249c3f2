/**
 * Invariants that hold in every consistent view of the data, whatever the order of transactions: the total of a bank, the
 * single cycle of a ring, the agreement of rows with their unique index. A workload reads a whole view in one transaction and
 * hands it here; each function returns what is wrong with it, or nothing.
 */

/** Transfers move money and make none. `lowest` is the least that an account may hold. */
export function checkBank(
  view: ReadonlyMap<string, number | undefined>,
  accounts: readonly string[],
  total: number,
  lowest = -Infinity,
): string | undefined {
  let sum = 0;
  for (const account of accounts) {
    const balance = view.get(account);
    if (balance === undefined) return `account ${account} is missing`;
    if (!Number.isFinite(balance)) return `account ${account} holds no number`;
    if (balance < lowest) return `account ${account} holds ${balance}, less than ${lowest}`;
    sum += balance;
  }
  if (view.size !== accounts.length) return `${view.size} accounts were read, ${accounts.length} exist`;
  return sum === total ? undefined : `the accounts hold ${sum}, they should hold ${total}`;
}

/**
 * Every node names the next one, and all of them form one cycle. A rotation takes a → b → c → d apart and makes it
 * a → c → b → d, which keeps the ring whole; two rotations that saw half of each other break it into parts.
 */
export function checkRing(next: ReadonlyMap<number, number>, count: number): string | undefined {
  if (next.size !== count) return `the ring has ${next.size} nodes instead of ${count}`;
  const start = next.keys().next().value!;
  const path = [start];
  const visited = new Set(path);
  for (;;) {
    const from = path[path.length - 1]!;
    const to = next.get(from);
    if (to === undefined) return `node ${from} points to a node that does not exist`;
    if (to === start) break;
    if (visited.has(to)) return `node ${from} points back to ${to} in the middle: ${path.join(' → ')} → ${to}`;
    visited.add(to);
    path.push(to);
  }
  return path.length === count
    ? undefined
    : `the ring fell apart: ${path.join(' → ')} → ${start} leaves out ${count - path.length} nodes`;
}

/** Rows by id, with the value of the unique column (null for none), and the index by value. */
export function checkUniqueIndex(
  rows: ReadonlyMap<string, string | null>,
  index: ReadonlyMap<string, string>,
): string | undefined {
  const ownerOf = new Map<string, string>();
  for (const [row, value] of rows) {
    if (value === null) continue;
    const other = ownerOf.get(value);
    if (other !== undefined) return `rows ${other} and ${row} both hold the unique value ${value}`;
    ownerOf.set(value, row);
    const entry = index.get(value);
    if (entry === undefined) return `row ${row} holds ${value}, which the index does not know`;
    if (entry !== row) return `the index says ${value} is in row ${entry}, it is in row ${row}`;
  }
  for (const [value, row] of index)
    if (!ownerOf.has(value)) return `the index keeps ${value} for row ${row}, which does not hold it`;
  return undefined;
}
