"""The made-up schema that the benchmark's migrations work on: its tables, and the statements that make their parts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

_T = TypeVar("_T")

_NOUNS: tuple[str, ...] = tuple(
    """
    account address article asset audit badge batch billing board booking branch budget campaign card
    category channel charge client comment community contact contract coupon course customer device
    discount document draft event export feature feed filter folder form gallery grant group image import
    incident invoice issue item job label language ledger lesson license listing location login mailbox
    member mention merge message metric milestone module note notification offer order organization outbox
    package page payment permission person plan player policy poll post price product profile project
    quota rating reaction receipt region release reminder report request reservation review role room
    route rule schedule section session setting shipment site snapshot source stage statement story
    subscription survey tag task team template tenant ticket token topic transfer upload user variant
    vendor version visit vote voucher wallet warehouse webhook widget workspace
    """.split()  # noqa: SIM905 - a list of words to read
)
_QUALITIES = ("primary", "legacy", "public", "internal", "archived", "shared", "external", "pending", "daily")
_COLUMNS = {
    "status": "varchar(32) NOT NULL DEFAULT 'new'",
    "position": "integer NOT NULL DEFAULT 0",
    "description": "text",
    "amount": "numeric(12, 2) NOT NULL DEFAULT 0",
    "is_active": "boolean NOT NULL DEFAULT true",
    "external_id": "uuid",
    "settings": "jsonb NOT NULL DEFAULT '{}'::jsonb",
    "archived_at": "timestamptz",
    "slug": "text",
    "checksum": "bytea",
    "locale": "character varying(8)",
    "retries": "smallint DEFAULT 0 NOT NULL",
    "expires_at": "timestamp with time zone",
    "labels": "text[] NOT NULL DEFAULT '{}'",
    "score": "double precision",
    "parent_id": "bigint",
    "tenant_key": "text NOT NULL DEFAULT 'main'",
    "published_on": "date",
}


@dataclass
class Table:
    """A table: its name, what one row is, and the columns and indexes it has by now."""

    name: str
    noun: str
    columns: list[str] = field(default_factory=lambda: ["id", "name", "metadata", "created_at", "updated_at"])
    indexes: list[str] = field(default_factory=list)


class Schema:
    """The tables that there are by now, and every name that was ever used."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self._names: set[str] = set()
        self.tables: list[Table] = []
        #: Whether the file being written guards what it does.
        self.guarded = False

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of these."""
        return self._random.choice(choices)

    def words(self, count: int) -> str:
        """So many words of the trade."""
        return " ".join(self.pick(_NOUNS) for _ in range(count))

    def if_not_exists(self) -> str:
        """The guard before a name that is made, in files that guard."""
        return "IF NOT EXISTS " if self.guarded else ""

    def if_exists(self) -> str:
        """The guard before a name that is dropped; many write this one who write no other."""
        return "IF EXISTS " if self.guarded or self._random.random() < 0.4 else ""

    def unique_name(self, name: str) -> str:
        """The name, numbered if it was used before."""
        found, number = name, 1
        while found in self._names:
            number += 1
            found = f"{name}{number}"
        self._names.add(found)
        return found

    def new_table(self) -> Table:
        """A table with a name of its own. It is there from now on."""
        noun = self.pick(_NOUNS)
        if self._random.random() < 0.4:
            noun = f"{self.pick(_QUALITIES)}_{noun}"
        noun = self.unique_name(noun)
        plural = (
            f"{noun[:-1]}ies"
            if noun.endswith("y")
            else f"{noun}es"
            if noun.endswith(("s", "x", "ch"))
            else f"{noun}s"
        )
        table = Table(plural, noun)
        self.tables.append(table)
        return table

    def create(self, table: Table) -> str:
        """CREATE TABLE, with a reference to an older table now and then."""
        lines = [
            "id bigserial PRIMARY KEY",
            "name text",
            "metadata jsonb",
            "created_at timestamptz NOT NULL DEFAULT now()",
        ]
        lines.append("updated_at timestamptz NOT NULL DEFAULT now()")
        for column in self._random.sample(list(_COLUMNS), self._random.randint(1, 7)):
            table.columns.append(column)
            lines.append(f"{column} {_COLUMNS[column]}")
        if len(self.tables) > 1 and self._random.random() < 0.6:
            other = self.pick(self.tables[:-1])
            table.columns.append(f"{other.noun}_id")
            lines.append(f"{other.noun}_id bigint NOT NULL REFERENCES {other.name} (id) ON DELETE CASCADE")
        if self._random.random() < 0.3:
            lines.append(f"CONSTRAINT {self.unique_name(f'{table.name}_name_key')} UNIQUE (name)")
        inside = ",\n    ".join(lines)
        return f"CREATE TABLE {self.if_not_exists()}{table.name} (\n    {inside}\n);"

    def add_column(self, table: Table) -> str:
        """One action of ALTER TABLE."""
        column = self.pick(list(_COLUMNS))
        name = column
        while name in table.columns:
            name = self.unique_name(f"{self.pick(_QUALITIES)}_{column}")
        table.columns.append(name)
        return f"ADD COLUMN {self.if_not_exists()}{name} {_COLUMNS[column]}"

    def index(self, table: Table, *, concurrently: bool) -> str:
        """CREATE INDEX on one or two of the columns that the table has."""
        indexable = [name for name in table.columns if name not in ("metadata", "settings", "labels")]
        columns = self._random.sample(indexable, min(len(indexable), self._random.randint(1, 2)))
        name = self.unique_name(f"idx_{table.name}_{'_'.join(columns)}"[:58])
        table.indexes.append(name)
        where = " WHERE name IS NOT NULL" if self._random.random() < 0.15 else ""
        unique = "UNIQUE " if self._random.random() < 0.1 else ""
        how = "CONCURRENTLY " if concurrently else ""
        return f"CREATE {unique}INDEX {how}{self.if_not_exists()}{name} ON {table.name} ({', '.join(columns)}){where};"
