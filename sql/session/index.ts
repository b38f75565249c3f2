/**
 * Sessions: a statement's life from its text to its result.
 *
 *     SqlInstance    one SQL server: sessions, globals, limits, counters                              instance.ts
 *       └ Session    one client: text and prepared statements, a statement's beginning and end        session.ts
 *           ├ StatementPlanner    plan cache, the planner, what a kept plan is judged by              statement-planner.ts, plan-cache.ts
 *           ├ PreparedStatements  by number and by name                                               prepared.ts
 *           ├ SessionTransaction  BEGIN to COMMIT                                                     transaction.ts
 *           ├ SessionState        variables, warnings, who it is                                      state.ts, variables.ts
 *           └ RunningStatement    the contexts that functions and operators see                       statement.ts, memory.ts
 *
 *     a query, a write         run-plan.ts: in which transaction, at which moment; run-write.ts: the attempts of a write; statement-rows.ts: their end
 *     any other statement      statements/dispatch.ts, which says where a new kind goes
 *     a result                 result.ts
 *
 * A session knows no packets (sql/protocol gives it text and values and takes its `StatementResult`) and no keys (the catalog, planner and
 * executor do). Results are pulled, so a slow client holds back its own statement and nothing else.
 */
export { CatalogAdapter } from './catalog-adapter.ts';
export { SqlInstance, type InstanceOptions, type SessionRequest } from './instance.ts';
export { InstanceFacts } from './facts.ts';
export { Session } from './session.ts';
export { SessionState, type SessionWarning } from './state.ts';
export { RunningStatement } from './statement.ts';
export type { Account } from './accounts.ts';
export type { CatalogCaller, ComputedRows, SessionCatalog } from './catalog-port.ts';
export { Counters, LATENCY_BOUNDS_MS, type LatencyHistogram } from './counters.ts';
export { checkStoredHash, DEFAULT_PLUGIN, hashPassword } from './passwords.ts';
export type { SlowStatement } from './slow-log.ts';
export type { ResultColumn, RowSource, StatementResult } from './result.ts';
export { variableDefinition, variableNames, variableText, initialGlobals } from './variables.ts';
export { loadPersistedVariables } from './persisted.ts';
