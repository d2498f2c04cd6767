-- case: MariaDB's own guards
CREATE TABLE jobs (id int PRIMARY KEY, state varchar(10), old int);
-- up
ALTER TABLE jobs ADD COLUMN IF NOT EXISTS priority int NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS jobs_state ON jobs (state);
ALTER TABLE jobs DROP COLUMN IF EXISTS old;
CREATE OR REPLACE TABLE job_runs (id int PRIMARY KEY, job_id int);
ALTER TABLE job_runs ADD CONSTRAINT runs_job FOREIGN KEY IF NOT EXISTS runs_job (job_id) REFERENCES jobs (id);
-- down
DROP TABLE job_runs;
ALTER TABLE jobs DROP INDEX jobs_state, DROP COLUMN priority, ADD COLUMN old int;

-- case: sequences
CREATE TABLE tickets (id int PRIMARY KEY, number int);
-- up
CREATE SEQUENCE ticket_numbers START WITH 100;
ALTER TABLE tickets MODIFY number int DEFAULT (NEXT VALUE FOR ticket_numbers);
ALTER SEQUENCE ticket_numbers INCREMENT BY 10;
CREATE SEQUENCE others;
DROP SEQUENCE others;
-- down
ALTER TABLE tickets MODIFY number int;
DROP SEQUENCE ticket_numbers;

-- case: system versioning
CREATE TABLE contracts (id int PRIMARY KEY, what text);
-- up
ALTER TABLE contracts ADD SYSTEM VERSIONING;
ALTER TABLE contracts ADD INDEX by_what (what(10));
CREATE TABLE versions (id int PRIMARY KEY) WITH SYSTEM VERSIONING;
-- down
DROP TABLE versions;
ALTER TABLE contracts DROP INDEX by_what;
ALTER TABLE contracts DROP SYSTEM VERSIONING;
