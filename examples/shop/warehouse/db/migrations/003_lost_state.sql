BEGIN;
ALTER TYPE stock_state ADD VALUE 'lost';
UPDATE stock SET state = 'lost' WHERE quantity < 0;
COMMIT;
