/**
 * `Catalog`: the schema, and all that hangs on it, for one SQL server: snapshots, definition statements, ids, accounts,
 * statistics, virtual tables. It keeps everything in memory and writes through to `m…` keys.
 *
 * `schema()` is a plain read. With one server on the store (`exclusive`, the default) every change passes through this object, so it is
 * always the newest. With several, each looks at the schema version every `refreshMs`, and a change waits after each step until all have seen
 * it (server-board.ts), so that no server is more than one version behind; a server that cannot look holds its statements up (`ready`).
 *
 * Definition statements run one at a time, on one server at a time.
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch } from '../../base/value/datum.ts';
import { RutileError } from '../../base/error.ts';
import type { Clock, Random, Timers } from '../../base/world.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import type { DatabaseInfo, SchemaState, TableInfo } from '../../proto/schema/table-info.ts';
import type { CreateTableStatement, DescribeStatement, ShowTarget } from '../parser/ast.ts';
import type { TableStatistics } from '../planner/environment.ts';
import { AnalyzePace } from './analyze-pace.ts';
import { AutoIds } from './auto-id.ts';
import { COLLATION_DEFAULT } from '../../base/value/field-type.ts';
import { publishFilled, shapeOfFilled } from './create-select.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { DdlJobs, factsOf } from './ddl-jobs.ts';
import { isResumable, removeJob, resumeJob, ServerEnds, storedJobs } from './index-jobs.ts';
import { type DdlStatement, executeDdl } from './ddl-executor.ts';
import { clearIndex } from './ddl-places.ts';
import type { FlashbackOwner } from './flashback.ts';
import { clearDeletedRanges } from './delete-ranges.ts';
import { tableMissing, unknownDatabase } from './errors.ts';
import { inTransaction, MetaReader, type MetaStore } from './meta-store.ts';
import { keptHistograms } from './histogram.ts';
import { persistedVariables } from './persisted-variables.ts';
import { PrivateTables } from './private-tables.ts';
import { PrivilegeStore } from './privileges.ts';
import type { Viewer } from './runtime-facts.ts';
import { editSchema } from './schema-editor.ts';
import { SchemaLeases } from './schema-leases.ts';
import { ServerBoard } from './server-board.ts';
import { CatalogSnapshot } from './schema-snapshot.ts';
import { describe, show, type ShowResult } from './show.ts';
import { ASKED_FOR, type Pace, Turns } from './sample.ts';
import { StatisticsStore } from './statistics.ts';
import type { QueriedColumn } from './table-builder.ts';
import { TemporaryTables } from './temporary-tables.ts';
import type { VirtualSource } from './virtual/definition.ts';
import { virtualTableDefinition } from './virtual/registry.ts';

export interface CatalogOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** No other SQL server writes to this store. */
  readonly exclusive?: boolean;
  /** How often several servers look for changes of the schema. */
  readonly refreshMs?: number;
  /** How often tables are looked for whose statistics are out of date; 0: never by itself. */
  readonly analyzePeriodMs?: number;
  /** How often dropped data is looked for; 0: never by itself. */
  readonly clearPeriodMs?: number;
  /** The background's failures; they are tried again in the next period. */
  readonly onBackgroundError?: (error: unknown) => void;
}

const REFRESH_MS = 100;
/** How long an index that is taken up waits for those who use its table. */
const RESUME_WAIT_MS = 3_600_000;
/** Schemas of the past that are kept. */
const FORMER_MAX = 8;
/** How often several servers look for statistics that another one stored. */
const STATISTICS_REFRESH_MS = 1000;
const CLEAR_PERIOD_MS = 60_000;
const ANALYZE_PERIOD_MS = 2_000;
/** A table is not analysed again by itself before this time, or before this multiple of what it took. */
const ANALYZE_AGAIN_MS = 60_000;
const ANALYZE_AGAIN_FACTOR = 20;
/** Tables without statistics that one look may read a little of. */
const PROBES_PER_LOOK = 16;

export class Catalog {
  readonly kv: KvClient;
  readonly leases: SchemaLeases;
  /** With several servers over one store. */
  readonly board: ServerBoard | undefined;
  readonly privileges: PrivilegeStore;
  readonly ddlJobs: DdlJobs;
  private readonly options: CatalogOptions;
  private readonly autoIds: AutoIds;
  private readonly statisticsStore: StatisticsStore;
  private readonly exclusive: boolean;
  private current: CatalogSnapshot;
  private ddlQueue: Promise<unknown> = Promise.resolve();
  /** Schemas of the past that were asked for, by version. */
  private readonly former = new Map<number, CatalogSnapshot>();
  private readonly rebuilding = new Set<string>();
  /** Tables that are not in the schema. */
  readonly privateTables: PrivateTables;
  private readonly background: { cancel(): void }[] = [];
  private clearing: Promise<number> | undefined;
  private refreshing: Promise<void> | undefined;
  private analyzing: Promise<void> | undefined;
  /** Tables that were there before this server began to count changes, and have no statistics. */
  private unknown: number[] = [];
  private readonly analyzeAgainAtMs = new Map<number, number>();
  readonly analyzePace: AnalyzePace;
  /** The user's switch. */
  analyzesByItself: () => boolean = () => true;
  private closed = false;
  /** It closes as soon as what runs is over. */
  private ending = false;
  /** Grows with each ANALYZE: plans made under an older one may be worth making again. */
  statisticsVersion = 0;

  private constructor(kv: KvClient, options: CatalogOptions, snapshot: CatalogSnapshot, privileges: PrivilegeStore) {
    this.kv = kv;
    this.options = options;
    this.exclusive = options.exclusive ?? true;
    this.current = snapshot;
    this.privileges = privileges;
    this.ddlJobs = new DdlJobs(options.timers);
    this.leases = new SchemaLeases(options.timers);
    this.analyzePace = new AnalyzePace(options.clock);
    const server = this.exclusive ? '' : `server-${options.random.below(2 ** 48)}`;
    this.privateTables = new PrivateTables(kv, server);
    this.board = this.exclusive
      ? undefined
      : new ServerBoard({
          kv, clock: options.clock, timers: options.timers, leases: this.leases, name: server,
          version: () => this.current.version, tableVersion: (id) => this.current.tableById(id)?.table.updateVersion, moved: () => this.reloadAll(), finish: () => this.takeUp(), orphaned: () => this.takeUpLater(),
        }); // prettier-ignore
    this.statisticsStore = new StatisticsStore(kv);
    this.autoIds = new AutoIds({
      kv,
      exclusive: this.exclusive,
      databaseIdOf: (tableId) => this.current.tableById(tableId)?.database.id ?? this.privateTables.databaseOf(tableId),
    });
  }

  /** Loads the schema, or makes the first one: a database `test`, and root for loopback addresses. */
  static async open(kv: KvClient, options: CatalogOptions): Promise<Catalog> {
    await bootstrap(kv);
    const privileges = await PrivilegeStore.open(kv);
    const catalog = new Catalog(kv, options, await loadSnapshot(kv), privileges);
    if (catalog.board === undefined) await catalog.finishBrokenChanges();
    else await catalog.board.look();
    if (catalog.unfinished().length > 0) catalog.takeUpLater();
    await catalog.statisticsStore.load((id) => catalog.current.tableById(id)?.table);
    catalog.unknown = catalog
      .storedTables()
      .filter(({ id }) => !catalog.statisticsStore.isAnalysed(id))
      .map(({ id }) => id);
    catalog.startBackground();
    return catalog;
  }

  // ---- schema ----

  /** The newest schema this server knows. */
  schema(): CatalogSnapshot {
    return this.current;
  }

  /** Looks whether another server changed the schema; one look at a time. */
  refresh(): Promise<void> {
    this.refreshing ??= this.look().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async look(): Promise<void> {
    if (this.board !== undefined) return this.board.look();
    const version = await new MetaReader(this.kv.snapshot(TIMESTAMP_MAX)).schemaVersion();
    if (version !== this.current.version) await this.reloadAll();
  }

  /** The schema as it was. What it names can be read as long as `ts` is above the safe point, which the caller holds. */
  async schemaAt(ts: bigint): Promise<CatalogSnapshot> {
    const version = await new MetaReader(this.kv.snapshot(ts)).schemaVersion();
    if (version === this.current.version) return this.current;
    let known = this.former.get(version);
    if (known === undefined) {
      known = await snapshotAt(this.kv, ts);
      if (this.former.size >= FORMER_MAX) this.former.clear();
      this.former.set(version, known);
    }
    return known;
  }

  private async reloadAll(): Promise<void> {
    await this.reload();
    await this.privileges.reload();
  }

  private async reload(): Promise<CatalogSnapshot> {
    const loaded = await loadSnapshot(this.kv);
    if (loaded.version > this.current.version) this.current = loaded;
    return this.current;
  }

  /** However long the store does not answer, until this server ends. */
  private async reloadSurely(): Promise<CatalogSnapshot> {
    for (;;) {
      try {
        return await this.reload();
      } catch (error) {
        if (this.closed || !(error instanceof RutileError)) throw error;
        await new Promise<void>((resolve) => void this.options.timers.after(REFRESH_MS, resolve));
      }
    }
  }

  /** CREATE, ALTER, DROP, RENAME, TRUNCATE of databases, tables, indexes and views: one after the other. */
  executeDdl(statement: DdlStatement, context: DdlContext): Promise<DdlResult> {
    return this.inDdlTurn(statement, context, (watched) => executeDdl(this.ddlOwner(), statement, watched));
  }

  private inDdlTurn<T>(
    statement: DdlStatement,
    context: DdlContext,
    work: (watched: DdlContext) => Promise<T>,
  ): Promise<T> {
    const { clock } = this.options;
    const run = this.ddlJobs.run(
      factsOf(statement, context),
      context,
      () => clock.wallMs(),
      async (job, watched) => {
        await this.ddlQueue;
        watched.checkKilled();
        const execute = async () => {
          job.startedAtMs = clock.wallMs();
          if (job.state === 'queueing') job.state = 'running';
          await this.refresh();
          return work(watched);
        };
        return this.board === undefined ? execute() : this.board.own(execute);
      },
    );
    this.ddlQueue = run.catch(() => undefined);
    return run;
  }

  /** CREATE TABLE … SELECT: the table under a new id, for the query to fill. */
  async beginFilled(
    statement: CreateTableStatement,
    queried: readonly QueriedColumn[],
    context: DdlContext,
  ): Promise<{ readonly database: string; readonly table: TableInfo }> {
    const { database, table } = shapeOfFilled(statement, queried, this.current, context, this.options.clock.wallMs());
    const made = await this.privateTables.make(database.id, table);
    return { database: database.name, table: statement.temporary ? { ...made, temporary: true } : made };
  }

  publishFilled(
    statement: CreateTableStatement,
    filled: { readonly database: string; readonly table: TableInfo },
    context: DdlContext,
  ): Promise<void> {
    const database = this.current.database(filled.database);
    if (database === undefined) throw unknownDatabase(filled.database);
    return this.inDdlTurn(statement, context, (watched) =>
      publishFilled(this.ddlOwner(), this.privateTables, database, filled.table, watched),
    );
  }

  /** A session's own. */
  temporaryTables(): TemporaryTables {
    return new TemporaryTables({
      kv: this.kv,
      autoIds: this.autoIds,
      rebuilding: this.rebuilding,
      privateTables: this.privateTables,
      schema: () => this.current,
      tableGone: (table) => this.tableGone(table),
      wallMs: () => this.options.clock.wallMs(),
    });
  }

  private ddlOwner(): FlashbackOwner {
    const { board } = this;
    return {
      kv: this.kv,
      leases: board ?? this.leases,
      ...(board && { guard: (meta: MetaStore) => board.guard(meta) }),
      autoIds: this.autoIds,
      rebuilding: this.rebuilding,
      snapshot: () => this.current,
      reload: () => this.reload(),
      reloadSurely: () => this.reloadSurely(),
      publish: (snapshot) => {
        this.current = snapshot;
      },
      settle: () => board?.settle() ?? Promise.resolve(),
      tableGone: (table) => this.tableGone(table),
      wallMs: () => this.options.clock.wallMs(),
      isBusy: () => this.analyzePace.isBusy,
      schemaAt: (ts) => this.schemaAt(ts),
    };
  }

  private tableGone(table: TableInfo): void {
    this.autoIds.forget(table.id);
    this.statisticsStore.drop(table.id).catch((error: unknown) => this.options.onBackgroundError?.(error));
  }

  /**
   * A crash in the middle of a walk leaves columns and indexes that are not public. Nobody had seen the end of that statement: what came is
   * taken back, what went is gone; but indexes that were being filled are left for `takeUp`.
   */
  private async finishBrokenChanges(): Promise<void> {
    if (this.unfinished().length === 0) return;
    const jobs = await storedJobs(this.kv);
    const broken = this.unfinished().filter(({ table }) => !jobs.some((job) => isResumable(table, job)));
    if (broken.length === 0) return;
    const owner = this.ddlOwner();
    // First nobody looks for duplicates any more: a server that knows nothing of an index leaves entries behind, and one that still writes it would take
    // them for somebody's.
    await editSchema(owner, 'finish broken changes: delete-only', (edit) => {
      const held = <T extends { readonly state: SchemaState }>(part: T): T =>
        part.state === 'public' ? part : { ...part, state: 'delete-only' };
      for (const { info, table } of broken)
        edit.putTable(info.name, { ...table, columns: table.columns.map(held), indexes: table.indexes.map(held) });
    });
    await owner.settle();
    await editSchema(owner, 'finish broken changes', (edit) => {
      for (const { info, table } of broken) {
        const columns = table.columns
          .filter((column) => column.state === 'public')
          .map((column, offset) => ({ ...column, offset }));
        const offsets = new Map(columns.map((column) => [column.id, column.offset]));
        const kept = table.indexes.filter((index) => index.state === 'public');
        const indexes = kept.map((index) => ({
          ...index,
          columns: index.columns.map((part) => ({ ...part, offset: offsets.get(table.columns[part.offset]!.id)! })),
        }));
        for (const index of table.indexes) if (index.state !== 'public') clearIndex(edit, table, index);
        edit.putTable(info.name, { ...table, columns, indexes });
        removeJob(edit.meta, table.id);
      }
    });
  }

  /** Tables in the middle of a walk. Whoever may change the schema, and is not at it, has found what another one left. */
  private unfinished(): { readonly info: DatabaseInfo; readonly table: TableInfo }[] {
    const isOnItsWay = ({ state }: { readonly state: SchemaState }): boolean => state !== 'public';
    return this.current
      .realDatabases()
      .flatMap(({ info, tables }) =>
        [...tables.values()]
          .filter(({ columns, indexes }) => columns.some(isOnItsWay) || indexes.some(isOnItsWay))
          .map((table) => ({ info, table })),
      );
  }

  /** Ends what another life or another server has left, for the owner of the schema. */
  private async takeUp(): Promise<void> {
    await this.finishBrokenChanges();
    const jobs = this.unfinished().length > 0 ? await storedJobs(this.kv) : [];
    const nowMs = (): number => this.options.clock.wallMs();
    for (const stored of jobs) {
      const found = this.current.tableById(stored.tableId);
      if (found === undefined || !isResumable(found.table, stored)) continue;
      const facts = { type: 'add index', database: found.database.name, table: found.table.name, query: stored.query };
      const checkKilled = (): void => {
        if (this.ending) throw new ServerEnds();
      };
      await this.ddlJobs
        .run(facts, { checkKilled, lockWaitMs: RESUME_WAIT_MS }, nowMs, (job, context) => {
          job.startedAtMs = nowMs();
          job.state = stored.paused ? 'paused' : 'running';
          return resumeJob(this.ddlOwner(), stored, context);
        })
        .catch((error: unknown) => {
          if (error instanceof ServerEnds) throw error;
          // Taken back, as it would have been under the eyes of whoever asked for it.
          this.options.onBackgroundError?.(error);
        });
    }
  }

  /** In its turn among definition statements. */
  private takeUpLater(): void {
    const { board } = this;
    const ownUp = (): Promise<void> => (board === undefined ? this.takeUp() : board.own(() => this.takeUp()));
    this.ddlQueue = this.ddlQueue.then(ownUp).catch((error: unknown) => {
      if (!this.ending) this.options.onBackgroundError?.(error);
    });
  }

  // ---- ids ----

  allocateAutoIncrement(table: TableInfo, count: number): MaybePromise<number | bigint> {
    return this.autoIds.allocate('auto-increment', table, count);
  }

  observeAutoIncrement(table: TableInfo, value: number | bigint): MaybePromise<void> {
    return this.autoIds.observe(table, value);
  }

  allocateRowId(table: TableInfo, count: number): MaybePromise<number> {
    return this.autoIds.allocate('row-id', table, count) as MaybePromise<number>;
  }

  // ---- statistics ----

  statistics(table: TableInfo): TableStatistics | undefined {
    return this.statisticsStore.statistics(table.id);
  }

  approximateRows(table: TableInfo): number {
    return this.statisticsStore.approximateRows(table.id);
  }

  /** `rows`: inserted minus deleted. `changes`: rows touched in any way; as many as `rows` when not said. */
  noteChangedRows(table: TableInfo, rows: number, changes: number = Math.abs(rows)): void {
    this.analyzePace.noteWrite();
    this.statisticsStore.noteChanges(table.id, rows, changes);
  }

  async analyzeTable(
    table: TableInfo,
    checkKilled: () => void = () => undefined,
    pace: () => Pace = () => ASKED_FOR,
  ): Promise<TableStatistics> {
    const { random, clock, timers } = this.options;
    const result = await this.statisticsStore.analyze(table, {
      random: random.fork(`analyze-${table.id}`),
      checkKilled,
      turns: new Turns({ clock, timers, pace }),
    });
    this.statisticsVersion++;
    return result;
  }

  /** Looks whether another server analysed something. */
  async refreshStatistics(): Promise<void> {
    const count = await this.statisticsStore.refresh((id) => this.current.tableById(id)?.table);
    if (count > 0) this.statisticsVersion++;
  }

  /** Brings statistics up to date where half of the rows changed, or where there are none; one table after the other, resting most of the time. */
  analyzeStale(): Promise<void> {
    this.analyzing ??= this.analyzeEachStale().finally(() => {
      this.analyzing = undefined;
    });
    return this.analyzing;
  }

  private async analyzeEachStale(): Promise<void> {
    if (!this.analyzesByItself()) return;
    const { clock } = this.options;
    for (const id of this.unknown.splice(0, PROBES_PER_LOOK)) {
      const table = this.current.tableById(id)?.table;
      if (table !== undefined && !this.statisticsStore.isAnalysed(id)) await this.statisticsStore.probe(table);
    }
    for (const table of this.storedTables()) {
      const beganMs = clock.monotonicMs();
      if (!this.statisticsStore.isStale(table.id) || beganMs < (this.analyzeAgainAtMs.get(table.id) ?? 0)) continue;
      const stopped = (): void => {
        const gone = this.current.tableById(table.id) === undefined;
        if (gone || this.closed || !this.analyzesByItself()) throw new AnalysisStopped('stopped');
      };
      try {
        await this.analyzeTable(table, stopped, this.analyzePace.pace);
      } catch (error) {
        if (!(error instanceof AnalysisStopped)) throw error;
      }
      const endedMs = clock.monotonicMs();
      const pauseMs = Math.max(ANALYZE_AGAIN_MS, (endedMs - beganMs) * ANALYZE_AGAIN_FACTOR);
      this.analyzeAgainAtMs.set(table.id, endedMs + pauseMs);
    }
    for (const id of this.analyzeAgainAtMs.keys())
      if (this.current.tableById(id) === undefined) this.analyzeAgainAtMs.delete(id);
  }

  private storedTables(): TableInfo[] {
    return this.current
      .realDatabases()
      .flatMap(({ tables }) => [...tables.values()].filter((table) => table.view === undefined));
  }

  statisticsAreStale(table: TableInfo): boolean {
    return this.statisticsStore.isStale(table.id);
  }

  // ---- rows that are computed ----

  virtualRows(database: string, name: string, viewer: Viewer): MaybePromise<Batch> {
    const table = virtualTableDefinition(database, name);
    if (table === undefined) throw tableMissing(database, name);
    // As in MySQL, which shows there what is whose by internal names.
    if (table.name.startsWith('INNODB_')) this.privileges.checkAny(viewer, ['PROCESS']);
    return table.rows(this.source(viewer));
  }

  /** `undefined`: the target is the session's own (warnings, errors). WHERE is applied by the caller. */
  show(
    target: ShowTarget,
    like: string | undefined,
    currentDatabase: string | undefined,
    viewer: Viewer,
  ): MaybePromise<ShowResult | undefined> {
    return show(target, { source: this.source(viewer), currentDatabase, like });
  }

  describe(statement: DescribeStatement, currentDatabase: string | undefined, viewer: Viewer): ShowResult {
    return describe(statement.table, statement.column, {
      source: this.source(viewer),
      currentDatabase,
      like: undefined,
    });
  }

  private source(viewer: Viewer): VirtualSource {
    return {
      schema: viewer.schema ?? this.current,
      viewer,
      privileges: this.privileges,
      statistics: (table) => this.statistics(table),
      approximateRows: (table) => this.approximateRows(table),
      partitionRows: (table, max, budget) => this.statisticsStore.partitionRows(table, max, budget),
      nextAutoIncrement: (table) => this.autoIds.peek(table),
      histograms: () => keptHistograms(this.kv),
      ddlJobs: () => this.ddlJobs.list(),
      persistedVariables: () => persistedVariables(this.kv),
    };
  }

  // ---- background ----

  private startBackground(): void {
    const { timers } = this.options;
    const failed = (error: unknown): void => this.options.onBackgroundError?.(error);
    if (!this.exclusive) {
      this.background.push(timers.every(this.options.refreshMs ?? REFRESH_MS, () => void this.refresh().catch(failed)));
      const lookForStatistics = (): void => void this.refreshStatistics().catch(failed);
      this.background.push(timers.every(STATISTICS_REFRESH_MS, lookForStatistics));
    }
    const period = this.options.clearPeriodMs ?? CLEAR_PERIOD_MS;
    if (period > 0) this.background.push(timers.every(period, () => void this.clearDeletedData().catch(failed)));
    const analyzeMs = this.options.analyzePeriodMs ?? ANALYZE_PERIOD_MS;
    if (analyzeMs > 0) this.background.push(timers.every(analyzeMs, () => this.analyzePeriod(failed)));
  }

  private analyzePeriod(failed: (error: unknown) => void): void {
    if (this.analyzePace.isTime()) void this.analyzeStale().catch(failed);
  }

  /** Clears keys of dropped tables and indexes that no reader can want any more; answers how many. */
  clearDeletedData(): Promise<number> {
    this.clearing ??= this.sweepAndClear().finally(() => {
      this.clearing = undefined;
    });
    return this.clearing;
  }

  private async sweepAndClear(): Promise<number> {
    await this.privateTables.sweep(await this.board?.servers());
    return clearDeletedRanges(this.kv, this.rebuilding, () => !this.closed);
  }

  /** Ends the background and gives back unused ids. The client stays open: it is not the catalog's. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.ending = true;
    for (const timer of this.background) timer.cancel();
    await this.ddlQueue;
    this.closed = true;
    await this.clearing?.catch(() => undefined);
    await this.board?.close();
    await this.analyzing?.catch(() => undefined);
    await this.autoIds.close();
  }
}

/** The table is gone, the server ends, or nobody wants it any more. */
class AnalysisStopped extends Error {}

async function bootstrap(kv: KvClient): Promise<void> {
  await inTransaction(kv, async (meta) => {
    if ((await meta.schemaVersion()) > 0) return;
    await meta.stepVersion('bootstrap', 0, 0);
    meta.putDatabase({
      id: await meta.allocateIds(1),
      name: 'test',
      charset: 'utf8mb4',
      collation: COLLATION_DEFAULT,
      state: 'public',
    });
  });
}

async function loadSnapshot(kv: KvClient): Promise<CatalogSnapshot> {
  const found = kv.timestamp();
  return snapshotAt(kv, isPromise(found) ? await found : found);
}

async function snapshotAt(kv: KvClient, ts: bigint): Promise<CatalogSnapshot> {
  const reader = new MetaReader(kv.snapshot(ts));
  const databases = await reader.databases();
  const tables = await Promise.all(databases.map((database) => reader.tables(database.id)));
  return CatalogSnapshot.of(
    await reader.schemaVersion(),
    databases.map((info, i) => ({ info, tables: tables[i]! })),
  );
}
