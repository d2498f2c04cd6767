-- case: privileges of every kind
CREATE TABLE t (a int, b int);
CREATE PROCEDURE p() SELECT 1;
CREATE USER bob;
CREATE ROLE reader;
GRANT INSERT ON t TO bob;
-- up
GRANT SELECT (a), UPDATE (b) ON t TO bob;
CREATE TABLE u (a int);
GRANT EXECUTE ON PROCEDURE p TO bob;
GRANT ALL ON u TO reader;
REVOKE ALL ON t FROM bob;
GRANT reader TO bob;
CREATE TABLE v (a int);
REVOKE DROP ON u FROM reader;
CREATE INDEX u_a ON u (a);

-- case: roles and options
CREATE TABLE t (a int);
CREATE USER bob;
CREATE ROLE reader;
CREATE ROLE writer;
GRANT writer TO bob;
-- up
GRANT SELECT ON partway_lab.* TO reader;
CREATE TABLE u (a int);
REVOKE writer FROM bob;
GRANT reader TO bob WITH ADMIN OPTION;
GRANT INSERT ON t TO bob WITH GRANT OPTION;
ALTER USER bob ACCOUNT LOCK;
CREATE INDEX t_a ON t (a);

-- case: partitions without names
CREATE TABLE t (a int, b int);
-- up
ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 4;
CREATE TABLE u (a int) PARTITION BY KEY (a) PARTITIONS 3;
ALTER TABLE t COALESCE PARTITION 1;
ALTER TABLE u ADD PARTITION PARTITIONS 2;
ALTER TABLE t ADD COLUMN c int;
ALTER TABLE t REMOVE PARTITIONING;
CREATE INDEX t_a ON t (a);

-- case: everything is taken from an account
CREATE TABLE t (a int);
CREATE USER bob;
GRANT SELECT ON t TO bob;
-- up
CREATE TABLE u (a int);
REVOKE ALL PRIVILEGES, GRANT OPTION FROM bob;
GRANT INSERT ON u TO bob;
CREATE TABLE v (a int);
CREATE INDEX t_a ON t (a);
