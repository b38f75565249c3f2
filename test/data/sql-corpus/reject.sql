-- One text a line, with the `near` of its error behind ` ==> `.
selec 1 ==> selec 1
select ==> 
select from t ==> from t
select 1 from ==> 
select 1, from t ==> from t
select * from t where ==> 
select * from t where a = ==> 
select * from t group a ==> a
select * from t order a ==> a
select a b c from t ==> c from t
select 1 1 ==> 1
select a from t limit -1 ==> -1
select a from t limit a ==> a
select a from t limit 1 offset ==> 
select a from t limit 1 2 ==> 2
select (1 ==> 
select 1) ==> )
select ((1) ==> 
select () ==> )
select a from (t ==> 
select 'abc ==> 'abc
select "abc ==> "abc
select `abc ==> `abc
select 1 /* open ==> /* open
select x'1' ==> x'1'
select x'zz' ==> x'zz'
select b'2' ==> b'2'
select a from t join ==> 
select a from t left join u ==> 
select a from t left join u where 1 ==> where 1
select a from t inner u ==> u
select a from t natural join u on x ==> on x
select a from t using (a) ==> using (a)
select case when 1 end ==> end
select case end ==> 
select case 1 else 2 end ==> else 2 end
select cast(1 as int) ==> int)
select cast(1, char) ==> , char)
select cast(1 as varchar(10)) ==> varchar(10))
select convert(1 as char) ==> as char)
select extract(foo from a) ==> foo from a)
select a between 1 ==> 
select a between 1 or 2 ==> or 2
select a in () ==> )
select a in 1 ==> 1
select a like ==> 
select a is 1 ==> 1
select a is not ==> 
select a not b ==> not b
select count(*, 1) ==> , 1)
select count (*) ==> *)
select count(distinct *) ==> *)
select sum(a, b) ==> )
select * , ==> 
select *, * from t ==> * from t
select a, * from t ==> * from t
select interval 1 day ==> 
select interval 1 foo + a ==> foo + a
select a + interval 1 ==> 
select row(1) ==> )
select 1 union ==> 
select 1 union 2 ==> 2
select 1 order by 1 union select 2 ==> union select 2
select 1 limit 1 union select 2 ==> union select 2
select ? ==> ?
select a from t for update of ==> 
select a from t for foo ==> foo
select a from t for update skip ==> 
select a from t lock in exclusive mode ==> exclusive mode
select rank() ==> 
select row_number() over ==> 
select sum(a) over (order) ==> )
select sum(a) over (rows between 1 and 2) ==> and 2)
select sum(a) over (rows 1 following) ==> )
select group_concat(a) over () ==> over ()
select a from t window w (order by a) ==> (order by a)
select a from t partition p0 ==> p0
select a from t use index i ==> i
select a from t force index () ==> )
select a as from t ==> from t
select a as select ==> select
select key from t ==> key from t
select a.* b from t ==> b from t
select t.* + 1 from t ==> + 1 from t
select a from 1t t2 t3 ==> t3
select a from t order by a foo ==> foo
select distinct all a from t ==> all a from t
with x select 1 ==> select 1
with x as select 1 select * from x ==> select 1 select * from x
with x as (select 1) ==> 
with recursive as (select 1) select 1 ==> as (select 1) select 1
values (1) ==> (1)
values row(1), (2) ==> (2)
insert ==> 
insert into ==> 
insert into t ==> 
insert into t values ==> 
insert into t values 1 ==> 1
insert into t values (1 ==> 
insert into t (a values (1) ==> values (1)
insert into t (a) ==> 
insert into t (1) values (1) ==> 1) values (1)
insert into t set ==> 
insert into t set a ==> 
insert into t values (1) on duplicate update a = 1 ==> update a = 1
insert into t values (1) on duplicate key a = 1 ==> a = 1
replace into t values (1) on duplicate key update a = 1 ==> on duplicate key update a = 1
replace ignore into t values (1) ==> ignore into t values (1)
update t ==> 
update set a = 1 ==> set a = 1
update t set ==> 
update t set a ==> 
update t set a = 1 where ==> 
update t, u set a = 1 limit 1 ==> limit 1
update t set a = 1 limit 1, 2 ==> , 2
delete t ==> 
delete from ==> 
delete from t u v ==> v
delete t from t limit 1 ==> limit 1
delete from t join u on x ==> join u on x
load data infile x into table t ==> x into table t
load data infile 'x' into t ==> t
create ==> 
create table ==> 
create table t ==> 
create table t () ==> )
create table t (a) ==> )
create table t (a int,) ==> )
create table t (a foo) ==> foo)
create table t (a varchar) ==> )
create table t (a int default) ==> )
create table t (a int default b) ==> b)
create table t (a int default 1 + 1) ==> + 1)
create table t (a int not) ==> )
create table t (a enum) ==> )
create table t (a enum()) ==> ))
create table t (a int, primary key) ==> )
create table t (a int, key i) ==> )
create table t (a int, foreign key (a)) ==> )
create table t (a int) engine ==> 
create table t (a int) foo = 1 ==> foo = 1
create table t (a int) partition by foo (a) ==> foo (a)
create table t (constraint c a int) ==> a int)
create temporary t (a int) ==> t (a int)
create index on t (a) ==> on t (a)
create index i t (a) ==> t (a)
create or replace table t (a int) ==> table t (a int)
create view v select 1 ==> select 1
create user ==> 
create user u identified 'x' ==> 'x'
create foo ==> foo
alter ==> 
alter table ==> 
alter table t add ==> 
alter table t drop ==> 
alter table t foo ==> foo
alter table t add column ==> 
alter table t modify a ==> 
alter table t change a int ==> int
alter table t rename column a b ==> b
alter table t add a int, ==> 
drop ==> 
drop foo ==> foo
drop table ==> 
drop index i ==> 
truncate ==> 
rename table a b ==> b
start ==> 
start foo ==> foo
start transaction read ==> 
start transaction isolation level serializable ==> isolation level serializable
commit foo ==> foo
commit and chain release ==> release
rollback to ==> 
savepoint ==> 
set ==> 
set a ==> 
set a = ==> 
set @a ==> 
set @a 5 ==> 5
set global ==> 
set names ==> 
set transaction isolation level foo ==> foo
set transaction isolation level read ==> 
prepare p ==> 
prepare p from 5 ==> 5
execute p using 5 ==> 5
show ==> 
show foo ==> foo
show tables foo ==> foo
show create foo ==> foo
show index from t like 'x' ==> like 'x'
show warnings like 'x' ==> like 'x'
show full databases ==> databases
explain ==> 
explain analyze t ==> t
explain foo bar baz ==> baz
use ==> 
use a b ==> b
kill ==> 
lock tables t ==> 
lock tables t foo bar ==> bar
grant ==> 
grant select on d.* ==> 
grant foo bar on d.* to u ==> bar on d.* to u
revoke select on d.* to u ==> to u
flush ==> 
flush foo ==> foo
analyze t ==> t
foo ==> foo
1 ==> 1
'x' ==> 'x'
( ==> 
) ==> )
(select 1 ==> 
((select 1) ==> 
select 1; foo ==> foo
select @@ ==> 
select @@global ==> 
select a := 5 ==> := 5
select a from t where a = b = ==> 
select a from t where and ==> and
select \ ==> \
select a from t1 straight_join t2 using (a) ==> using (a)
