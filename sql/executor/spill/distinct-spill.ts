/**
 * `DistinctSpill`: COUNT(DISTINCT …) and its like over more values than memory holds. What the states of all groups have met is put aside as
 * (number of the group, arguments) and forgotten, as often as memory runs out; at the end those rows are sorted, so that a
 * value met in several rounds stands beside itself, and each one is counted once. The groups themselves stay in memory.
 */
import { isPromise } from '../../../base/outcome.ts';
import type { Row } from '../../../base/value/datum.ts';
import { BIGINT } from '../../../base/value/field-type.ts';
import type { AggregateCall, SortKey } from '../../../proto/plan/expression.ts';
import { hashKeyFor } from '../../functions/index.ts';
import type { Aggregation } from '../aggregation.ts';
import type { Run } from '../run.ts';
import { BATCH_ROWS } from '../run.ts';
import { ExternalSorter } from './external-sort.ts';

type States = readonly Aggregation[];

export class DistinctSpill {
  private readonly calls: readonly AggregateCall[];
  private readonly run: Run;
  private readonly node: string;
  private readonly sorters = new Map<number, ExternalSorter>();

  constructor(calls: readonly AggregateCall[], run: Run, node: string) {
    this.calls = calls;
    this.run = run;
    this.node = node;
  }

  /** The groups in the order that `settle` will have them in. */
  async flush(groups: Iterable<States>): Promise<void> {
    let rows: Row[] = [];
    for (let s = 0; s < this.calls.length; s++) {
      let group = 0;
      for (const states of groups) {
        const values = states[s]!.distinct?.takeOut() ?? [];
        for (const list of values) {
          rows.push([group, ...list]);
          if (rows.length < BATCH_ROWS) continue;
          await this.put(s, rows);
          rows = [];
        }
        group++;
      }
      if (rows.length > 0) await this.put(s, rows);
      rows = [];
    }
  }

  /** The states afterwards have counted everything. */
  async settle(groups: readonly States[]): Promise<void> {
    await this.flush(groups);
    for (const [s, sorter] of this.sorters) {
      const keyOf = hashKeyFor(this.calls[s]!.args.map((arg) => arg.type));
      const finished = sorter.finish();
      if (isPromise(finished)) await finished;
      let group = -1;
      let key: string | number = '';
      for (;;) {
        const got = sorter.next();
        const batch = isPromise(got) ? await got : got;
        if (batch === undefined) break;
        for (const row of batch) {
          const values = row.slice(1);
          const at = row[0] as number;
          const own = keyOf(values);
          if (at === group && own === key) continue;
          group = at;
          key = own;
          groups[at]![s]!.distinct!.count(values, this.run.evaluation);
        }
        this.run.checkpoint();
        if (this.run.due()) await this.run.pause();
      }
      sorter.close();
    }
    this.sorters.clear();
  }

  close(): void {
    for (const sorter of this.sorters.values()) sorter.close();
    this.sorters.clear();
  }

  private async put(s: number, rows: Row[]): Promise<void> {
    let sorter = this.sorters.get(s);
    if (sorter === undefined) {
      const types = [BIGINT, ...this.calls[s]!.args.map((arg) => arg.type)];
      const keys = types.map((type, index): SortKey => ({
        expression: { kind: 'column', id: -1, index, type, name: '' },
        descending: false,
      }));
      sorter = new ExternalSorter(keys, types, this.run, this.node, this.run.reserve(this.node));
      this.sorters.set(s, sorter);
    }
    const added = sorter.add(rows);
    if (isPromise(added)) await added;
    this.run.checkpoint();
    if (this.run.due()) await this.run.pause();
  }
}
