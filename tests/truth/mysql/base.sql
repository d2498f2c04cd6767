-- Every MySQL and MariaDB case begins with these tables.
CREATE TABLE users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL, name varchar(100), role varchar(20), age int,
  score int NOT NULL DEFAULT 0, active tinyint(1), created_at timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', UNIQUE KEY users_email (email));
CREATE TABLE orders (id bigint NOT NULL PRIMARY KEY, user_id int, total decimal(10,2), status varchar(20) DEFAULT 'new', note text,
  KEY orders_status_idx (status), KEY orders_user_idx (user_id), CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT orders_total_ok CHECK (total >= 0));
CREATE TABLE logs (message varchar(100), level int);
INSERT INTO users (email, name, role, age, score, active) VALUES
  ('a@x.org', 'Ann', 'admin', 30, 5, 1), ('b@x.org', 'Bob', NULL, 40, 7, NULL), ('z@x.org', 'Zoe', NULL, 17, 9, 0);
INSERT INTO orders VALUES (1, 1, 10, 'new', NULL), (2, 2, 20, 'paid', 'x'), (3, NULL, 90, 'new', NULL);
INSERT INTO logs VALUES ('start', 1), ('start', 1), ('end', 2);
