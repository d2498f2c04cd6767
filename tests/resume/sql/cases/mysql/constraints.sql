-- case: foreign keys
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, user_id int, editor_id int);
INSERT INTO users VALUES (1);
INSERT INTO posts VALUES (1, 1, 1);
-- up
ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
CREATE INDEX posts_editor_id ON posts (editor_id);
ALTER TABLE posts ADD CONSTRAINT posts_editor FOREIGN KEY (editor_id) REFERENCES users (id);
ALTER TABLE posts DROP FOREIGN KEY posts_user;
ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;
-- down
ALTER TABLE posts DROP FOREIGN KEY posts_editor, DROP FOREIGN KEY posts_user;
ALTER TABLE posts DROP INDEX posts_editor_id, DROP INDEX posts_user;

-- case: many actions in one statement
CREATE TABLE parents (id int PRIMARY KEY);
INSERT INTO parents VALUES (3);
CREATE TABLE wide (a int, b varchar(10), c int, d int, KEY wide_d (d));
INSERT INTO wide VALUES (1, '2', 3, 4);
-- up
ALTER TABLE wide
  ADD COLUMN e int NOT NULL DEFAULT 7 FIRST,
  MODIFY b int,
  DROP INDEX wide_d,
  ADD UNIQUE KEY wide_ce (c, e),
  DROP COLUMN d;
ALTER TABLE wide
  ADD PRIMARY KEY (a),
  ADD KEY wide_b (b),
  ADD CONSTRAINT wide_parent FOREIGN KEY (c) REFERENCES parents (id) ON DELETE CASCADE,
  ALTER COLUMN e DROP DEFAULT;
ALTER TABLE wide DROP FOREIGN KEY wide_parent, RENAME INDEX wide_b TO wide_bb;

-- case: keys in another shape under the same name
CREATE TABLE slugs (id int PRIMARY KEY, slug varchar(50), lang char(2) NOT NULL DEFAULT 'en', UNIQUE KEY slug_key (slug));
INSERT INTO slugs VALUES (1, 'a', 'en');
-- up
ALTER TABLE slugs DROP INDEX slug_key;
ALTER TABLE slugs ADD UNIQUE KEY slug_key (slug, lang);
ALTER TABLE slugs DROP PRIMARY KEY, ADD PRIMARY KEY (id, lang);
ALTER TABLE slugs ADD CONSTRAINT lang_there CHECK (lang <> '');
CREATE INDEX by_lang ON slugs (lang DESC);
-- down
ALTER TABLE slugs DROP INDEX by_lang, DROP CONSTRAINT lang_there;
ALTER TABLE slugs DROP PRIMARY KEY, ADD PRIMARY KEY (id);
ALTER TABLE slugs DROP INDEX slug_key, ADD UNIQUE KEY slug_key (slug);

-- case: an index is built beside the old one
CREATE TABLE hits (id int, page varchar(100), at datetime, KEY hits_page (page));
-- up
CREATE INDEX hits_page_new ON hits (page(20), at) COMMENT 'better';
DROP INDEX hits_page ON hits;
ALTER TABLE hits RENAME INDEX hits_page_new TO hits_page;
CREATE INDEX hits_at ON hits (at) USING BTREE;
-- down
DROP INDEX hits_at ON hits;
DROP INDEX hits_page ON hits;
CREATE INDEX hits_page ON hits (page);

-- case: unnamed things
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int, parent_id int, age int, size int);
-- up
ALTER TABLE children ADD PRIMARY KEY (id);
ALTER TABLE children ADD FOREIGN KEY (parent_id) REFERENCES parents (id);
ALTER TABLE children ADD UNIQUE (age);
ALTER TABLE children ADD INDEX (size);
ALTER TABLE children ADD INDEX (size, age);

-- case: checks are switched off for a while
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int PRIMARY KEY, parent_id int);
INSERT INTO children VALUES (1, 5);
-- up
SET FOREIGN_KEY_CHECKS = 0;
ALTER TABLE children ADD CONSTRAINT children_parent FOREIGN KEY (parent_id) REFERENCES parents (id);
DROP TABLE parents;
CREATE TABLE parents (id int PRIMARY KEY, name varchar(10));
SET FOREIGN_KEY_CHECKS = 1;

-- case: the author's own guards
CREATE TABLE jobs (id int PRIMARY KEY, state varchar(10));
-- up
CREATE TABLE IF NOT EXISTS job_runs (id int PRIMARY KEY, job_id int, KEY job (job_id));
DROP TABLE IF EXISTS job_logs;
ALTER TABLE jobs ADD COLUMN priority int NOT NULL DEFAULT 0;
DROP PROCEDURE IF EXISTS tidy;
CREATE PROCEDURE tidy() DELETE FROM jobs;
SET @there = (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'jobs' AND index_name = 'jobs_state');
SET @text = IF(@there = 0, 'CREATE INDEX jobs_state ON jobs (state)', 'DO 0');
PREPARE stmt FROM @text;
EXECUTE stmt;
DEALLOCATE PREPARE stmt;
-- down
DROP PROCEDURE tidy;
DROP TABLE job_runs;
ALTER TABLE jobs DROP INDEX jobs_state, DROP COLUMN priority;

-- case: indexes without a name are dropped by the engine's
CREATE TABLE ix (id int PRIMARY KEY, title varchar(200) NOT NULL, n int, m int);
-- up
ALTER TABLE ix ADD INDEX (n), ADD INDEX (title);
ALTER TABLE ix ADD COLUMN o int;
ALTER TABLE ix DROP INDEX n;
ALTER TABLE ix ADD UNIQUE (m);
ALTER TABLE ix DROP INDEX m;
ALTER TABLE ix ADD INDEX ix_n (n, m);

-- case: a primary key comes with another column
CREATE TABLE pk (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a), UNIQUE KEY pk_b (b));
INSERT INTO pk VALUES (1, 2);
-- up
ALTER TABLE pk ADD COLUMN id bigint unsigned NOT NULL DEFAULT 0 FIRST;
UPDATE pk SET id = a;
ALTER TABLE pk DROP PRIMARY KEY;
ALTER TABLE pk MODIFY id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY;
ALTER TABLE pk DROP INDEX pk_b;

-- case: partitions are dropped together
CREATE TABLE p (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN (2021), PARTITION p2 VALUES LESS THAN (2022));
-- up
CREATE TABLE other (id int);
ALTER TABLE p ADD PARTITION (PARTITION p3 VALUES LESS THAN (2023));
ALTER TABLE p DROP PARTITION p0, p1;
ALTER TABLE other ADD c int;
ALTER TABLE p REORGANIZE PARTITION p2, p3 INTO (PARTITION p1 VALUES LESS THAN (2022), PARTITION p4 VALUES LESS THAN (2024));
ALTER TABLE other ADD d int;
