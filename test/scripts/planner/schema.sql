create table region (r_regionkey int not null primary key, r_name char(25) not null, r_comment varchar(152));
create table nation (n_nationkey int not null primary key, n_name char(25) not null, n_regionkey int not null, n_comment varchar(152));
create table part (p_partkey bigint not null primary key, p_name varchar(55) not null, p_mfgr char(25) not null, p_brand char(10) not null, p_type varchar(25) not null, p_size int not null, p_container char(10) not null, p_retailprice decimal(15,2) not null, p_comment varchar(23) not null);
create table supplier (s_suppkey bigint not null primary key, s_name char(25) not null, s_address varchar(40) not null, s_nationkey int not null, s_phone char(15) not null, s_acctbal decimal(15,2) not null, s_comment varchar(101) not null);
create table partsupp (ps_partkey bigint not null, ps_suppkey bigint not null, ps_availqty int not null, ps_supplycost decimal(15,2) not null, ps_comment varchar(199) not null, primary key (ps_partkey, ps_suppkey));
create table customer (c_custkey bigint not null primary key, c_name varchar(25) not null, c_address varchar(40) not null, c_nationkey int not null, c_phone char(15) not null, c_acctbal decimal(15,2) not null, c_mktsegment char(10) not null, c_comment varchar(117) not null);
create table orders (o_orderkey bigint not null primary key, o_custkey bigint not null, o_orderstatus char(1) not null, o_totalprice decimal(15,2) not null, o_orderdate date not null, o_orderpriority char(15) not null, o_clerk char(15) not null, o_shippriority int not null, o_comment varchar(79) not null);
create table lineitem (l_orderkey bigint not null, l_partkey bigint not null, l_suppkey bigint not null, l_linenumber int not null, l_quantity decimal(15,2) not null, l_extendedprice decimal(15,2) not null, l_discount decimal(15,2) not null, l_tax decimal(15,2) not null, l_returnflag char(1) not null, l_linestatus char(1) not null, l_shipdate date not null, l_commitdate date not null, l_receiptdate date not null, l_shipinstruct char(25) not null, l_shipmode char(10) not null, l_comment varchar(44) not null, primary key (l_orderkey, l_linenumber));

create table t (id bigint not null primary key auto_increment, a int not null, b int, c varchar(32), d datetime, e decimal(10,2), key ka (a), key kbc (b, c), unique key ud (d), key kp (c(5)));
create table u (tid int not null, x int not null, y varchar(20) not null, z text, primary key (tid, x), key ky (y));
create table h (a int, b int, key kab (a, b));
create table cold (id int primary key, v int);
create table sbtest1 (id int not null auto_increment primary key, k int not null default 0, c char(120) not null default '', pad char(60) not null default '', key k_1 (k));
create table users (id int primary key, name varchar(50) not null, email varchar(80) not null unique, created datetime not null, key (created));
create table posts (id int primary key, user_id int not null, title varchar(100) not null, score int, key (user_id, score));
create view v as select a, b + 1 as bb from t where a > 10;
create view vg (k, total) as select b, sum(a) from t group by b;
