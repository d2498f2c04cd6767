-- case: foreign keys NOT VALID, then validated
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, user_id int, editor_id int);
INSERT INTO users VALUES (1);
INSERT INTO posts VALUES (1, 1, 1);
-- up
ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE posts ADD CONSTRAINT posts_editor FOREIGN KEY (editor_id) REFERENCES users (id) NOT VALID;
ALTER TABLE posts VALIDATE CONSTRAINT posts_user;
ALTER TABLE posts VALIDATE CONSTRAINT posts_editor;
CREATE INDEX posts_user_id ON posts (user_id);
-- down
DROP INDEX posts_user_id;
ALTER TABLE posts DROP CONSTRAINT posts_editor;
ALTER TABLE posts DROP CONSTRAINT posts_user;

-- case: NOT NULL by way of a check constraint
CREATE TABLE items (id int PRIMARY KEY, name text);
INSERT INTO items VALUES (1, 'a'), (2, NULL);
-- up
UPDATE items SET name = '' WHERE name IS NULL;
ALTER TABLE items ADD CONSTRAINT items_name_there CHECK (name IS NOT NULL) NOT VALID;
ALTER TABLE items VALIDATE CONSTRAINT items_name_there;
ALTER TABLE items ALTER COLUMN name SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT items_name_there;

-- case: a primary key from an index built concurrently
CREATE TABLE accounts (id int NOT NULL, mail text);
INSERT INTO accounts VALUES (1, 'a'), (2, 'b');
-- up
CREATE UNIQUE INDEX CONCURRENTLY accounts_id ON accounts (id);
ALTER TABLE accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY USING INDEX accounts_id;
CREATE INDEX CONCURRENTLY IF NOT EXISTS accounts_mail ON accounts (mail);
CREATE UNIQUE INDEX CONCURRENTLY accounts_mail_lower ON accounts (lower(mail));

-- case: an index is exchanged for a better one
CREATE TABLE hits (id int, page text, at timestamptz);
CREATE INDEX hits_page ON hits (page);
-- up
CREATE INDEX CONCURRENTLY hits_page_new ON hits (page, at);
DROP INDEX CONCURRENTLY hits_page;
ALTER INDEX hits_page_new RENAME TO hits_page;
CREATE INDEX CONCURRENTLY hits_at ON hits USING brin (at);
-- down
DROP INDEX hits_at;
DROP INDEX hits_page;
CREATE INDEX hits_page ON hits (page);

-- case: a unique constraint is widened
CREATE TABLE slugs (id int PRIMARY KEY, slug text, lang text NOT NULL DEFAULT 'en', CONSTRAINT slugs_slug_key UNIQUE (slug));
INSERT INTO slugs VALUES (1, 'a'), (2, 'b');
-- up
ALTER TABLE slugs DROP CONSTRAINT slugs_slug_key;
ALTER TABLE slugs ADD CONSTRAINT slugs_slug_key UNIQUE (slug, lang);
ALTER TABLE slugs ADD COLUMN kind int NOT NULL DEFAULT 0, ADD CONSTRAINT slugs_kind CHECK (kind >= 0);
ALTER TABLE slugs ALTER COLUMN lang DROP DEFAULT;

-- case: exclusion and deferrable constraints
CREATE TABLE bookings (id int PRIMARY KEY, during int4range, next_id int);
-- up
ALTER TABLE bookings ADD CONSTRAINT bookings_apart EXCLUDE USING gist (during WITH &&);
ALTER TABLE bookings ADD CONSTRAINT bookings_next FOREIGN KEY (next_id) REFERENCES bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bookings ALTER CONSTRAINT bookings_next NOT DEFERRABLE;
ALTER TABLE bookings RENAME CONSTRAINT bookings_next TO bookings_follow;
-- down
ALTER TABLE bookings DROP CONSTRAINT bookings_follow;
ALTER TABLE bookings DROP CONSTRAINT bookings_apart;

-- case: many actions in one statement
CREATE TABLE wide (a int, b text, c int, d int, CONSTRAINT wide_c CHECK (c > 0));
INSERT INTO wide VALUES (1, '2', 3, 4);
-- up
ALTER TABLE wide
    ADD COLUMN e int NOT NULL DEFAULT 7,
    ALTER COLUMN b TYPE int USING b::int,
    DROP CONSTRAINT wide_c,
    ADD CONSTRAINT wide_ce CHECK (c + e > 0),
    DROP COLUMN d;
ALTER TABLE wide
    ALTER COLUMN a SET NOT NULL,
    ALTER COLUMN a SET DEFAULT 1,
    ALTER COLUMN e DROP DEFAULT;
ALTER TABLE wide ADD PRIMARY KEY (a), ADD UNIQUE (b), ADD FOREIGN KEY (c) REFERENCES wide (a) NOT VALID;
ALTER TABLE wide DROP COLUMN e, ADD COLUMN e text;

-- case: unnamed things
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (id int, parent_id int, age int);
-- up
ALTER TABLE children ADD PRIMARY KEY (id);
ALTER TABLE children ADD FOREIGN KEY (parent_id) REFERENCES parents;
ALTER TABLE children ADD CHECK (age > 0);
ALTER TABLE children ADD UNIQUE (parent_id, age);
CREATE INDEX ON children (age);
CREATE INDEX ON children (parent_id, age);

-- case: a column turns another type and back
CREATE TABLE amounts (id int PRIMARY KEY, amount int DEFAULT 0);
INSERT INTO amounts VALUES (1, 12);
-- up
ALTER TABLE amounts ALTER COLUMN amount TYPE numeric(10, 2);
ALTER TABLE amounts ALTER COLUMN amount SET DEFAULT 1.5;
ALTER TABLE amounts ALTER COLUMN amount DROP DEFAULT;
ALTER TABLE amounts RENAME COLUMN amount TO total;
ALTER TABLE amounts ALTER COLUMN total TYPE text USING total || ' EUR';

-- case: a column is dropped and made again
CREATE TABLE flags (id int PRIMARY KEY, flag text, extra int);
INSERT INTO flags VALUES (1, 'yes', 1);
-- up
ALTER TABLE flags DROP COLUMN flag;
ALTER TABLE flags ADD COLUMN flag boolean NOT NULL DEFAULT false;
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
