insert into t values (1, 'a', null, default)
insert t values (1), (2), (3)
insert into t (a, b) values (1, 2)
insert into t () values ()
insert into t value (1)
insert into s.t (a, t.b, s.t.c) values (1 + 1, now(), (select 1))
insert into t set a = 1, b = default, c = default(c)
insert into t select * from u
insert into t (a, b) select a, b from u where c = 1 on duplicate key update b = u.b + 1
insert into t (select 1)
insert into t (a) (select 1) union (select 2)
insert into t with x as (select 1) select * from x
insert into t (a) values (1) on duplicate key update a = values(a) + 1, b = default
insert into t (a, b) values (1, 2) as new on duplicate key update b = new.b
insert into t (a, b) values (1, 2) as new (x, y) on duplicate key update b = y
insert into t set a = 1 as n on duplicate key update a = n.a
insert low_priority into t values (1)
insert delayed into t values (1)
insert high_priority ignore into t values (1)
insert ignore t (a) values (1)
insert into t partition (p0, p1) (a) values (1)
insert /*+ SET_VAR(x=1) */ into t values (1)
insert into t values row(1, 2), row(3, 4)
insert into t table u
replace into t values (1, 2)
replace t (a) values (1)
replace into t set a = 1
replace low_priority into t select 1
replace delayed t (a, b) values (1, 2), (3, 4)
insert into t values (-1, +2, 1e5, 0xFF, b'1', 'x', "y", true, false, null, @v)
insert into t (id, name) values (1, 'O''Brien'), (2, 'a\\b'), (3, '日本')
update t set a = 1
update t set a = a + 1, b = default, t.c = 'x' where d = 5 order by e desc limit 10
update low_priority ignore t set a = 1
update t as x set x.a = 1 where x.b = 2
update t, u set t.a = u.a where t.id = u.id
update t join u on t.id = u.id set t.a = u.a, u.b = 2 where t.c
update t left join (select 1 as id) d using (id) set a = 1
update s.t partition (p0) set a = 1 where b
update /*+ NO_MERGE() */ t set a = 1
with x as (select 1 as id) update t, x set t.a = 1 where t.id = x.id
update t set a = (select max(b) from u) where c in (select d from v)
update t set j = json_set(j, '$.a', 1) where id = 1 limit 1
update t use index (i) set a = 1
delete from t
delete from t where a = 1 order by b limit 5
delete low_priority quick ignore from t where a
delete from t as x where x.a = 1
delete from t partition (p0) where a = 1
delete t from t join u on t.id = u.id where u.a
delete t, u.* from t, u where t.id = u.id
delete s.t from s.t inner join u using (id)
delete from t, u using t join u on t.a = u.a where t.b
delete from t.* using t
delete a1 from t1 as a1, t2 as a2 where a1.id = a2.id
with x as (select 1 as id) delete from t where id in (select id from x)
delete /*+ QB_NAME(q) */ from t where a = 1
delete quick from t
load data infile '/tmp/x.csv' into table t
load data local infile 'x.csv' into table s.t
load data low_priority local infile 'x' replace into table t character set utf8mb4 fields terminated by ',' optionally enclosed by '"' escaped by '\\' lines starting by '>' terminated by '\r\n' ignore 1 lines (a, @b, c) set d = @b + 1, e = default
load data concurrent infile 'x' ignore into table t partition (p0) columns terminated by '|' enclosed by '' ignore 2 rows
load data local infile 'x' into table t fields terminated by 0x09 lines terminated by '\n' ()
load xml local infile 'x.xml' into table t rows identified by '<row>'
do 1, sleep(0)
call p
call s.p(1, @a)
