BEGIN;

CREATE TYPE stock_state AS ENUM ('free', 'reserved');

CREATE TABLE stock (
    id       bigserial PRIMARY KEY,
    sku      text NOT NULL,
    state    stock_state NOT NULL DEFAULT 'free',
    quantity integer NOT NULL
);

COMMIT;
