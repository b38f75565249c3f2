create database d
create schema if not exists `d` character set utf8mb4 collate utf8mb4_bin
create database d default character set = 'utf8' default collate = utf8_general_ci encryption = 'N'
alter database d charset latin1
alter schema collate utf8mb4_bin
alter database d read only = 1
drop database d
drop schema if exists d
create table t (a int)
create table if not exists s.t (a int, b int)
create temporary table t (a int)
create table t (a tinyint, b smallint(5) unsigned, c mediumint zerofill, d int unsigned zerofill, e integer, f bigint(20), g int1, h int2, i int3, j int4, k int8, l middleint, m bool, n boolean, o serial)
create table t (a decimal, b decimal(10), c numeric(10,2) unsigned, d dec(5), e fixed(4,1), f float, g float(10), h float(30), i float(7,4), j double, k double precision(10,2), l real, m float4, n float8)
create table t (a bit, b bit(8), c char, d char(10), e character(5), f varchar(255), g character varying(20), h varcharacter(3), i nchar(5), j nvarchar(6), k national char(3), l national varchar(4), m nchar varchar(7))
create table t (a binary(3), b varbinary(10), c tinyblob, d blob(100), e mediumblob, f longblob, g tinytext, h text, i text(500), j mediumtext, k longtext, l long, m long varchar, n long varbinary)
create table t (a date, b time(3), c datetime(6), d timestamp, e year, f year(4), g json, h enum('a', 'b''c'), i set('x', 'y') character set latin1, j geometry, k point not null srid 4326, l vector(3))
create table t (a char(5) character set utf8mb4 collate utf8mb4_bin, b text charset latin1, c varchar(5) binary, d char(3) ascii, e varchar(9) collate utf8mb4_0900_ai_ci)
create table t (id int not null auto_increment primary key, a int null default null, b varchar(10) not null default 'x' comment 'the b', c int unique, d int unique key, e int key)
create table t (a timestamp default current_timestamp on update current_timestamp, b datetime(3) not null default now(3) on update current_timestamp(3), c int default -1, d double default +1.5, e bit(1) default b'0', f char(3) default (uuid()), g int default (1 + 1), h date default '2020-01-01', i boolean default true)
create table t (a int, b int as (a + 1), c int generated always as (a * 2) stored not null, d int generated always as (a) virtual unique comment 'v')
create table t (a int invisible, b int visible, c int column_format fixed storage memory, d int collate binary)
create table t (a int check (a > 0), b int constraint c1 check (b > a) not enforced, constraint c2 check (a < 10), check (b <> 5) enforced, constraint check (a <> 7))
create table t (a int references u (id) on delete cascade on update set null, b int, foreign key (b) references u (id), constraint fk foreign key fkn (a, b) references s.u (x, y) match full on update no action on delete restrict)
create table t (a int, b int, primary key (a), unique (b), unique key u1 (a, b), index i1 (a), key i2 (b desc, a asc), key (a), fulltext key ft (b) with parser ngram, spatial index sp (b))
create table t (a varchar(100), b json, key k1 (a(10)), key k2 ((lower(a))), key k3 using btree (a) comment 'x' invisible, unique index k4 (a) using hash key_block_size = 8, key k5 ((cast(b as unsigned array))), constraint c unique key (a))
create table t (id bigint primary key clustered, a int)
create table t (a int, b int, primary key (a, b) nonclustered)
create table t (id bigint auto_random(5) primary key, a int)
create table t (a int) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin auto_increment = 100 comment = 'hello' row_format = dynamic
create table t (a int) engine innodb, character set latin1, max_rows 10 min_rows 1, avg_row_length 5, checksum 1, delay_key_write = 1, key_block_size = 8, pack_keys default, stats_persistent 1, stats_auto_recalc default, stats_sample_pages 20, compression 'zlib', connection 'x', data directory '/a' index directory '/b', insert_method last, union = (x, y), tablespace ts, encryption 'Y', password 'p'
create table t (a int) shard_row_id_bits = 4 pre_split_regions = 2 auto_id_cache 1
create table t like u
create table if not exists t (like s.u)
create temporary table t like u
create table t select 1 as a
create table t as select * from u
create table t (a int) as select 1 as a
create table t (a int) ignore select 1 as a
create table t (a int primary key) engine = innodb replace as (select 1 as a) union select 2
create table t (a int) partition by hash (a) partitions 4
create table t (a int) partition by linear hash (a + 1)
create table t (a int) partition by key () partitions 2
create table t (a int) partition by key algorithm = 2 (a)
create table t (a int) partition by range (a) (partition p0 values less than (10) engine = innodb comment = 'c', partition p1 values less than maxvalue)
create table t (a int, b int) partition by range columns (a, b) (partition p0 values less than (1, 2), partition p1 values less than (maxvalue, maxvalue))
create table t (a int) partition by list (a) (partition p0 values in (1, 2), partition p1 values in (null))
create table t (a int, b int) partition by list columns (a, b) (partition p0 values in ((1, 2), (3, 4)))
create table t (a int, d date) partition by range (year(d)) subpartition by hash (a) subpartitions 2 (partition p0 values less than (2000) (subpartition s0, subpartition s1))
create global temporary table t (a int) on commit delete rows
alter table t add column b int
alter table t add b int not null default 5 first, add column c int after b, add (d int, e int, key k (d))
alter table t add column if not exists b int
alter table t drop column b, drop c, drop column if exists d
alter table t modify column b bigint not null after a, modify c int, change d e varchar(10) first, change column f g int
alter table t rename column a to b, rename index i to j, rename key k to l
alter table t alter a set default 5, alter column b drop default, alter column c set default (uuid()), alter d set visible, alter column e set invisible
alter table t add index i (a), add unique u (b), add key (c), add primary key (id), add unique index (d), add fulltext (e), add spatial index s (f)
alter table t add constraint c check (a > 0), add check (b > 0) not enforced, alter check c not enforced, alter constraint c enforced, drop check c, drop constraint d
alter table t add constraint fk foreign key (a) references u (b) on delete cascade, add foreign key (c) references u (d), drop foreign key fk
alter table t drop primary key, drop index i, drop key j, drop index if exists k
alter table t alter index i invisible, alter index j visible
alter table t rename to u
alter table t rename as s.u
alter table t rename u
alter table t convert to character set utf8mb4 collate utf8mb4_bin, default character set latin1, collate = latin1_bin
alter table t engine = innodb, comment 'x', auto_increment = 5
alter table t order by a, b desc
alter table t disable keys
alter table t enable keys, force
alter table t discard tablespace
alter table t import tablespace
alter table t add column b int, algorithm = inplace, lock = none
alter table t with validation
alter table t partition by hash (a) partitions 2
alter table t add column x int partition by key (a)
alter table t remove partitioning
alter table t add partition (partition p2 values less than (20)), lock default
alter table t add partition partitions 4
alter table t drop partition p0, p1
alter table t truncate partition all
alter table t coalesce partition 2
alter table t reorganize partition p0, p1 into (partition p3 values less than (5))
alter table t exchange partition p0 with table u without validation
alter table t analyze partition p0
alter table t rebuild partition p0, p1
alter table t discard partition p0 tablespace
alter ignore table t add a int
alter table t
drop table t
drop tables if exists t, s.u restrict
drop temporary table t
truncate table t
truncate t
rename table a to b, c to s.d
rename tables a to b
create index i on t (a)
create unique index i on t (a desc, b(5)) using btree comment 'x'
create index i using hash on t (a) algorithm = inplace lock = none
create fulltext index i on t (a) with parser ngram
create spatial index i on t (g)
create index if not exists i on t ((a + 1)) invisible
drop index i on t
drop index `primary` on t lock = none algorithm default
create view v as select 1
create or replace view s.v (a, b) as select 1, 2
create algorithm = merge definer = 'u'@'h' sql security invoker view v as select * from t with local check option
create definer = current_user view v as (select 1) union (select 2) with check option
create sql security definer view v as table t with cascaded check option
alter view v as select 2
alter algorithm = temptable view v as select 2
drop view v
drop view if exists v, s.w cascade
recover table t
flashback table db.t to u
flashback database d to e
