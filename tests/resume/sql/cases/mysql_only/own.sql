-- case: MySQL's own
CREATE TABLE docs (id int PRIMARY KEY, body json, title varchar(50));
-- up
ALTER TABLE docs ADD COLUMN lang varchar(5) GENERATED ALWAYS AS (body->>'$.lang') STORED;
CREATE INDEX docs_lower ON docs ((LOWER(title)));
ALTER TABLE docs ALTER INDEX docs_lower INVISIBLE;
ALTER TABLE docs ADD COLUMN hidden int INVISIBLE;
ALTER TABLE docs ALTER COLUMN title SET DEFAULT (UUID());
-- down
ALTER TABLE docs ALTER COLUMN title DROP DEFAULT;
ALTER TABLE docs DROP COLUMN hidden, DROP INDEX docs_lower, DROP COLUMN lang;

-- case: checks that are not enforced
CREATE TABLE t (a int);
-- up
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT ENFORCED;
ALTER TABLE t ALTER CHECK positive ENFORCED;
ALTER TABLE t ADD COLUMN b int, ALGORITHM = INSTANT;
-- down
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t DROP CHECK positive;

-- case: roles
CREATE TABLE t (a int);
-- up
CREATE ROLE partway_role;
GRANT SELECT ON partway_lab.t TO partway_role;
ALTER TABLE t ADD COLUMN b int;
CREATE USER partway_someone DEFAULT ROLE partway_role;
-- down
DROP USER partway_someone;
DROP ROLE partway_role;
ALTER TABLE t DROP COLUMN b;
