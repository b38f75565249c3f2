-- Recognised by name and refused later (kind `unsupported`).
create trigger tr before insert on t for each row begin set @a = 1; set @b = 2; end
create definer = u@h procedure p () begin select 1; select 2; end
create function f (a int) returns int deterministic return a + 1
create aggregate function f returns string soname 'x.so'
create event e on schedule every 1 day do select 1
alter event e disable
drop trigger if exists tr
drop procedure p
drop function if exists s.f
drop event e
create server s foreign data wrapper mysql options (host 'h')
create tablespace ts add datafile 'x'
create undo tablespace ts add datafile 'x'
create resource group g type = user
create spatial reference system 4326 name 'x'
create sequence s
create placement policy p
handler t open
xa start 'x'
install plugin p soname 'x'
uninstall component 'x'
reset master
purge binary logs to 'x'
change replication source to source_host = 'x'
signal sqlstate '45000'
start replica
stop slave
lock instance for backup
cache index t in k
clone local data directory '/x'
split table t between (1) and (2) regions 4
grant proxy on a to b
set resource group g
load index into cache t
import table from 'x'
binlog 'abc'
