-- What dumps, drivers and tools send.
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
SET @saved_cs_client     = @@character_set_client;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '';
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;
CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT, `name` varchar(45) COLLATE utf8mb4_general_ci DEFAULT NULL, `at` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (`id`), UNIQUE KEY `u` (`name`), CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `p` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE) ENGINE=InnoDB AUTO_INCREMENT=201 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */ /*!50001 VIEW `v` AS select `t`.`id` AS `id` from `t` */;
/*!50001 CREATE VIEW `v` AS SELECT 1 AS `id`*/;
LOCK TABLES `t` WRITE;
INSERT INTO `t` VALUES (1,'PENELOPE','2006-02-15 04:34:33'),(2,'O\'NICK','2006-02-15 04:34:33');
UNLOCK TABLES;
FLUSH /*!40101 LOCAL */ TABLES
FLUSH TABLES WITH READ LOCK
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ
START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */
SELECT LOGFILE_GROUP_NAME, FILE_NAME, TOTAL_EXTENTS, INITIAL_SIZE, ENGINE, EXTRA FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = 'UNDO LOG' AND FILE_NAME IS NOT NULL GROUP BY LOGFILE_GROUP_NAME, FILE_NAME, ENGINE, TOTAL_EXTENTS, INITIAL_SIZE ORDER BY LOGFILE_GROUP_NAME
SELECT COLUMN_NAME, JSON_EXTRACT(HISTOGRAM, '$."number-of-buckets-specified"') FROM information_schema.COLUMN_STATISTICS WHERE SCHEMA_NAME = 'd' AND TABLE_NAME = 't'
SHOW VARIABLES LIKE 'gtid\_mode'
SHOW CREATE DATABASE IF NOT EXISTS `d`
show fields from `t`
SELECT /*!40001 SQL_NO_CACHE */ `id`, `name` FROM `t`
SET SQL_QUOTE_SHOW_CREATE=1
SHOW TRIGGERS LIKE 't'
/* mysql-connector-j-8.0.33 (Revision: 7d6b0800528b6b25c68b52dc10d6c1c8429c100c) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@session.transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout
SET character_set_results = NULL
SET autocommit=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci
SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'), @@SESSION.sql_auto_is_null = 0, @@SESSION.wait_timeout = 2147483
SELECT @@max_allowed_packet,@@system_time_zone,@@time_zone,@@auto_increment_increment,@@tx_isolation
select @@version_comment limit 1
SELECT DATABASE(), USER(), @@hostname, @@lower_case_table_names
SELECT CAST('test plain returns' AS CHAR(60)) AS anon_1, CAST('test unicode returns' AS CHAR(60)) AS anon_2
SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, @@lower_case_table_names, CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL
SELECT GET_LOCK('prisma-migrate', 10), RELEASE_LOCK('x')
SELECT `table_name` AS `name`, (SELECT COUNT(*) FROM information_schema.statistics s WHERE s.table_schema = t.table_schema AND s.table_name = t.table_name) n FROM information_schema.tables t WHERE table_schema = SCHEMA() AND table_type = 'BASE TABLE' ORDER BY 1
SELECT KCU.CONSTRAINT_NAME, RC.UPDATE_RULE FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE KCU INNER JOIN INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS AS RC USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE KCU.REFERENCED_TABLE_NAME IS NOT NULL
CREATE TABLE sbtest1(id INTEGER NOT NULL AUTO_INCREMENT, k INTEGER DEFAULT '0' NOT NULL, c CHAR(120) DEFAULT '' NOT NULL, pad CHAR(60) DEFAULT '' NOT NULL, PRIMARY KEY (id)) /*! ENGINE = innodb */
INSERT INTO sbtest1(k, c, pad) VALUES(50, '1-2', '3-4'),(51, '5-6', '7-8')
CREATE INDEX k_1 ON sbtest1(k)
SELECT DISTINCT c FROM sbtest1 WHERE id BETWEEN 5 AND 104 ORDER BY c
UPDATE sbtest1 SET c='x' WHERE id=5
SELECT * FROM `users` WHERE `users`.`deleted_at` IS NULL AND (`name` LIKE '%a%' OR `email` IN ('a','b')) ORDER BY `users`.`id` DESC LIMIT 10 OFFSET 20 FOR UPDATE SKIP LOCKED
INSERT INTO `jobs` (`queue`, `payload`) VALUES ('default', '{\"a\":\"b\\n\"}') ON DUPLICATE KEY UPDATE `payload` = VALUES(`payload`), `id` = LAST_INSERT_ID(`id`)
SELECT COUNT(*) AS aggregate FROM (SELECT `id` FROM `t` GROUP BY `id` HAVING SUM(`x`) > 1) AS `sub`
EXPLAIN FORMAT=TREE SELECT 1
SHOW FULL TABLES FROM `d` WHERE table_type = 'BASE TABLE'
SHOW FULL COLUMNS FROM `t` FROM `d` LIKE '%'
SHOW SESSION STATUS LIKE 'Ssl_cipher'
SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'port')
SELECT CONNECTION_ID(); 
KILL QUERY 17
GRANT ALL PRIVILEGES ON `d`.* TO 'app'@'%' WITH GRANT OPTION;
CREATE USER 'app'@'%' IDENTIFIED WITH caching_sha2_password BY 'secret' PASSWORD EXPIRE NEVER;
ALTER USER 'root'@'localhost' IDENTIFIED WITH mysql_native_password BY '';
LOAD DATA LOCAL INFILE 'lineitem.tbl' INTO TABLE lineitem FIELDS TERMINATED BY '|' LINES TERMINATED BY '\n'
