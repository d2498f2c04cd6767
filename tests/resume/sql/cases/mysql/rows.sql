-- case: a column is split and filled
CREATE TABLE people (id int PRIMARY KEY, name varchar(50) NOT NULL);
INSERT INTO people VALUES (1, 'Ada Lovelace'), (2, 'Alan Turing');
-- up
ALTER TABLE people ADD COLUMN first_name varchar(50);
ALTER TABLE people ADD COLUMN last_name varchar(50);
UPDATE people SET first_name = SUBSTRING_INDEX(name, ' ', 1), last_name = SUBSTRING_INDEX(name, ' ', -1);
ALTER TABLE people MODIFY first_name varchar(50) NOT NULL;
ALTER TABLE people DROP COLUMN name;

-- case: prices in cents
CREATE TABLE prices (id int PRIMARY KEY, price int NOT NULL);
INSERT INTO prices VALUES (1, 5), (2, 7);
-- up
ALTER TABLE prices ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR';
UPDATE prices SET price = price * 100;
ALTER TABLE prices CHANGE price cents int NOT NULL;

-- case: a new table is filled and pointed to
CREATE TABLE orders (id int PRIMARY KEY, country char(2) NOT NULL);
INSERT INTO orders VALUES (1, 'de'), (2, 'fr'), (3, 'de');
-- up
CREATE TABLE countries (id int AUTO_INCREMENT PRIMARY KEY, code char(2) NOT NULL UNIQUE);
INSERT INTO countries (code) SELECT DISTINCT country FROM orders ORDER BY 1;
ALTER TABLE orders ADD COLUMN country_id int;
UPDATE orders o JOIN countries c ON c.code = o.country SET o.country_id = c.id;
ALTER TABLE orders ADD CONSTRAINT orders_country FOREIGN KEY (country_id) REFERENCES countries (id);
ALTER TABLE orders DROP COLUMN country;

-- case: lookup rows
-- up
CREATE TABLE kinds (id int PRIMARY KEY, name varchar(20));
INSERT INTO kinds VALUES (1, 'a; b'), (2, 'it''s \\ "x"');
CREATE TABLE things (id int PRIMARY KEY, kind_id int, FOREIGN KEY (kind_id) REFERENCES kinds (id));
INSERT INTO things VALUES (1, 1);
-- down
DROP TABLE things;
DROP TABLE kinds;

-- case: rows that are only added once
CREATE TABLE settings (name varchar(20) PRIMARY KEY, value varchar(20));
INSERT INTO settings VALUES ('a', '1');
-- up
ALTER TABLE settings ADD COLUMN changed_by varchar(20);
INSERT IGNORE INTO settings (name, value) VALUES ('a', '2'), ('b', '1');
DELETE FROM settings WHERE name = 'a';
CREATE INDEX settings_value ON settings (value);

-- case: rows at the end
CREATE TABLE roles (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20));
INSERT INTO roles (name) VALUES ('reader');
-- up
ALTER TABLE roles ADD COLUMN standing int NOT NULL DEFAULT 0;
CREATE INDEX roles_standing ON roles (standing);
INSERT INTO roles (name, standing) VALUES ('admin', 1);

-- case: a table is copied and exchanged
CREATE TABLE visits (id int PRIMARY KEY, at datetime, page varchar(50), KEY visits_at (at));
INSERT INTO visits VALUES (1, '2024-01-01', '/'), (2, '2024-01-02', '/a');
-- up
CREATE TABLE visits_new LIKE visits;
ALTER TABLE visits_new ADD COLUMN day date, MODIFY page varchar(200) NOT NULL;
INSERT INTO visits_new SELECT id, at, page, DATE(at) FROM visits;
RENAME TABLE visits TO visits_old, visits_new TO visits;
DROP TABLE visits_old;
CREATE INDEX visits_day ON visits (day);

-- case: a table is made of a query
CREATE TABLE raw (id int, payload varchar(50));
INSERT INTO raw VALUES (1, '1'), (2, '2');
-- up
CREATE TABLE cooked AS SELECT id, payload + 0 AS a FROM raw;
ALTER TABLE cooked ADD PRIMARY KEY (id);
CREATE INDEX cooked_a ON cooked (a);
DROP TABLE raw;

-- case: settings of the session
CREATE TABLE t (id int);
-- up
SET NAMES utf8mb4;
SET SESSION lock_wait_timeout = 5;
SET @old_mode = @@sql_mode, sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
CREATE TABLE u (id int AUTO_INCREMENT PRIMARY KEY);
INSERT INTO u VALUES (0);
ALTER TABLE t ADD COLUMN at datetime DEFAULT '2000-01-01 00:00:00';
SET sql_mode = @old_mode;
CREATE INDEX t_at ON t (at);
-- down
DROP TABLE u;
ALTER TABLE t DROP COLUMN at;

-- case: lower case without an end [unterminated]
create table pets (id int);
-- up
alter table pets
  add column name varchar(50);
create unique index pets_name
  on pets (name);
create table owners (
  id   int primary key,
  pet  int
);
alter table pets rename to animals;
create view named as select * from animals where name <> ''

-- case: a file with carriage returns [crlf]
CREATE TABLE lines_ (id int);
-- up
ALTER TABLE lines_
  ADD COLUMN a int,
  ADD COLUMN b int;
CREATE VIEW v AS
  SELECT a
    FROM lines_;
ALTER TABLE lines_ RENAME COLUMN b TO c;
ALTER TABLE lines_ COMMENT = 'one
two';
-- down
DROP VIEW v;
ALTER TABLE lines_ DROP COLUMN c, DROP COLUMN a, COMMENT = '';

-- case: what is emptied and thrown away
CREATE TABLE cache (id int PRIMARY KEY, value varchar(20));
CREATE TABLE trash (id int);
INSERT INTO cache VALUES (1, 'x');
-- up
TRUNCATE TABLE cache;
ALTER TABLE cache ADD COLUMN at datetime NOT NULL;
DROP TABLE trash;
CREATE TABLE trash (id bigint PRIMARY KEY, why text);
DELETE FROM cache;

-- case: a temporary table in between
CREATE TABLE scores (id int PRIMARY KEY, score int);
INSERT INTO scores VALUES (1, 10), (2, 20);
-- up
CREATE TABLE ranks (id int PRIMARY KEY, standing int);
CREATE TEMPORARY TABLE ranked AS SELECT id, score * 2 AS standing FROM scores;
INSERT INTO ranks SELECT id, standing FROM ranked;
DROP TEMPORARY TABLE ranked;
ALTER TABLE scores DROP COLUMN score;

-- case: a table is made anew in other types
CREATE TABLE log (id int, said varchar(20));
INSERT INTO log VALUES (1, 'a');
-- up
CREATE TABLE marks (id int PRIMARY KEY);
DROP TABLE log;
CREATE TABLE log (id bigint, said varchar(20));
CREATE INDEX log_id ON log (id);
ALTER TABLE marks ADD COLUMN log_id bigint;
