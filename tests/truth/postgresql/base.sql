-- Every PostgreSQL case begins with these tables.
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_key UNIQUE, name text, role text, age int,
  score int NOT NULL DEFAULT 0, active boolean, created_at timestamptz NOT NULL DEFAULT '2020-01-01', data jsonb);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id int CONSTRAINT orders_user_id_fkey REFERENCES users (id), total numeric(10,2),
  status text DEFAULT 'new', note text);
CREATE TABLE logs (message text, level int);
CREATE INDEX orders_status_idx ON orders (status);
INSERT INTO users (email, name, role, age, score, active) VALUES
  ('a@x.org', 'Ann', 'admin', 30, 5, true), ('b@x.org', 'Bob', NULL, 40, 7, NULL), ('z@x.org', 'Zoe', NULL, 17, 9, false);
SELECT setval('users_id_seq', 10);
INSERT INTO orders VALUES (1, 1, 10, 'new', NULL), (2, 2, 20, 'paid', 'x'), (3, NULL, 90, 'new', NULL);
INSERT INTO logs VALUES ('start', 1), ('start', 1), ('end', 2);
