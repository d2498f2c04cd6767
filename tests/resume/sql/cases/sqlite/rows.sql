-- case: the twelve steps to another column
CREATE TABLE users (id integer PRIMARY KEY, age text);
CREATE TABLE posts (id integer PRIMARY KEY, user_id int REFERENCES users (id));
CREATE INDEX users_age ON users (age);
INSERT INTO users VALUES (1, '20');
INSERT INTO posts VALUES (1, 1);
-- up
PRAGMA foreign_keys = OFF;
CREATE TABLE users_new (id integer PRIMARY KEY, age int NOT NULL DEFAULT 0);
INSERT INTO users_new (id, age) SELECT id, CAST(age AS int) FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE INDEX users_age ON users (age);
PRAGMA foreign_keys = ON;

-- case: the twelve steps in a transaction
CREATE TABLE users (id integer PRIMARY KEY, age text);
INSERT INTO users VALUES (1, '20');
-- up
CREATE TABLE marks (id integer PRIMARY KEY);
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE users_new (id integer PRIMARY KEY, age int NOT NULL DEFAULT 0);
INSERT INTO users_new (id, age) SELECT id, age FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
COMMIT;
PRAGMA foreign_keys = ON;
CREATE INDEX users_age ON users (age);

-- case: the old table is renamed first
CREATE TABLE users (id integer PRIMARY KEY, age text, name text);
INSERT INTO users VALUES (1, '20', 'x');
-- up
ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id integer PRIMARY KEY, age int);
INSERT INTO users SELECT id, age FROM users_old;
DROP TABLE users_old;
CREATE UNIQUE INDEX users_age ON users (age);

-- case: two tables are made anew
CREATE TABLE a (x int);
CREATE TABLE b (y int);
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (2);
-- up
CREATE TABLE new_a (x int, z int);
INSERT INTO new_a (x) SELECT x FROM a;
DROP TABLE a;
ALTER TABLE new_a RENAME TO a;
CREATE TABLE new_b (y text);
INSERT INTO new_b SELECT y FROM b;
DROP TABLE b;
ALTER TABLE new_b RENAME TO b;

-- case: a column is split and filled
CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO people VALUES (1, 'Ada Lovelace'), (2, 'Alan Turing');
-- up
ALTER TABLE people ADD COLUMN first_name text;
ALTER TABLE people ADD COLUMN last_name text;
UPDATE people SET first_name = substr(name, 1, instr(name, ' ') - 1), last_name = substr(name, instr(name, ' ') + 1);
ALTER TABLE people DROP COLUMN name;
CREATE INDEX people_last ON people (last_name);

-- case: prices in cents
CREATE TABLE prices (id integer PRIMARY KEY, price int NOT NULL);
INSERT INTO prices VALUES (1, 5), (2, 7);
-- up
ALTER TABLE prices ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
UPDATE prices SET price = price * 100;
ALTER TABLE prices RENAME COLUMN price TO cents;

-- case: a new table is filled and pointed to
CREATE TABLE orders (id integer PRIMARY KEY, country text NOT NULL);
INSERT INTO orders VALUES (1, 'de'), (2, 'fr'), (3, 'de');
-- up
CREATE TABLE countries (id integer PRIMARY KEY AUTOINCREMENT, code text UNIQUE NOT NULL);
INSERT INTO countries (code) SELECT DISTINCT country FROM orders ORDER BY 1;
ALTER TABLE orders ADD COLUMN country_id int REFERENCES countries (id);
UPDATE orders SET country_id = (SELECT id FROM countries WHERE code = country);
ALTER TABLE orders DROP COLUMN country;

-- case: lookup rows
-- up
CREATE TABLE kinds (id integer PRIMARY KEY, name text);
INSERT INTO kinds VALUES (1, 'a; b'), (2, 'it''s');
CREATE TABLE things (id integer PRIMARY KEY, kind_id int REFERENCES kinds (id));
INSERT INTO things (kind_id) SELECT id FROM kinds;
-- down
DROP TABLE things;
DROP TABLE kinds;

-- case: rows that are only added once
CREATE TABLE settings (key text PRIMARY KEY, value text);
INSERT INTO settings VALUES ('a', '1');
-- up
ALTER TABLE settings ADD COLUMN changed_by text;
INSERT OR IGNORE INTO settings (key, value) VALUES ('a', '2'), ('b', '1');
INSERT INTO settings (key, value) SELECT 'c', '3' WHERE NOT EXISTS (SELECT 1 FROM settings WHERE key = 'c');
DELETE FROM settings WHERE key = 'a';
CREATE INDEX settings_value ON settings (value);

-- case: rows at the end
CREATE TABLE roles (id integer PRIMARY KEY, name text);
INSERT INTO roles (name) VALUES ('reader');
-- up
ALTER TABLE roles ADD COLUMN rank int NOT NULL DEFAULT 0;
CREATE INDEX roles_rank ON roles (rank);
INSERT INTO roles (name, rank) VALUES ('admin', 1);

-- case: a table is made of a query
CREATE TABLE raw (id int, payload text);
INSERT INTO raw VALUES (1, '{"a": 1}'), (2, '{"a": 2}');
-- up
CREATE TABLE cooked AS SELECT id, json_extract(payload, '$.a') AS a FROM raw;
CREATE UNIQUE INDEX cooked_id ON cooked (id);
CREATE INDEX cooked_a ON cooked (a);
DROP TABLE raw;

-- case: what is emptied and thrown away
CREATE TABLE cache (id integer PRIMARY KEY, value text);
CREATE TABLE trash (id int);
INSERT INTO cache VALUES (1, 'x');
-- up
DELETE FROM cache;
ALTER TABLE cache ADD COLUMN at text NOT NULL DEFAULT '';
DROP TABLE trash;
CREATE TABLE trash (id integer PRIMARY KEY, why text);

-- case: a temporary table in between
CREATE TABLE scores (id integer PRIMARY KEY, score int);
INSERT INTO scores VALUES (1, 10), (2, 20);
-- up
CREATE TABLE ranks (id integer PRIMARY KEY, rank int);
CREATE TEMP TABLE ranked AS SELECT id, score * 2 AS rank FROM scores;
INSERT INTO ranks SELECT id, rank FROM ranked;
DROP TABLE ranked;
ALTER TABLE scores DROP COLUMN score;

-- case: two transactions of the author's own
CREATE TABLE a (id integer PRIMARY KEY);
-- up
BEGIN;
ALTER TABLE a ADD COLUMN x int;
CREATE TABLE b (id integer PRIMARY KEY);
COMMIT;
BEGIN IMMEDIATE;
INSERT INTO b VALUES (1);
ALTER TABLE b ADD COLUMN y int;
END TRANSACTION;
-- down
DROP TABLE b;
ALTER TABLE a DROP COLUMN x;

-- case: rows move between tables
CREATE TABLE inbox (id integer PRIMARY KEY, body text, done int);
INSERT INTO inbox VALUES (1, 'a', 1), (2, 'b', 0);
-- up
CREATE TABLE archive (id integer PRIMARY KEY, body text);
INSERT INTO archive SELECT id, body FROM inbox WHERE done = 1;
DELETE FROM inbox WHERE done = 1;
ALTER TABLE inbox DROP COLUMN done;

-- case: comment after the last statement
CREATE TABLE t (a int);
-- up
ALTER TABLE t ADD COLUMN b int;
UPDATE t SET b = a;
CREATE INDEX t_b ON t (b);
-- that was all

-- case: a table is made anew in other types
CREATE TABLE log (id int, said VARCHAR (20));
INSERT INTO log VALUES (1, 'a');
-- up
CREATE TABLE marks (id integer PRIMARY KEY);
DROP TABLE log;
CREATE TABLE log (id int, said text);
CREATE INDEX log_id ON log (id);
ALTER TABLE marks ADD COLUMN log_id int;
