"""Guards that a row names and no fix writes: each by hand, and why it is left to a hand."""

from __future__ import annotations

from typing import NamedTuple


class ByHand(NamedTuple):
    """A guarded text for one row. `plain` is the statement without its guard, empty where naming it makes another."""

    dialect: str
    kind: str
    traits: str
    setup: str
    plain: str
    guarded: str
    why: str
    since: tuple[int, ...] = ()


def _block(condition: str, statement: str) -> str:
    return f"DO $$ BEGIN\n  IF {condition} THEN\n    {statement};\n  END IF;\nEND $$;"


def _postgresql(
    kind: str, setup: str, statement: str, condition: str, why: str, traits: str = "", named: str = ""
) -> ByHand:
    guarded = _block(condition, named or statement)
    return ByHand("postgresql", kind, traits, setup, "" if named else statement, guarded, why)


_RARE = "too rare for a fix of its own"
_UNNAMED = "the name that the server gives is not told from the text"
_ORDERS = "CREATE TABLE orders (id int, note text)"

CASES = [
    _postgresql(
        "unset-table-type",
        "CREATE TYPE person AS (id int); CREATE TABLE people OF person",
        "ALTER TABLE people NOT OF",
        "EXISTS (SELECT FROM pg_class WHERE oid = 'people'::regclass AND reloftype <> 0)",
        _RARE,
    ),
    _postgresql(
        "set-schema",
        "CREATE SCHEMA other; " + _ORDERS,
        "ALTER TABLE public.orders SET SCHEMA other",
        "to_regclass('public.orders') IS NOT NULL",
        "without a schema before the name, the search path decides what is moved",
    ),
    _postgresql(
        "add-constraint",
        _ORDERS,
        "ALTER TABLE orders ADD EXCLUDE USING btree (note WITH =)",
        "NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'orders'::regclass AND conname = 'one_note')",
        _UNNAMED,
        "unnamed exclude",
        "ALTER TABLE orders ADD CONSTRAINT one_note EXCLUDE USING btree (note WITH =)",
    ),
    _postgresql(
        "add-domain-constraint",
        "CREATE DOMAIN zip AS text",
        "ALTER DOMAIN zip ADD CHECK (VALUE <> '')",
        "NOT EXISTS (SELECT FROM pg_constraint WHERE contypid = 'zip'::regtype AND conname = 'filled')",
        _UNNAMED,
        "unnamed",
        "ALTER DOMAIN zip ADD CONSTRAINT filled CHECK (VALUE <> '')",
    ),
    ByHand(
        "postgresql",
        "drop-subscription",
        "no-slot",
        "CREATE SUBSCRIPTION mirror CONNECTION 'dbname=nowhere' PUBLICATION news"
        " WITH (connect = false, slot_name = NONE)",
        "DROP SUBSCRIPTION mirror;",
        "DROP SUBSCRIPTION IF EXISTS mirror;",
        "a fix writes it, but what the statement does depends on another one above it",
    ),
    ByHand(
        "postgresql",
        "create-statistics",
        "unnamed",
        _ORDERS,
        "",
        "CREATE STATISTICS IF NOT EXISTS orders_stat ON id, note FROM orders;",
        _UNNAMED,
        since=(16,),
    ),
    ByHand(
        "mysql",
        "add-constraint",
        "unnamed check",
        "CREATE TABLE orders (id int)",
        "",
        "SET @guard = IF(NOT EXISTS (SELECT 1 FROM information_schema.table_constraints"
        " WHERE table_schema = DATABASE() AND table_name = 'orders' AND constraint_name = 'positive'),"
        " 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0)', 'DO 0');\n"
        "PREPARE guarded FROM @guard;\nEXECUTE guarded;\nDEALLOCATE PREPARE guarded;",
        _UNNAMED,
    ),
    ByHand(
        "mariadb",
        "add-constraint",
        "unnamed check",
        "CREATE TABLE orders (id int)",
        "",
        "ALTER TABLE orders ADD CONSTRAINT IF NOT EXISTS positive CHECK (id > 0);",
        _UNNAMED,
    ),
]
