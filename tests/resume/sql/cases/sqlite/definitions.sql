-- case: columns are added
CREATE TABLE users (id integer PRIMARY KEY, name text);
INSERT INTO users VALUES (1, 'a');
-- up
ALTER TABLE users ADD COLUMN mail text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN age int CHECK (age > 0);
ALTER TABLE users ADD COLUMN boss int REFERENCES users (id);
ALTER TABLE users ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) VIRTUAL;
-- down
ALTER TABLE users DROP COLUMN shout;
ALTER TABLE users DROP COLUMN boss;
ALTER TABLE users DROP COLUMN age;
ALTER TABLE users DROP COLUMN mail;

-- case: renames in a chain
CREATE TABLE t (one int, two int);
CREATE INDEX k ON t (one);
-- up
ALTER TABLE t RENAME COLUMN one TO three;
ALTER TABLE t RENAME COLUMN two TO one;
ALTER TABLE t RENAME TO u;
ALTER TABLE u RENAME COLUMN three TO two;
ALTER TABLE u RENAME TO v;

-- case: names are exchanged
CREATE TABLE a (x int);
CREATE TABLE b (y text);
-- up
ALTER TABLE a RENAME TO swap;
ALTER TABLE b RENAME TO a;
ALTER TABLE swap RENAME TO b;
ALTER TABLE a ADD COLUMN z int;
CREATE VIEW both_of_them AS SELECT x, z FROM a, b;

-- case: names that need quotes
CREATE TABLE "Order" ("Id" integer PRIMARY KEY, "user" text);
-- up
ALTER TABLE "Order" ADD COLUMN "größe" int;
CREATE TABLE [таблица] (`имя` text PRIMARY KEY, "a.b" int);
CREATE INDEX "ix ""quoted""" ON "таблица" ("a.b");
ALTER TABLE "Order" RENAME COLUMN "user" TO "select";
ALTER TABLE "таблица" RENAME TO "it's";

-- case: views on views
CREATE TABLE sales (id integer PRIMARY KEY, cents int NOT NULL);
CREATE VIEW sales_v AS SELECT id, cents FROM sales;
CREATE VIEW sales_sum AS SELECT sum(cents) AS total FROM sales_v;
-- up
DROP VIEW sales_sum;
DROP VIEW sales_v;
ALTER TABLE sales RENAME COLUMN cents TO amount;
CREATE VIEW sales_v AS
  SELECT id,
         amount
    FROM sales;
CREATE VIEW sales_sum AS
  SELECT sum(amount) AS total -- all of them
    FROM sales_v;

-- case: triggers with bodies
CREATE TABLE stock (id integer PRIMARY KEY, amount int NOT NULL);
CREATE TABLE audit (what text);
-- up
CREATE TRIGGER stock_changed AFTER UPDATE OF amount ON stock
WHEN NEW.amount < OLD.amount
BEGIN
  -- a comment; with a semicolon and 'a quote
  INSERT INTO audit VALUES ('it''s; less');
  UPDATE stock SET amount = CASE WHEN NEW.amount < 0 THEN 0 ELSE NEW.amount END WHERE id = NEW.id;
END;
ALTER TABLE audit ADD COLUMN at text;
DROP TRIGGER stock_changed;
CREATE TRIGGER stock_changed BEFORE DELETE ON stock BEGIN SELECT RAISE(ABORT, 'no; never'); END;
-- down
DROP TRIGGER stock_changed;
ALTER TABLE audit DROP COLUMN at;

-- case: indexes of many kinds
CREATE TABLE hits (id integer PRIMARY KEY, page text, at text);
CREATE INDEX hits_page ON hits (page);
-- up
DROP INDEX hits_page;
CREATE UNIQUE INDEX hits_page ON hits (page COLLATE NOCASE, at DESC);
CREATE INDEX hits_lower ON hits (lower(page)) WHERE page IS NOT NULL;
CREATE INDEX hits_json ON hits (json_extract(page, '$.a'));
DROP INDEX hits_lower;
-- down
DROP INDEX hits_json;
DROP INDEX hits_page;
CREATE INDEX hits_page ON hits (page);

-- case: tables of many kinds
-- up
CREATE TABLE strict_one (id integer PRIMARY KEY, a text NOT NULL) STRICT;
CREATE TABLE no_rowid (k text PRIMARY KEY, v blob) WITHOUT ROWID;
CREATE TABLE counted (id integer PRIMARY KEY AUTOINCREMENT, a int UNIQUE ON CONFLICT REPLACE);
CREATE TABLE child (id int, FOREIGN KEY (id) REFERENCES counted (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
-- down
DROP TABLE child;
DROP TABLE counted;
DROP TABLE no_rowid;
DROP TABLE strict_one;

-- case: a search table
CREATE TABLE docs (id integer PRIMARY KEY, body text);
INSERT INTO docs VALUES (1, 'hello');
-- up
CREATE VIRTUAL TABLE docs_fts USING fts5 (body, content = 'docs', content_rowid = 'id');
CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN
  INSERT INTO docs_fts (rowid, body) VALUES (new.id, new.body);
END;
ALTER TABLE docs ADD COLUMN lang text;
-- down
ALTER TABLE docs DROP COLUMN lang;
DROP TRIGGER docs_ai;
DROP TABLE docs_fts;

-- case: the author's own guards
CREATE TABLE jobs (id integer PRIMARY KEY, state text);
-- up
CREATE TABLE IF NOT EXISTS job_runs (id integer PRIMARY KEY, job_id int REFERENCES jobs (id));
CREATE INDEX IF NOT EXISTS job_runs_job ON job_runs (job_id);
DROP TABLE IF EXISTS job_logs;
DROP VIEW IF EXISTS open_jobs;
CREATE VIEW open_jobs AS SELECT id FROM jobs;
CREATE TRIGGER IF NOT EXISTS jobs_gone AFTER DELETE ON jobs BEGIN DELETE FROM job_runs WHERE job_id = old.id; END;
-- down
DROP TRIGGER jobs_gone;
DROP VIEW open_jobs;
DROP TABLE job_runs;

-- case: comments of every kind
CREATE TABLE c (a int);
-- up
/* what it is for */
CREATE TABLE d (a int /* inside; */, b int -- and here;
);
-- before an index; with a semicolon
CREATE INDEX d_a /* in the middle */ ON d (a);
ALTER TABLE c ADD COLUMN b text DEFAULT 'it''s; -- no comment';
CREATE VIEW v AS SELECT 'a
b' AS lines FROM c;

-- case: lower case without an end [unterminated]
create table pets (id int);
-- up
alter table pets
  add column name text;
create unique index pets_name
  on pets (lower(name));
create table owners (
  id   integer primary key,
  pet  int
);
alter table pets rename to animals;
create view named as select * from animals where name <> ''

-- case: a file with carriage returns [crlf]
CREATE TABLE lines (id int);
-- up
ALTER TABLE lines
  ADD COLUMN a int;
CREATE VIEW v AS
  SELECT a
    FROM lines;
ALTER TABLE lines ADD COLUMN b int;
CREATE TRIGGER tr AFTER INSERT ON lines BEGIN
  SELECT 1;
END;
-- down
DROP TRIGGER tr;
DROP VIEW v;
ALTER TABLE lines DROP COLUMN b;
ALTER TABLE lines DROP COLUMN a;

-- case: a column is dropped and made again
CREATE TABLE flags (id integer PRIMARY KEY, flag text, extra int);
INSERT INTO flags VALUES (1, 'yes', 1);
-- up
ALTER TABLE flags DROP COLUMN flag;
ALTER TABLE flags ADD COLUMN flag int NOT NULL DEFAULT 0;
ALTER TABLE flags DROP COLUMN extra;
CREATE INDEX flags_flag ON flags (flag) WHERE flag;

-- case: columns are exchanged by name
CREATE TABLE pairs (first int, second text);
INSERT INTO pairs VALUES (1, 'x');
-- up
ALTER TABLE pairs RENAME COLUMN first TO swap;
ALTER TABLE pairs RENAME COLUMN second TO first;
ALTER TABLE pairs RENAME COLUMN swap TO second;
ALTER TABLE pairs ADD COLUMN third int;

-- case: header settings
CREATE TABLE t (a int);
-- up
PRAGMA user_version = 7;
ALTER TABLE t ADD COLUMN b int;
PRAGMA application_id = 99;
CREATE INDEX t_b ON t (b);
PRAGMA user_version = 8;

-- case: tables of a shop
-- up
CREATE TABLE customers (id integer PRIMARY KEY, mail text NOT NULL UNIQUE);
CREATE TABLE products (id integer PRIMARY KEY, name text NOT NULL, cents int NOT NULL CHECK (cents >= 0));
CREATE TABLE purchases (
  customer_id int NOT NULL REFERENCES customers (id),
  product_id  int NOT NULL REFERENCES products (id),
  PRIMARY KEY (customer_id, product_id)
);
CREATE INDEX purchases_product ON purchases (product_id);
CREATE VIEW spent AS
  SELECT customer_id, sum(cents) AS cents
    FROM purchases JOIN products ON products.id = product_id
   GROUP BY customer_id;
-- down
DROP VIEW spent;
DROP TABLE purchases;
DROP TABLE products;
DROP TABLE customers;

-- case: a view and a trigger that writes through it
CREATE TABLE people (id integer PRIMARY KEY, first text, last text);
-- up
CREATE VIEW names AS SELECT id, first || ' ' || last AS name FROM people;
CREATE TRIGGER names_insert INSTEAD OF INSERT ON names
BEGIN
  INSERT INTO people (first, last) VALUES (substr(NEW.name, 1, 1), substr(NEW.name, 3));
END;
ALTER TABLE people ADD COLUMN middle text;
CREATE INDEX people_last ON people (last, first);
-- down
DROP INDEX people_last;
ALTER TABLE people DROP COLUMN middle;
DROP TRIGGER names_insert;
DROP VIEW names;

-- case: a table and all that is on it is renamed
CREATE TABLE posts (id integer PRIMARY KEY, title text);
CREATE TABLE comments (id integer PRIMARY KEY, post_id int REFERENCES posts (id));
CREATE INDEX posts_title ON posts (title);
-- up
ALTER TABLE posts RENAME TO articles;
ALTER TABLE comments RENAME COLUMN post_id TO article_id;
DROP INDEX posts_title;
CREATE INDEX articles_title ON articles (title);
CREATE INDEX comments_article ON comments (article_id);

-- case: things are thrown away
CREATE TABLE a (x int, y int);
CREATE TABLE b (x int);
CREATE INDEX a_x ON a (x);
CREATE VIEW v AS SELECT x FROM b;
CREATE TRIGGER tr AFTER DELETE ON a BEGIN SELECT 1; END;
-- up
DROP TRIGGER tr;
DROP VIEW v;
DROP INDEX a_x;
ALTER TABLE a DROP COLUMN y;
DROP TABLE b;

-- case: an index and a view are made anew just as they were
CREATE TABLE items (id INTEGER PRIMARY KEY, label TEXT);
CREATE INDEX items_label ON items (label);
CREATE VIEW labels AS SELECT label FROM items;
-- up
CREATE TABLE item_log (id INTEGER PRIMARY KEY, note TEXT);
DROP INDEX items_label;
CREATE INDEX items_label ON items (label);
ALTER TABLE items ADD COLUMN size INTEGER;
DROP VIEW labels;
CREATE VIEW labels AS SELECT label FROM items;
DROP TABLE item_log;

-- case: names in brackets
CREATE TABLE "My Table" ("a b" TEXT, [c d] INT, `e f` INT);
-- up
ALTER TABLE "My Table" ADD COLUMN "größe" INT DEFAULT 'it''s; "x"';
CREATE INDEX "ix 1" ON "My Table" ("a b", [c d]);
ALTER TABLE [My Table] RENAME COLUMN `e f` TO "e""f";
ALTER TABLE "My Table" RENAME COLUMN [c d] TO x;
CREATE TABLE IF NOT EXISTS main.other (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE INDEX [ix 2] ON "My Table" ([größe] DESC) WHERE [größe] > 1;

-- case: virtual table
CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO docs VALUES (1, 'hello');
-- up
CREATE VIRTUAL TABLE docs_fts USING fts5(body, content='docs', content_rowid='id');
INSERT INTO docs_fts(docs_fts) VALUES ('rebuild');
CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN INSERT INTO docs_fts(rowid, body) VALUES (new.id, new.body); END;
ALTER TABLE docs ADD COLUMN title TEXT;
