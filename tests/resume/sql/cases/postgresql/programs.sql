-- case: a trigger with its function
CREATE TABLE stock (id int PRIMARY KEY, amount int NOT NULL, changed_at timestamptz);
CREATE TABLE audit (what text);
-- up
CREATE FUNCTION stock_changed() RETURNS trigger AS $body$
DECLARE
    said text := $q$it's ; a "quote" \ and a $$ inside$q$;
BEGIN
    -- a comment; with a semicolon and 'a quote
    NEW.changed_at := now(); /* another; one */
    INSERT INTO audit VALUES (E'line\nbreak \\ ' || said);
    RETURN NEW;
END;
$body$ LANGUAGE plpgsql;
CREATE TRIGGER stock_changed BEFORE UPDATE ON stock FOR EACH ROW EXECUTE FUNCTION stock_changed();
ALTER TABLE stock ADD CONSTRAINT stock_positive CHECK (amount >= 0);
ALTER TABLE stock DISABLE TRIGGER stock_changed;
-- down
ALTER TABLE stock DROP CONSTRAINT stock_positive;
DROP TRIGGER stock_changed ON stock;
DROP FUNCTION stock_changed();

-- case: functions in their many spellings
-- up
CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b -- it''s; simple';
CREATE FUNCTION add(a text, b text DEFAULT 'x') RETURNS text LANGUAGE sql IMMUTABLE RETURN a || b;
CREATE OR REPLACE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT b + a $$;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
    SELECT add($1, $1);
END;
CREATE PROCEDURE clean() LANGUAGE plpgsql AS $partway$
BEGIN
    PERFORM add(1, 2);
END
$partway$;
COMMENT ON FUNCTION add(int, int) IS 'adds';
ALTER FUNCTION twice(int) RENAME TO doubled;
DROP FUNCTION add(text, text);
-- down
DROP PROCEDURE clean();
DROP FUNCTION doubled(int);
DROP FUNCTION add(int, int);

-- case: functions of one name
CREATE SCHEMA geometry;
CREATE TYPE geometry.unit AS ENUM ('m', 'ft');
CREATE FUNCTION extent(w int) RETURNS int LANGUAGE sql AS 'SELECT w';
CREATE FUNCTION breadth(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
-- up
CREATE FUNCTION extent(w int, h pg_catalog.int4) RETURNS int LANGUAGE sql AS 'SELECT w * h';
CREATE FUNCTION extent(VARIADIC sides double precision[]) RETURNS float8 LANGUAGE sql AS 'SELECT sides[1] * sides[2]';
CREATE FUNCTION extent(name character varying(20), "when" timestamptz DEFAULT now(), OUT size bigint)
LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION extent(IN OUT "how big" numeric(8, 2)) LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION extent(of geometry.unit) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION extent(integer);
ALTER FUNCTION extent(float8[]) RENAME TO surface;
ALTER FUNCTION extent(text_or_size decimal) SET SCHEMA geometry;
DROP FUNCTION surface;
CREATE FUNCTION surface(w bigint) RETURNS bigint LANGUAGE sql AS 'SELECT w';
DROP FUNCTION breadth;
CREATE FUNCTION breadth(a bigint) RETURNS bigint LANGUAGE sql AS 'SELECT a';
DROP FUNCTION IF EXISTS extent(varchar, timestamp with time zone), extent(integer, integer);

-- case: procedures and aggregates of one name
-- up
CREATE PROCEDURE fill(a int, INOUT b text) LANGUAGE plpgsql AS 'BEGIN b := a::text; END';
CREATE PROCEDURE fill(a bigint) LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE AGGREGATE total(int8) (SFUNC = int8pl, STYPE = int8);
CREATE AGGREGATE total(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
DROP PROCEDURE fill(bigint);
DROP AGGREGATE total(bigint);
ALTER AGGREGATE total(integer) RENAME TO summed;
ALTER ROUTINE fill(int, text) RENAME TO filled;
DROP AGGREGATE total(*);

-- case: a trigger is replaced
CREATE TABLE t (a int);
CREATE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION one();
-- up
CREATE FUNCTION two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
DROP TRIGGER tr ON t;
CREATE TRIGGER tr AFTER INSERT OR UPDATE ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION two();
DROP FUNCTION one();
CREATE TRIGGER ts BEFORE DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION two();

-- case: the author's own blocks and guards
CREATE TABLE jobs (id int PRIMARY KEY, state text);
-- up
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'job_state') THEN
        CREATE TYPE job_state AS ENUM ('open', 'done');
    END IF;
END
$$;
ALTER TABLE jobs ADD COLUMN IF NOT EXISTS priority int NOT NULL DEFAULT 0;
CREATE TABLE IF NOT EXISTS job_runs (id int PRIMARY KEY, job_id int REFERENCES jobs (id));
CREATE INDEX IF NOT EXISTS job_runs_job ON job_runs (job_id);
DO $$ BEGIN
    ALTER TABLE jobs ADD CONSTRAINT jobs_priority CHECK (priority >= 0);
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
DROP TABLE IF EXISTS job_logs;
ALTER TABLE jobs DROP COLUMN IF EXISTS state;
-- down
ALTER TABLE jobs DROP CONSTRAINT jobs_priority;
ALTER TABLE jobs ADD COLUMN state text;

-- case: policies and grants
CREATE ROLE partway_reader;
CREATE TABLE secrets (id int PRIMARY KEY, owner text);
-- up
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secrets FOR SELECT USING (owner = current_user);
GRANT SELECT ON secrets TO partway_reader;
CREATE POLICY writing ON secrets FOR INSERT TO partway_reader WITH CHECK (owner = current_user AND id > 0);
ALTER POLICY own ON secrets RENAME TO own_rows;
ALTER TABLE secrets FORCE ROW LEVEL SECURITY;
REVOKE ALL ON secrets FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO partway_reader;
-- down
REVOKE ALL ON SCHEMA public FROM partway_reader;
REVOKE ALL ON secrets FROM partway_reader;
DROP POLICY writing ON secrets;
DROP POLICY own_rows ON secrets;
ALTER TABLE secrets NO FORCE ROW LEVEL SECURITY;
ALTER TABLE secrets DISABLE ROW LEVEL SECURITY;

-- case: materialized views, rules and aggregates
CREATE TABLE points (id int PRIMARY KEY, team text, score int);
INSERT INTO points VALUES (1, 'a', 5), (2, 'a', 6);
-- up
CREATE MATERIALIZED VIEW totals AS SELECT team, sum(score) AS total FROM points GROUP BY team;
CREATE UNIQUE INDEX totals_team ON totals (team);
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
CREATE VIEW open_points AS SELECT * FROM points;
CREATE RULE no_delete AS ON DELETE TO open_points DO INSTEAD NOTHING;
CREATE AGGREGATE total_of (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
-- down
DROP AGGREGATE total_of (int);
DROP VIEW open_points;
DROP MATERIALIZED VIEW totals;

-- case: comments everywhere
CREATE TABLE c (a int);
-- up
/* what it is for */
CREATE TABLE d (a int /* inside */, b int -- and here;
);
-- before an index; with a semicolon
CREATE INDEX d_a /* in the middle */ ON d (a);
COMMENT ON TABLE d IS 'first
second line';
COMMENT ON INDEX d_a IS NULL;
COMMENT ON TABLE c IS E'tab\tand \'quote\'';
COMMENT ON SCHEMA public IS $$ours$$;

-- case: event triggers, publications, collations [lasting]
CREATE TABLE p (id int PRIMARY KEY);
-- up
CREATE COLLATION plain (provider = libc, locale = 'C');
ALTER TABLE p ADD COLUMN name text COLLATE plain;
CREATE PUBLICATION changes FOR TABLE p;
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE TABLE q (id int PRIMARY KEY);
ALTER PUBLICATION changes ADD TABLE q;
CREATE CAST (text AS p) WITH INOUT;
-- down
DROP CAST (text AS p);
DROP PUBLICATION changes;
DROP TABLE q;
DROP FUNCTION told();
ALTER TABLE p DROP COLUMN name;
DROP COLLATION plain;

-- case: tables come and go in a publication
CREATE SCHEMA app;
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE app.b (id int PRIMARY KEY);
CREATE PUBLICATION all_changes FOR TABLE a;
-- up
ALTER PUBLICATION all_changes ADD TABLE app.b;
ALTER PUBLICATION all_changes DROP TABLE a;
ALTER TABLE a RENAME TO c;
ALTER PUBLICATION all_changes ADD TABLE ONLY c;
DROP TABLE app.b;
-- down
DROP PUBLICATION all_changes;
