/**
 * What statements of one shape have cost since the server started: counts, times, rows, by database and digest. Shown as
 * information_schema.STATEMENTS_SUMMARY and performance_schema.events_statements_summary_by_digest, and emptied by TRUNCATE of the latter.
 *
 * A statement whose plan is kept carries its entry along (`CachedPlan.usage`), so noting it changes a few numbers and looks nothing up. One without
 * a plan is found by its text while it is short (BEGIN, COMMIT and SET come over and over), else by its digest: it has been parsed anyway.
 *
 * Bounded: beyond ENTRIES_MAX shapes the one seen longest ago gives its numbers to the entry without a digest, as in MySQL, and is counted as evicted.
 */
import type { Digest } from '../parser/index.ts';

/** Shapes of statements kept apart. */
const ENTRIES_MAX = 3000;
/** Short texts without a plan, whose shape need not be worked out again. */
const TEXTS_MAX = 1000;
const TEXT_LENGTH_MAX = 256;
/** Of the digest's text and of the sample. */
const SHOWN_LENGTH_MAX = 4096;

export interface StatementCost {
  /** `Com_` label: `select`, `insert`, … */
  readonly label: string;
  readonly database: string;
  readonly sql: string;
  readonly elapsedMs: number;
  readonly affectedRows: number;
  readonly rowsSent: number;
  readonly memoryBytesMax: number;
  readonly warnings: number;
  readonly failed: boolean;
  readonly planFromCache: boolean;
  readonly prepared: boolean;
  /** Milliseconds since the epoch, of the end. */
  readonly atMs: number;
  readonly user: string;
}

export class StatementUsage {
  readonly database: string;
  /** '' in the entry of those that were evicted. */
  readonly digest: string;
  readonly digestText: string;
  label: string;
  sample = '';
  sampleUser = '';
  count = 0;
  errors = 0;
  warnings = 0;
  sumMs = 0;
  minMs = Infinity;
  maxMs = 0;
  affectedRows = 0;
  rowsSent = 0;
  memorySum = 0;
  memoryMax = 0;
  planFromCache = 0;
  prepared = 0;
  firstSeenMs = 0;
  lastSeenMs = 0;
  /** No longer in the summary: a plan that still carries it looks for a new one. */
  isGone = false;

  constructor(database: string, digest: string, digestText: string, label: string) {
    this.database = database;
    this.digest = digest;
    this.digestText = digestText;
    this.label = label;
  }

  // hot
  add(cost: StatementCost): void {
    if (this.count === 0) {
      this.firstSeenMs = cost.atMs;
      this.sample = cut(cost.sql);
      this.sampleUser = cost.user;
    }
    this.count++;
    if (cost.failed) this.errors++;
    this.warnings += cost.warnings;
    this.sumMs += cost.elapsedMs;
    if (cost.elapsedMs < this.minMs) this.minMs = cost.elapsedMs;
    if (cost.elapsedMs > this.maxMs) this.maxMs = cost.elapsedMs;
    this.affectedRows += cost.affectedRows;
    this.rowsSent += cost.rowsSent;
    this.memorySum += cost.memoryBytesMax;
    if (cost.memoryBytesMax > this.memoryMax) this.memoryMax = cost.memoryBytesMax;
    if (cost.planFromCache) this.planFromCache++;
    if (cost.prepared) this.prepared++;
    this.lastSeenMs = cost.atMs;
  }

  /** Takes over what another entry counted. */
  absorb(other: StatementUsage): void {
    this.firstSeenMs = this.count === 0 ? other.firstSeenMs : Math.min(this.firstSeenMs, other.firstSeenMs);
    this.lastSeenMs = Math.max(this.lastSeenMs, other.lastSeenMs);
    this.count += other.count;
    this.errors += other.errors;
    this.warnings += other.warnings;
    this.sumMs += other.sumMs;
    this.minMs = Math.min(this.minMs, other.minMs);
    this.maxMs = Math.max(this.maxMs, other.maxMs);
    this.affectedRows += other.affectedRows;
    this.rowsSent += other.rowsSent;
    this.memorySum += other.memorySum;
    this.memoryMax = Math.max(this.memoryMax, other.memoryMax);
    this.planFromCache += other.planFromCache;
    this.prepared += other.prepared;
  }
}

/** What a kept plan carries along. */
export interface UsageSlot {
  entry: StatementUsage | undefined;
}

export class StatementSummary {
  /** By database and digest; in the order in which they were last looked up. */
  private readonly entries = new Map<string, StatementUsage>();
  private readonly byText = new Map<string, StatementUsage>();
  private rest = new StatementUsage('', '', '', 'other');
  evicted = 0;
  private readonly sizeMax: number;

  constructor(sizeMax = ENTRIES_MAX) {
    this.sizeMax = sizeMax;
  }

  // hot
  note(cost: StatementCost, slot: UsageSlot | undefined, digest: () => Digest): void {
    const known = slot?.entry;
    if (known !== undefined && !known.isGone && known.database === cost.database) return known.add(cost);
    const short = slot === undefined && cost.sql.length <= TEXT_LENGTH_MAX;
    const textKey = short ? `${cost.database}\0${cost.sql}` : '';
    let entry = short ? this.byText.get(textKey) : undefined;
    if (entry === undefined || entry.isGone) {
      entry = this.find(cost, digest());
      if (short) {
        if (this.byText.size >= TEXTS_MAX) this.byText.clear();
        this.byText.set(textKey, entry);
      }
    }
    if (slot !== undefined) slot.entry = entry;
    entry.add(cost);
  }

  /** That of all that were evicted last, when there are any. */
  list(): readonly StatementUsage[] {
    return this.rest.count === 0 ? [...this.entries.values()] : [...this.entries.values(), this.rest];
  }

  clear(): void {
    for (const entry of this.entries.values()) entry.isGone = true;
    this.entries.clear();
    this.byText.clear();
    this.rest = new StatementUsage('', '', '', 'other');
    this.evicted = 0;
  }

  private find(cost: StatementCost, digest: Digest): StatementUsage {
    const key = `${cost.database}\0${digest.hash}`;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      if (this.entries.size >= this.sizeMax) this.evictOne();
      entry = new StatementUsage(cost.database, digest.hash, cut(digest.normalized), cost.label);
    } else this.entries.delete(key);
    // A map keeps the order of insertion: who is looked up again goes to its end.
    this.entries.set(key, entry);
    return entry;
  }

  private evictOne(): void {
    let oldest: [string, StatementUsage] | undefined;
    let looked = 0;
    for (const pair of this.entries) {
      // Those that plans carry along are not looked up again: of a few of the first the one seen longest ago.
      if (oldest === undefined || pair[1].lastSeenMs < oldest[1].lastSeenMs) oldest = pair;
      if (++looked === 16) break;
    }
    if (oldest === undefined) return;
    this.entries.delete(oldest[0]);
    oldest[1].isGone = true;
    this.rest.absorb(oldest[1]);
    this.evicted++;
  }
}

function cut(text: string): string {
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}(len:${text.length})` : text;
}
