CREATE INDEX CONCURRENTLY stock_sku ON stock (sku);
ALTER TABLE stock ADD COLUMN reserved_until timestamptz;
ALTER TABLE stock ADD CONSTRAINT stock_quantity CHECK (quantity >= 0) NOT VALID;
