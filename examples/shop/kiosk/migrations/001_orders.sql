CREATE TABLE orders (
  id    INTEGER PRIMARY KEY AUTOINCREMENT,
  item  TEXT NOT NULL,
  paid  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX orders_item ON orders (item);
INSERT INTO orders (item) VALUES ('the first one is on the house');
