-- case: triggers with bodies
CREATE TABLE stock (id int PRIMARY KEY, amount int NOT NULL);
CREATE TABLE audit (id int AUTO_INCREMENT PRIMARY KEY, what text);
-- up
ALTER TABLE stock ADD COLUMN changed int NOT NULL DEFAULT 0;
DELIMITER //
CREATE TRIGGER stock_changed BEFORE UPDATE ON stock FOR EACH ROW
BEGIN
  -- a comment; with a semicolon and 'a quote
  SET NEW.changed = OLD.changed + 1;
  INSERT INTO audit (what) VALUES ('it''s; a \\ and a "quote"');
END//
CREATE TRIGGER stock_new BEFORE INSERT ON stock FOR EACH ROW
BEGIN
  IF NEW.amount < 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'negative';
  END IF;
END//
DELIMITER ;
ALTER TABLE audit ADD COLUMN at int;
-- down
ALTER TABLE audit DROP COLUMN at;
DROP TRIGGER stock_new;
DROP TRIGGER stock_changed;
ALTER TABLE stock DROP COLUMN changed;

-- case: procedures and functions
CREATE TABLE t (a int);
-- up
CREATE FUNCTION twice(a int) RETURNS int DETERMINISTIC RETURN a * 2;
DELIMITER $$
CREATE PROCEDURE fill(IN many int)
BEGIN
  DECLARE i int DEFAULT 0;
  WHILE i < many DO
    INSERT INTO t VALUES (twice(i));
    SET i = i + 1;
  END WHILE;
END$$
DELIMITER ;
ALTER TABLE t ADD COLUMN b int;
DROP FUNCTION twice;
CREATE FUNCTION twice(a int, b int) RETURNS int DETERMINISTIC RETURN a * b;
-- down
DROP FUNCTION twice;
DROP PROCEDURE fill;
ALTER TABLE t DROP COLUMN b;

-- case: a trigger is replaced
CREATE TABLE t (a int, b int);
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- up
DROP TRIGGER tr;
ALTER TABLE t DROP COLUMN a;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2;
ALTER TABLE t ADD COLUMN c int;
-- down
ALTER TABLE t DROP COLUMN c;
DROP TRIGGER tr;
ALTER TABLE t ADD COLUMN a int FIRST;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case: events
CREATE TABLE t (a int);
-- up
CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t;
ALTER TABLE t ADD COLUMN b int;
DROP EVENT tidy;
CREATE EVENT tidy ON SCHEDULE EVERY 2 DAY DISABLE COMMENT 'it''s' DO DELETE FROM t WHERE b > 1;
-- down
DROP EVENT tidy;
ALTER TABLE t DROP COLUMN b;

-- case: accounts and grants
CREATE TABLE t (a int);
-- up
CREATE USER 'partway_reader'@'localhost' IDENTIFIED BY 'x';
GRANT SELECT ON partway_lab.* TO 'partway_reader'@'localhost';
ALTER TABLE t ADD COLUMN b int;
REVOKE SELECT ON partway_lab.* FROM 'partway_reader'@'localhost';
GRANT INSERT ON partway_lab.t TO 'partway_reader'@'localhost';
-- down
DROP USER 'partway_reader'@'localhost';
ALTER TABLE t DROP COLUMN b;

-- case: comments of every kind
CREATE TABLE c (a int);
-- up
/* what it is for */
CREATE TABLE d (a int /* inside; */, b int -- and here;
);
# before an index; with a semicolon
CREATE INDEX d_a /* in the middle */ ON d (a);
/*!50000 ALTER TABLE c ADD COLUMN b int */;
ALTER TABLE d ADD COLUMN c varchar(20) DEFAULT 'a\'b' COMMENT "double ""quoted"" -- text";
ALTER TABLE d COMMENT = 'two
lines';
-- down
DROP TABLE d;
ALTER TABLE c DROP COLUMN b;

-- case: an account takes another one's place
CREATE TABLE t (a int);
CREATE USER 'partway_old'@'localhost';
GRANT SELECT, CREATE VIEW ON partway_lab.* TO 'partway_old'@'localhost';
-- up
CREATE USER 'partway_new'@'localhost' IDENTIFIED BY 'it''s', partway_other;
GRANT SELECT, INSERT ON partway_lab.t TO 'partway_new'@'localhost';
REVOKE CREATE VIEW ON partway_lab.* FROM 'partway_old'@'localhost';
DROP USER 'partway_old'@'localhost';
ALTER TABLE t ADD COLUMN b int;
REVOKE INSERT ON partway_lab.t FROM 'partway_new'@'localhost';
