-- One statement a line; every one is valid MySQL 8.0 (or a form that Rutile reads besides).
select 1
SELECT 1;
select 1 + 1, 'a', "b", null, true, false, 1.5, .5, 1., 1e3, 1.5E-3, 0x1F, x'1f', 0b101, b'101', N'abc', _utf8mb4'abc', _latin1 x'41'
select 18446744073709551615, 18446744073709551616, 9007199254740993, 00012
select 'it''s', "say ""hi""", 'a\nb\'c\\d\%e', 'con' 'cat' "ed"
select `weird ``name`, `select` from `from`
select a, b as c, d e, f 'g', h as 'i', j "k" from t
select * from t
select t.* from t
select s.t.*, t.a from s.t
select *, a from t
select distinct a from t
select distinctrow a from t
select all a from t
select sql_calc_found_rows a from t limit 10
select straight_join a from t, u
select high_priority sql_small_result sql_big_result sql_buffer_result a from t
select sql_no_cache a from t
select /*+ MAX_EXECUTION_TIME(1000) */ a from t
select /*+ HASH_JOIN(t, u) USE_INDEX(@qb t idx_a, idx_b) SET_VAR(sql_mode='') */ a from t, u
select /* plain */ a -- trailing
select a # hash
select /*! 1 + */ 2
select /*!80000 1 + */ 2
select /*!99999 nonsense ' ( */ 2
select /*T![x] nothing */ 3 /*M! nor this */
select 1 from dual
select 1 from dual where 1 = 1
select 1 where 1
select a from t where b
select a from t where a = 1 and b = 2 or not c = 3 xor d
select a from t where a && b || c
select a from t where a is null and b is not null and c is true and d is not false and e is unknown
select a <=> b, a <> b, a != b, a < b, a <= b, a > b, a >= b from t
select a = b = c, a is null is null, (a is true) is true from t
select a + b * c - d / e % f from t
select a div b, a mod b, a & b | c ^ d, a << 1 >> 2, ~a, -a, +a, !a, - -1 from t
select -a * b, !a + b, not a + b, -2 ^ 2 from t
select binary a = b, a collate utf8mb4_bin = b collate utf8mb4_0900_ai_ci from t
select a in (1, 2, 3), a not in (1), (a, b) in ((1, 2), (3, 4)), row(a, b) = row(1, 2) from t
select a in (select b from u), a not in (select b from u), (a, b) in (select c, d from u) from t
select a in ((select 1)), a in ((select 1), 2), a in ((select 1) union (select 2)) from t
select a between 1 and 2, a not between b and c and d, a between 1 and 2 between 3 and 4 from t
select a like 'x%', a not like 'y' escape '!', a like concat('%', b) from t
select a regexp 'x', a rlike 'y', a not regexp 'z', a not rlike b from t
select a sounds like b, 1 member of ('[1]'), 1 member (a) from t
select exists (select 1), not exists (select 1 from t where a = 1)
select (select 1), (select 1) + 1, ((select 1)), (((select 1) + 1) * 2)
select a = any (select b from u), a > all (select b from u), a <= some (select b from u) from t
select case a when 1 then 'x' when 2 then 'y' else 'z' end, case when a > 1 then 1 end from t
select cast(a as signed), cast(a as unsigned integer), cast(a as char), cast(a as char(10) charset utf8mb4), cast(a as decimal(10,2)), cast(a as datetime(6)) from t
select cast(a as json), cast(a as binary(5)), cast(a as date), cast(a as time(3)), cast(a as double), cast(a as float), cast(a as year), cast(j as unsigned array) from t
select convert(a, char), convert(a using utf8mb4), convert(a, decimal(5)), convert(a, signed) from t
select count(*), count(a), count(distinct a), count(distinct a, b), sum(a), sum(distinct a), avg(all a), min(a), max(distinct a) from t
select bit_and(a), bit_or(a), bit_xor(a), std(a), stddev(a), stddev_pop(a), stddev_samp(a), variance(a), var_pop(a), var_samp(a) from t
select group_concat(a), group_concat(distinct a, b order by c desc, d separator '; '), json_arrayagg(a), json_objectagg(a, b) from t
select now(), now(6), current_timestamp, current_timestamp(), current_timestamp(3), localtime, localtimestamp(), curdate(), current_date, current_date(), curtime(2), current_time, utc_date, utc_time(), utc_timestamp(6), sysdate(3)
select date '2020-01-01', time '10:00:00', timestamp '2020-01-01 10:00:00', {d '2020-01-01'}, {t '10:00'}, {ts '2020-01-01 00:00:00'}, {fn now()}
select date_add(d, interval 1 day), date_sub(d, interval '1:30' hour_minute), adddate(d, 5), adddate(d, interval 1 week), subdate(d, 3) from t
select d + interval 1 day, d - interval a month, interval 1 hour + d, d + interval (1 + 2) * 3 minute, interval 1 day + d + interval 2 day from t
select interval(5, 1, 10), 3 + interval(1, 2), interval (1) day + d from t
select extract(year from d), extract(day_microsecond from d), timestampadd(minute, 5, d), timestampdiff(sql_tsi_month, d, e), get_format(date, 'USA') from t
select substring(a, 1), substring(a, 1, 2), substring(a from 2), substring(a from 2 for 3), substr(a, 1), mid(a, 1, 2) from t
select trim(a), trim(both 'x' from a), trim(leading from a), trim(trailing 'y' from a), trim('z' from a), position('a' in b) from t
select char(65, 66 using utf8mb4), char(77), weight_string(a as char(3)), ascii(a), left(a, 1), right(a, 2), insert(a, 1, 2, 'x'), replace(a, 'x', 'y'), repeat('x', 3), if(a, 1, 2), mod(5, 2) from t
select user(), current_user, current_user(), database(), schema(), version(), connection_id(), last_insert_id(), last_insert_id(5), row_count(), found_rows()
select values(a), default(a), default(t.a) from t
select coalesce(a, b), ifnull(a, b), nullif(a, b), greatest(1, 2), least(1, 2), md5('x'), sha2('x', 256), uuid(), rand(), format(1, 2), truncate(1.5, 1) from t
select year(d), month(d), day(d), hour(d), minute(d), second(d), microsecond(d), week(d, 1), quarter(d), date(d), time(d), timestamp(d) from t
select j -> '$.a', j ->> '$.b[0]', t.j -> '$.c' from t
select json_extract(j, '$.a'), json_value(j, '$.a'), json_value(j, '$.a' returning decimal(10,2) null on empty default 5 on error) from t
select match (a, b) against ('x'), match a against ('x' in boolean mode), match (a) against ('x' in natural language mode with query expansion), match (a) against ('x' with query expansion) from t
select @a, @`b c`, @'d', @a := 5, @a := @a + 1, @@version, @@global.max_connections, @@session.sql_mode, @@local.autocommit, @@persist.x
select f(1), s.f(1, 2), `g`(3), h()
select a.b, a.b.c, `a`.`b`, .t.a from a
select row_number() over (), rank() over (order by a), dense_rank() over (partition by b order by c desc) from t
select ntile(4) over w, lag(a) over w, lead(a, 2, 0) over (w), first_value(a) over (w order by b), last_value(a) respect nulls over w, nth_value(a, 2) from first over w, cume_dist() over w, percent_rank() over w from t window w as (partition by c)
select sum(a) over (order by b rows unbounded preceding), sum(a) over (order by b rows between 1 preceding and 2 following), avg(a) over (order by d range between interval 1 day preceding and current row), count(*) over (rows between unbounded preceding and unbounded following) from t
select sum(a) over w1, sum(b) over w2 from t window w1 as (order by a), w2 as (w1 rows current row)
select a from t1, t2
select a from t1 join t2
select a from t1 join t2 on t1.a = t2.a
select a from t1 inner join t2 using (a, b)
select a from t1 cross join t2 on t1.a = t2.a
select a from t1 left join t2 on x left outer join t3 using (y) right join t4 on z
select a from t1 natural join t2 natural left join t3 natural right outer join t4 natural inner join t5
select a from t1 straight_join t2 on t1.a = t2.a straight_join t3
select a from t1 join t2 join t3 on x on y
select a from t1 join t2 join t3 on x
select a from t1 left join t2 join t3 on x on y
select a from t1, t2 left join t3 on x, t4
select a from (t1, t2) join t3 on x
select a from (t1 join t2 on x) left join (t3 join t4 on y) on z
select a from ((t1))
select a from {oj t1 left join t2 on x}
select a from t as x join s.t y on x.a = y.a
select a from (select 1 as a) as d
select a from (select 1, 2) d (a, b)
select a from ((select 1) union (select 2)) d
select a from ((select 1 as a) d join t on d.a = t.a)
select a from (values row(1, 2), row(3, 4)) v (a, b)
select a from (table t) x
select a from t, lateral (select t.b) as l
select a from t left join lateral (select max(b) from u where u.a = t.a) l (m) on true
select a from t use index (i1, i2)
select a from t force index for join (primary) ignore key for order by (i2) use index ()
select a from t use index (i1), u ignore index (i2)
select a from t partition (p0, p1) as x
select a from t as of timestamp now() - interval 1 hour
select a from json_table('[1]', '$[*]' columns (id for ordinality, a int path '$.a' default '0' on empty error on error, b varchar(10) exists path '$.b', nested path '$.c[*]' columns (d json path '$'))) as j
select a from t group by a
select a, count(*) from t group by a, b + 1, 3 with rollup having count(*) > 1
select grouping(a), a from t group by a with rollup
select a from t having a > 1
select a from t order by a, b desc, 3 asc, rand()
select a from t limit 5
select a from t limit 2, 5
select a from t limit 5 offset 2
select a from t for update
select a from t for share
select a from t lock in share mode
select a from t where id = 1 for update nowait
select a from t, u for update of t skip locked for share of u nowait
select a from t limit 1 for update
select a into @x from t
select a, b from t limit 1 into @x, @y
select a from t into outfile '/tmp/x' character set utf8mb4 fields terminated by ',' optionally enclosed by '"' escaped by '\\' lines terminated by '\n'
select a from t into dumpfile '/tmp/y'
select 1 union select 2
select 1 union all select 2 union distinct select 3
select 1 union select 2 intersect select 3 except select 4
(select 1) union (select 2) order by 1 limit 1
(select 1 limit 1) union all (select 2 order by 1 limit 2) limit 3
select 1 union (select 2 union all select 3)
(select 1 union select 2) intersect select 3
((select 1))
(select 1 order by 1 limit 1) order by 1 limit 2
(((select 1) union (select 2)) limit 1)
select a from t except all select b from u intersect all select c from v
values row(1, 2), row(3, 4) order by 1 limit 1
values row(1) union all values row(2)
table t
table s.t order by a limit 1
with x as (select 1) select * from x
with x (a, b) as (select 1, 2), y as (select a from x) select * from y, x
with recursive n as (select 1 as i union all select i + 1 from n where i < 10) select * from n
select * from (with x as (select 1 as a) select * from x) d
with x as (select 1) (select * from x) union select 2
with x as (select 1) select * from x where a in (with y as (select 2) select * from y)
select (with x as (select 1) select * from x)
select date, time, timestamp, year, month, day, hour, count, sum, user, status, value, text, type, name, offset, action, account, admin, any, end, begin, view, first, last, format, help, host, hash, json, key_block_size, language, level, no, now, only, open, position, query, role, security, share, start, session, some, temporary, work from t
select t.select, t.from, s.table.where from t
select t.1a, 2b, `3`.4 from t
select a as count, b as date, c end, d value from t
select date(now()), date from t where date > date '2020-01-01'
select 1 as `a``b`, 'x' as '', 2 as "dq"
select if(a, b, c), left(a, 2) from t left join u on t.left1 = u.right1
select 1 from t where (a, b) > (1, 2) and (((a)))
select 1 from t where a = 1 or (b = 2 and (c = 3 or d = 4))
select a from t where not not a and !(!b)
select a, (select count(*) from u where u.a = t.a) from t where exists (select * from u where u.a = t.a and u.b in (1, 2))
select a from t where a > (select avg(b) from u) group by a having sum(b) > (select 1) order by (select 2)
select 1 from t where a in (1) = b in (2)
select a->'$.x' = 1, b|c|d, e ^ f ^ g, h << i << j from t
select 'a' 'b' 'c', 'x' from t
select a from t where b = 'x' collate utf8mb4_bin
select 1 from t where a like 'x' = 1 and b between 1 and 2 or c
select st_distance(a, b), point(1, 2), geometrycollection(a) from t
select concat(a, 'ü', '日本', '😀') as größe from täble where ñ = 1
select max(case when a = 1 then b else null end) as m from t group by c order by m desc limit 10, 20
