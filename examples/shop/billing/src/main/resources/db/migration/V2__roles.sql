-- Who may approve an invoice.
CREATE TABLE roles (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL) ENGINE = InnoDB;
ALTER TABLE invoices ADD COLUMN approved_by BIGINT NULL;
ALTER TABLE invoices
  ADD CONSTRAINT fk_invoices_role FOREIGN KEY (approved_by) REFERENCES roles (id);
