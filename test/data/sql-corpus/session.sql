begin
begin work
begin pessimistic
start transaction
start transaction read only
start transaction with consistent snapshot, read write
start transaction read only as of timestamp now() - interval 5 second
commit
commit work and chain
commit and no chain release
commit no release
rollback
rollback and chain
rollback work release
rollback to sp
rollback work to savepoint `sp 1`
savepoint sp
release savepoint sp
lock tables t read, s.u as x write, v low_priority write, w read local
unlock tables
set @a = 1
set @a := 1, @b = (select 2), @`c d` = 'x'
set autocommit = 0
set session sql_mode = 'ANSI', global max_connections = 5, @@session.x = 1, @@y = on, local z = default
set persist max_connections = 10, persist_only x = 5, @@persist.y = 1
set sql_mode = ansi
set x = on, y = off, z = all, w = binary, v = row
set names utf8mb4
set names 'utf8' collate 'utf8_bin'
set names default
set character set utf8
set charset default
set names latin1, @a = 1, autocommit = 1
set sql_mode = (select replace(@@sql_mode, 'STRICT_TRANS_TABLES', ''))
set time_zone = '+00:00', foreign_key_checks = 0
set default.key_buffer_size = 5
set @@global.hot.key_buffer_size = 5
set transaction isolation level read committed
set session transaction isolation level serializable, read only
set global transaction read write, isolation level repeatable read
set local transaction isolation level read uncommitted
set transaction read only as of timestamp '2020-01-01'
set password = 'x'
set password to random
set password for u to random replace 'old' retain current password
alter user u discard old password
revoke if exists r from u ignore unknown user
revoke if exists all privileges, grant option from u ignore unknown user
revoke select on *.* from u ignore unknown user
set password for 'u'@'h' = 'x'
set password = password('x')
set role all
set role none
set role default
set role all except r1, r2
set role 'r'@'%', s
set default role all to u
set default role r1, r2 to u1, u2@h
prepare p from 'select ?'
prepare p from @sql
execute p
execute p using @a, @b
deallocate prepare p
drop prepare p
show databases
show schemas like 'x%'
show databases where `Database` = 'x'
show tables
show full tables from d like '%a'
show extended full tables in d where 1
show table status from d like 'x'
show open tables
show columns from t
show full columns from t from d like 'a%'
show extended fields in s.t where Field = 'a'
show index from t
show indexes in t from d
show keys from t where Key_name = 'PRIMARY'
show create table s.t
show create view v
show create database if not exists d
show create schema d
show create user u@h
show create procedure p
show create function s.f
show create trigger t
show create event e
show procedure code p
show procedure status like 'x'
show function status
show triggers from d
show full triggers
show events in d like 'x'
show variables like 'version%'
show global variables where Variable_name = 'x'
show session variables
show status like 'Threads%'
show global status
show warnings
show warnings limit 5, 10
show errors limit 1
show count(*) warnings
show count(*) errors
show engines
show storage engines
show plugins
show privileges
show profiles
show profile cpu, block io for query 2 limit 1 offset 2
show profile
show character set like 'utf8%'
show charset
show collation where Charset = 'utf8mb4'
show engine innodb status
show engine all mutex
show grants
show grants for 'u'@'h' using r1, r2
show grants for current_user()
show processlist
show full processlist
show binary logs
show master logs
show master status
show binary log status
show binlog events in 'x' from 4 limit 2, 5
show relaylog events
show replica status for channel 'x'
show slave status
show slave hosts
show replicas
show stats_meta where table_name = 't'
show builtins
show bindings
desc t
describe s.t a
explain t 'a%'
explain select 1
explain format = json select * from t where a = 1
explain format = 'brief' update t set a = 1
explain analyze select 1
explain analyze format = tree (select 1) union (select 2)
explain extended select 1
explain insert into t values (1)
explain replace into t values (1)
explain delete from t
explain with x as (select 1) select * from x
desc select 1
explain for connection 5
explain format = traditional for connection 7
explain table t
use d
use `my db`
help 'select'
analyze table t, s.u
analyze local table t
analyze table t update histogram on a, b with 100 buckets
analyze table t drop histogram on a
analyze table t partition p0
analyze table t index i
check table t quick fast
check table t for upgrade extended
checksum table t, u extended
optimize no_write_to_binlog table t
repair table t quick use_frm
admin check table t, u
admin check index t i
admin checksum table t
admin show ddl
admin show ddl jobs
admin show ddl jobs 5 where state = 'x'
admin show ddl job queries 1, 2
admin cancel ddl jobs 5, 6
flush privileges
flush local status, hosts
flush tables
flush tables t, u with read lock
flush tables with read lock
flush table t for export
flush binary logs, engine logs
kill 5
kill query 5
kill connection @id
kill connection_id()
shutdown
restart
create user u
create user if not exists 'u'@'localhost' identified by 'p', v identified with 'mysql_native_password' by 'q', w identified with x as '0x1' 
create user u@'%' identified by random password default role r require ssl with max_queries_per_hour 5 max_user_connections 2 password expire interval 10 day password history 5 password reuse interval default account lock failed_login_attempts 3 password_lock_time unbounded comment 'x'
create user u require x509
create user u require cipher 'a' and issuer 'b' subject 'c' attribute '{"a": 1}'
create user u identified by password '*ABC' password expire never password require current optional
alter user u identified by 'x'
alter user if exists u@h account unlock password expire
alter user user() identified by 'y'
alter user current_user() identified by 'y' replace 'x' retain current password
alter user u default role all
alter user u default role r1, r2
drop user u, 'v'@'h'
drop user if exists u
rename user a to b, c@d to e@f
create role r, 'r2'@'h'
create role if not exists r
drop role r
drop role if exists r, s
grant all on *.* to u
grant all privileges on d.* to 'u'@'h' with grant option
grant select, insert (a, b), update on d.t to u, v
grant create temporary tables, lock tables, create view, show view, create routine, alter routine, execute, event, trigger, references, index, alter, drop, create, delete on d.* to u
grant reload, shutdown, process, file, super, show databases, replication slave, replication client, create user, create role, drop role, create tablespace, usage on *.* to u
grant system_variables_admin, backup_admin on *.* to u
grant execute on procedure s.p to u
grant select on t to u
grant select on * to u
grant r1, 'r2'@'%' to u with admin option
grant select on d.* to u identified by 'x'
revoke all privileges, grant option from u
revoke all on *.* from u
revoke if exists select on d.t from u
revoke grant option on d.* from u
revoke r1, r2 from u, v
reset persist
reset persist if exists max_connections
set persist max_connections = 10, persist_only wait_timeout = 5
