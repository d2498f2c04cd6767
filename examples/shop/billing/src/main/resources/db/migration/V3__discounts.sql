ALTER TABLE invoices ADD COLUMN discount_cents BIGINT NOT NULL DEFAULT 0;

-- Everybody gets five percent back. Once!
UPDATE invoices SET total_cents = total_cents * 0.95;

CREATE INDEX idx_invoices_customer ON invoices (customer_id);
DROP TABLE legacy_discounts;
