-- Every SQLite case begins with these tables.
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, role TEXT, age INTEGER, score INTEGER NOT NULL DEFAULT 0,
  active INTEGER, created_at TEXT NOT NULL DEFAULT '2020-01-01');
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), total NUMERIC, status TEXT DEFAULT 'new', note TEXT);
CREATE TABLE logs (message TEXT, level INTEGER);
CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT UNIQUE);
CREATE INDEX orders_status_idx ON orders (status);
INSERT INTO users (email, name, role, age, score, active) VALUES
  ('a@x.org', 'Ann', 'admin', 30, 5, 1), ('b@x.org', 'Bob', NULL, 40, 7, NULL), ('z@x.org', 'Zoe', NULL, 17, 9, 0);
INSERT INTO orders VALUES (1, 1, 10, 'new', NULL), (2, 2, 20, 'paid', 'x'), (3, NULL, 90, 'new', NULL);
INSERT INTO logs VALUES ('start', 1), ('start', 1), ('end', 2);
