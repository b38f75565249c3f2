/**
 * What the soak changes about its schema all the time, and the objects that each change brings and takes: an acknowledged change must be seen by the
 * next life of the server, one that was not is there wholly or not at all.
 */

export interface SchemaChange {
  readonly sql: string;
  /** `table NAME`, `index TABLE.NAME` or `column TABLE.NAME`. */
  readonly brings?: readonly string[];
  readonly takes?: readonly string[];
}

const change = (sql: string, brings: readonly string[] = [], takes: readonly string[] = []): SchemaChange => ({
  sql,
  brings,
  takes,
});

/** What a change may be refused with because another one was first. */
export const OVERTAKEN = new Set([1050, 1051, 1054, 1060, 1061, 1072, 1091, 1146, 1176, 1505, 1507, 1508, 1517]);

export const SCHEMA_CHANGES: readonly SchemaChange[] = [
  change('create index wide on account (balance, id)', ['index account.wide']),
  change('create index wide on account (balance, id)', ['index account.wide']),
  change('alter table account drop index wide', [], ['index account.wide']),
  change('create unique index both_ways on account (balance, id)', ['index account.both_ways']),
  change('alter table account drop index both_ways', [], ['index account.both_ways']),
  change('alter table ledger add index by_target (target, amount)', ['index ledger.by_target']),
  change('alter table ledger add index by_target (target, amount)', ['index ledger.by_target']),
  change('drop index by_target on ledger', [], ['index ledger.by_target']),
  change('alter table claim add index again (value, id)', ['index claim.again']),
  change('alter table claim drop index again', [], ['index claim.again']),
  change("alter table account add column remark varchar(20) default 'none', add index by_remark (remark)", [
    'column account.remark', 'index account.by_remark']),
  change('alter table account drop column remark', [], ['column account.remark', 'index account.by_remark']),
  change('alter table ticket add column price decimal(10, 2) not null default 1.5', ['column ticket.price']),
  change('alter table ticket drop column price', [], ['column ticket.price']),
  change('alter table ticket add column first_of_all int first', ['column ticket.first_of_all']),
  change('alter table ticket drop column first_of_all', [], ['column ticket.first_of_all']),
  change('alter table sale modify amount bigint not null'),
  change('alter table sale modify amount int not null'),
  change('alter table sale add column remark varchar(10)', ['column sale.remark']),
  change('alter table sale rename column remark to notice', ['column sale.notice'], ['column sale.remark']),
  change('alter table sale drop column notice', [], ['column sale.notice']),
  change('alter table child add column remark varchar(20), add index by_remark (remark)', [
    'column child.remark', 'index child.by_remark']),
  change('alter table child drop column remark', [], ['column child.remark', 'index child.by_remark']),
  change('create table scratch (id int primary key auto_increment, text varchar(30))', ['table scratch']),
  change('create table scratch like account', ['table scratch']),
  change('rename table scratch to scraped', ['table scraped'], ['table scratch']),
  change('truncate table scraped'),
  change('drop table scraped', [], ['table scraped']),
  change('drop table scratch', [], ['table scratch']),
  change('truncate table log'),
  change('alter table log add partition (partition p9 values less than (1000))'),
  change('alter table log drop partition p9'),
  change('alter table log truncate partition p1'),
  change('alter table log reorganize partition p0, p1 into (partition p0 values less than (10), partition p1 values less than (20))'),
  change('alter table list rebuild partition p1'),
  change('alter table list remove partitioning'),
  change('alter table list partition by key () partitions 3'),
  change('analyze table account, ledger, sale'),
  change('analyze table parent, child, pet, claim'),
]; // prettier-ignore

/** Every object that a change brings or takes. */
export const CHANGED_OBJECTS: readonly string[] = [
  ...new Set(SCHEMA_CHANGES.flatMap(({ brings, takes }) => [...brings!, ...takes!])),
];
