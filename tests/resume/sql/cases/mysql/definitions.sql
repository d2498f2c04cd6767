-- case: columns of many kinds
CREATE TABLE users (id int PRIMARY KEY, name varchar(20));
INSERT INTO users VALUES (1, 'a');
-- up
ALTER TABLE users ADD COLUMN mail varchar(100) NOT NULL DEFAULT '' AFTER name;
ALTER TABLE users ADD COLUMN state enum('new','it''s','old') NOT NULL DEFAULT 'new';
ALTER TABLE users ADD COLUMN flags set('a','b');
ALTER TABLE users ADD COLUMN score decimal(10,2) UNSIGNED NULL;
ALTER TABLE users ADD COLUMN seen timestamp NULL DEFAULT NULL;
-- down
ALTER TABLE users DROP COLUMN seen, DROP COLUMN score, DROP COLUMN flags, DROP COLUMN state, DROP COLUMN mail;

-- case: an enum grows and shrinks
CREATE TABLE orders (id int PRIMARY KEY, state enum('new','lost') DEFAULT 'new');
INSERT INTO orders VALUES (1, 'new'), (2, 'lost');
-- up
ALTER TABLE orders MODIFY COLUMN state enum('new','lost','gone') DEFAULT 'new';
UPDATE orders SET state = 'gone' WHERE state = 'lost';
ALTER TABLE orders MODIFY COLUMN state enum('new','gone') DEFAULT 'new';
ALTER TABLE orders ADD INDEX orders_state (state);

-- case: generated columns and auto increment
CREATE TABLE invoices (net int NOT NULL);
INSERT INTO invoices VALUES (10), (20);
-- up
ALTER TABLE invoices ADD COLUMN id int NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST;
ALTER TABLE invoices ADD COLUMN gross int GENERATED ALWAYS AS (net * 2) STORED;
ALTER TABLE invoices ADD COLUMN label varchar(20) AS (CONCAT('no; ', net)) VIRTUAL;
CREATE INDEX invoices_gross ON invoices (gross);
ALTER TABLE invoices DROP COLUMN label;
-- down
ALTER TABLE invoices DROP COLUMN gross;
ALTER TABLE invoices DROP COLUMN id;

-- case: names that need quotes
CREATE TABLE `Order` (`Id` int PRIMARY KEY, `user` varchar(20));
-- up
ALTER TABLE `Order` ADD COLUMN `größe` int;
ALTER TABLE `Order` ADD CONSTRAINT `it's positive` CHECK (`größe` > 0);
CREATE TABLE `таблица` (`имя` varchar(20) PRIMARY KEY, `a.b` int);
CREATE INDEX `ix ``quoted``` ON `таблица` (`a.b`);
ALTER TABLE `Order` RENAME COLUMN `user` TO `select`;
RENAME TABLE `таблица` TO `T 1`;
ALTER TABLE `T 1` COMMENT = 'it''s a "name"; with a \\ and -- no comment';
-- down
DROP TABLE `T 1`;
ALTER TABLE `Order` RENAME COLUMN `select` TO `user`;
ALTER TABLE `Order` DROP CONSTRAINT `it's positive`, DROP COLUMN `größe`;

-- case: names are exchanged
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, y text);
INSERT INTO a VALUES (1, 2);
-- up
RENAME TABLE a TO swap, b TO a, swap TO b;
ALTER TABLE a ADD COLUMN z int;
ALTER TABLE b CHANGE x w bigint NOT NULL DEFAULT 1;
ALTER TABLE a RENAME TO c;
CREATE TABLE a LIKE c;
-- down
DROP TABLE a;
ALTER TABLE c RENAME TO a;
ALTER TABLE b CHANGE w x int;
ALTER TABLE a DROP COLUMN z;
RENAME TABLE a TO swap, b TO a, swap TO b;

-- case: renames in a chain
CREATE TABLE t (one int, two int, KEY k (one));
-- up
ALTER TABLE t RENAME COLUMN one TO three;
ALTER TABLE t RENAME INDEX k TO k2;
ALTER TABLE t RENAME COLUMN two TO one;
RENAME TABLE t TO u;
ALTER TABLE u RENAME COLUMN three TO two;
RENAME TABLE u TO v;
-- down
RENAME TABLE v TO t;
ALTER TABLE t RENAME INDEX k2 TO k, RENAME COLUMN one TO two, RENAME COLUMN two TO one;

-- case: a column is dropped and made again
CREATE TABLE flags (id int PRIMARY KEY, flag varchar(3), extra int);
INSERT INTO flags VALUES (1, 'yes', 1);
-- up
ALTER TABLE flags DROP COLUMN flag;
ALTER TABLE flags ADD COLUMN flag tinyint(1) NOT NULL DEFAULT 0;
ALTER TABLE flags DROP COLUMN extra;
CREATE INDEX flags_flag ON flags (flag);

-- case: columns change type and order
CREATE TABLE m (a int, b int, c varchar(10) DEFAULT 'x');
INSERT INTO m VALUES (1, 2, '3');
-- up
ALTER TABLE m MODIFY a bigint NOT NULL AFTER c;
ALTER TABLE m MODIFY c varchar(20) CHARACTER SET latin1 NOT NULL DEFAULT 'y';
ALTER TABLE m ALTER COLUMN b SET DEFAULT 4;
ALTER TABLE m ALTER COLUMN b DROP DEFAULT;
ALTER TABLE m CHANGE COLUMN b bb int NULL COMMENT 'was b; once';
-- down
ALTER TABLE m CHANGE COLUMN bb b int NULL DEFAULT NULL, MODIFY c varchar(10) DEFAULT 'x', MODIFY a int NULL FIRST;

-- case: partitions
CREATE TABLE events (id int NOT NULL, at date NOT NULL);
INSERT INTO events VALUES (1, '2023-05-05');
-- up
ALTER TABLE events ADD PRIMARY KEY (id, at);
ALTER TABLE events PARTITION BY RANGE (YEAR(at)) (PARTITION p2023 VALUES LESS THAN (2024), PARTITION p2024 VALUES LESS THAN (2025));
ALTER TABLE events ADD PARTITION (PARTITION p2025 VALUES LESS THAN (2026));
ALTER TABLE events REORGANIZE PARTITION p2023, p2024 INTO (PARTITION old VALUES LESS THAN (2025));
ALTER TABLE events ADD COLUMN note text;
-- down
ALTER TABLE events DROP COLUMN note;
ALTER TABLE events REMOVE PARTITIONING;
ALTER TABLE events DROP PRIMARY KEY;

-- case: character sets and engines
CREATE TABLE words (id int PRIMARY KEY, word varchar(50)) CHARACTER SET latin1;
INSERT INTO words VALUES (1, 'é');
-- up
ALTER TABLE words CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
ALTER TABLE words ENGINE = InnoDB;
ALTER TABLE words ADD FULLTEXT INDEX words_word (word);
ALTER TABLE words COMMENT = 'all the words', AUTO_INCREMENT = 100;
ALTER TABLE words ADD COLUMN lang char(2) NOT NULL DEFAULT 'en';
-- down
ALTER TABLE words DROP COLUMN lang, DROP INDEX words_word;
ALTER TABLE words COMMENT = '';
ALTER TABLE words CONVERT TO CHARACTER SET latin1;

-- case: views on views
CREATE TABLE sales (id int PRIMARY KEY, cents int NOT NULL);
CREATE VIEW sales_v AS SELECT id, cents FROM sales;
CREATE VIEW sales_sum AS SELECT SUM(cents) AS total FROM sales_v;
-- up
DROP VIEW sales_sum;
DROP VIEW sales_v;
ALTER TABLE sales CHANGE cents amount bigint NOT NULL;
CREATE VIEW sales_v AS
  SELECT id,
         amount
    FROM sales;
CREATE OR REPLACE ALGORITHM = MERGE VIEW sales_sum AS
  SELECT SUM(amount) AS total -- all of them
    FROM sales_v;
-- down
DROP VIEW sales_sum, sales_v;
ALTER TABLE sales CHANGE amount cents int NOT NULL;
CREATE VIEW sales_v AS SELECT id, cents FROM sales;
CREATE VIEW sales_sum AS SELECT SUM(cents) AS total FROM sales_v;

-- case: other databases
CREATE TABLE local (id int PRIMARY KEY);
-- up
CREATE DATABASE partway_other;
CREATE TABLE partway_other.things (id int PRIMARY KEY);
ALTER TABLE partway_other.things ADD COLUMN name varchar(20);
RENAME TABLE local TO partway_other.local;
CREATE TABLE local (id bigint PRIMARY KEY);
-- down
DROP TABLE local;
RENAME TABLE partway_other.local TO local;
DROP DATABASE partway_other;

-- case: an index and a view are made anew just as they were
CREATE TABLE items (id int PRIMARY KEY, label varchar(20));
CREATE INDEX items_label ON items (label);
CREATE VIEW labels AS SELECT label FROM items;
-- up
CREATE TABLE item_log (id int PRIMARY KEY, note varchar(20));
DROP INDEX items_label ON items;
CREATE INDEX items_label ON items (label);
ALTER TABLE items ADD COLUMN size int;
DROP VIEW labels;
CREATE VIEW labels AS SELECT label FROM items;
DROP TABLE item_log;

-- case: table options
CREATE TABLE o (id int PRIMARY KEY, n varchar(20) CHARACTER SET latin1) ENGINE=InnoDB DEFAULT CHARSET=latin1;
INSERT INTO o VALUES (1, 'x');
-- up
ALTER TABLE o COMMENT = 'first';
ALTER TABLE o CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
ALTER TABLE o ENGINE = MyISAM;
ALTER TABLE o ROW_FORMAT = DYNAMIC, COMMENT = 'second';
ALTER TABLE o ENGINE = InnoDB;
ALTER TABLE o DEFAULT CHARACTER SET ascii;
ALTER TABLE o MODIFY n varchar(20) COMMENT 'it''s';

-- case: partitions that go, and the partitioning
CREATE TABLE visits (id int NOT NULL, year int NOT NULL, PRIMARY KEY (id, year))
PARTITION BY RANGE (year) (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN (2010));
CREATE TABLE notes (id int PRIMARY KEY);
INSERT INTO visits VALUES (1, 1999), (2, 2005);
-- up
ALTER TABLE visits DROP PARTITION p0;
ALTER TABLE notes ADD COLUMN a int;
ALTER TABLE visits REMOVE PARTITIONING;
ALTER TABLE notes ADD COLUMN b int;
