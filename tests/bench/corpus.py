"""A folder of PostgreSQL migrations like those of a grown web application, the same in every run.

One made-up schema grows through all files, so that every name refers to something. The mix of statements, the share of
guarded ones and the sizes follow what public repositories hold: half of the files have less than 600 bytes, a few more
than 5 KB.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.bench.schema import Schema, Table

FILES = 436
#: How many of a thousand changes are of this shape; a migration has up to three.
_SHAPES = {
    "create_tables": 180,
    "add_columns": 210,
    "add_indexes": 150,
    "add_constraints": 80,
    "change_columns": 80,
    "backfill": 70,
    "seed": 60,
    "add_function": 50,
    "drop_things": 50,
    "add_type": 30,
    "add_view": 30,
    "big_change": 15,
}
#: So much of the files guard what they do; people who guard do it throughout a file.
_GUARDED = 0.5


def write(folder: Path, *, flyway: bool = False, count: int = FILES) -> list[Path]:
    """Write `count` migrations into a folder: `0001_create_users.sql`, or `V1__create_users.sql` with `flyway`, in
    the order they run."""
    random_ = random.Random(20240229)
    schema = Schema(random_)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, count + 1):
        title, text = _migration(schema, random_, number)
        path = folder / (f"V{number}__{title}.sql" if flyway else f"{number:04}_{title}.sql")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def _migration(schema: Schema, random_: random.Random, number: int) -> tuple[str, str]:
    """A title and a text."""
    changes = random_.choices(list(_SHAPES), list(_SHAPES.values()), k=random_.choice((1, 1, 2, 2, 3)))
    if number <= 8:
        changes = ["create_tables"]
    schema.guarded = random_.random() < _GUARDED
    statements: list[str] = []
    about = ""
    for change in changes:
        made, title = getattr(_Shapes(schema, random_), change)()
        statements += made
        about = about or title
    words = about.replace("_", " ").capitalize()
    short = f"-- {words}.\n\n"
    long = f"-- {words}: see the design note of week {number // 8 + 1}.\n-- Keep in step with the models.\n\n"
    head = random_.choice(("", "", short, long))
    return about, head + "\n\n".join(statements) + "\n"


class _Shapes:
    """Each method: the statements of a migration, and what to call it."""

    def __init__(self, schema: Schema, random_: random.Random) -> None:
        self._schema = schema
        self._random = random_

    def create_tables(self) -> tuple[list[str], str]:
        statements = []
        table = None
        for _ in range(self._random.choices((1, 2, 3), (7, 2, 1))[0]):
            table = self._schema.new_table()
            statements.append(self._schema.create(table))
            statements += [
                self._schema.index(table, concurrently=False) for _ in range(self._random.randint(0, 3))
            ]
            if self._random.random() < 0.2:
                statements.append(f"COMMENT ON TABLE {table.name} IS 'One row for each {table.noun}.';")
        assert table is not None
        return statements, f"create_{table.name}"

    def add_columns(self) -> tuple[list[str], str]:
        table = self._table()
        actions = [
            self._schema.add_column(table) for _ in range(self._random.choices((1, 2, 3, 5), (5, 3, 2, 1))[0])
        ]
        statements = [f"ALTER TABLE {table.name}\n    " + ",\n    ".join(actions) + ";"]
        if self._random.random() < 0.4:
            statements.append(self._schema.index(table, concurrently=False))
        if self._random.random() < 0.3:
            statements.append(
                f"COMMENT ON COLUMN {table.name}.{table.columns[-1]} IS 'Set when the {table.noun} is first used.';"
            )
        return statements, f"add_{table.columns[-1]}_to_{table.name}"

    def add_indexes(self) -> tuple[list[str], str]:
        table = self._table()
        concurrently = self._random.random() < 0.4
        statements = [
            self._schema.index(table, concurrently=concurrently)
            for _ in range(self._random.choices((1, 2, 4), (5, 3, 1))[0])
        ]
        if self._random.random() < 0.25 and table.indexes:
            name = self._schema.pick(table.indexes)
            table.indexes.remove(name)
            statements.insert(0, f"DROP INDEX {self._schema.if_exists()}{name};")
        return statements, f"index_{table.name}"

    def add_constraints(self) -> tuple[list[str], str]:
        table, other = self._table(), self._table()
        column = f"{other.noun}_id"
        statements = []
        if column not in table.columns:
            table.columns.append(column)
            statements.append(
                f"ALTER TABLE {table.name} ADD COLUMN {self._schema.if_not_exists()}{column} bigint;"
            )
        name = self._schema.unique_name(f"{table.name}_{column}_fkey")
        statements.append(
            f"ALTER TABLE {table.name}\n    ADD CONSTRAINT {name}\n"
            f"    FOREIGN KEY ({column}) REFERENCES {other.name} (id) ON DELETE CASCADE NOT VALID;"
        )
        statements.append(f"ALTER TABLE {table.name} VALIDATE CONSTRAINT {name};")
        if self._random.random() < 0.4:
            check = self._schema.unique_name(f"{table.name}_name_check")
            statements.append(
                f"ALTER TABLE {table.name} ADD CONSTRAINT {check} CHECK (char_length(name) <= 255);"
            )
        return statements, f"constrain_{table.name}"

    def change_columns(self) -> tuple[list[str], str]:
        table = self._table()
        old = self._schema.pick(table.columns)
        if self._random.random() < 0.4 and old not in ("id", "name", "created_at"):
            new = self._schema.unique_name(f"{old}_v")
            table.columns[table.columns.index(old)] = new
            return [f"ALTER TABLE {table.name} RENAME COLUMN {old} TO {new};"], f"rename_{old}"
        return (
            [
                f"ALTER TABLE {table.name} ALTER COLUMN name TYPE text;",
                f"ALTER TABLE {table.name} ALTER COLUMN name SET DEFAULT '';",
                f"UPDATE {table.name} SET name = '' WHERE name IS NULL;",
                f"ALTER TABLE {table.name} ALTER COLUMN name SET NOT NULL;",
            ],
            f"tighten_{table.name}",
        )

    def backfill(self) -> tuple[list[str], str]:
        table, other = self._table(), self._table()
        column = self._schema.pick(table.columns)
        update = (
            f"UPDATE {table.name} AS target\nSET name = source.name\nFROM {other.name} AS source\n"
            "WHERE source.id = target.id\n  AND target.name IS NULL;"
        )
        delete = (
            f"DELETE FROM {other.name}\nWHERE created_at < now() - interval '3 years'\n"
            f"  AND NOT EXISTS (\n    SELECT 1 FROM {table.name} WHERE {table.name}.id = {other.name}.id\n  );"
        )
        statements = [update, delete]
        if self._random.random() < 0.4:
            statements.append(f"ALTER TABLE {table.name} ALTER COLUMN {column} SET STATISTICS 1000;")
        return statements[: self._random.randint(1, 3)], f"backfill_{table.name}"

    def seed(self, rows: int = 0) -> tuple[list[str], str]:
        table = self._table()
        rows = rows or self._random.choices((1, 4, 12), (5, 4, 2))[0]
        values = ",\n".join(
            f'    (\'{self._schema.words(2)}\', \'{{"rank": {n}, "label": "{self._schema.words(3)}"}}\', now())'
            for n in range(rows)
        )
        conflict = "\nON CONFLICT DO NOTHING" if self._schema.guarded else ""
        statements = [f"INSERT INTO {table.name} (name, metadata, created_at)\nVALUES\n{values}{conflict};"]
        return statements, f"seed_{table.name}"

    def add_function(self) -> tuple[list[str], str]:
        table = self._table()
        name = self._schema.unique_name(f"touch_{table.noun}")
        body = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$\nBEGIN\n"
            "    -- Keep the time of the last change; clients are not trusted with it.\n"
            "    IF NEW IS DISTINCT FROM OLD THEN\n        NEW.updated_at := now();\n    END IF;\n"
            f"    PERFORM pg_notify('{table.name}', NEW.id::text);\n    RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;"
        )
        trigger = (
            f"CREATE TRIGGER {name}_before_update\n    BEFORE UPDATE ON {table.name}\n"
            f"    FOR EACH ROW EXECUTE FUNCTION {name}();"
        )
        return [body, trigger], f"touch_{table.name}"

    def drop_things(self) -> tuple[list[str], str]:
        table = self._table()
        spare = [name for name in table.columns if name not in ("id", "name", "metadata", "created_at")]
        if spare and self._random.random() < 0.7:
            column = self._schema.pick(spare)
            table.columns.remove(column)
            return [
                f"ALTER TABLE {table.name} DROP COLUMN {self._schema.if_exists()}{column};"
            ], f"drop_{column}"
        self._schema.tables.remove(table)
        return [f"DROP TABLE {self._schema.if_exists()}{table.name} CASCADE;"], f"drop_{table.name}"

    def add_type(self) -> tuple[list[str], str]:
        table = self._table()
        name = self._schema.unique_name(f"{table.noun}_state")
        guard = self._schema.if_not_exists()
        table.columns.append(name)
        return (
            [
                f"CREATE TYPE {name} AS ENUM ('draft', 'active', 'suspended', 'archived');",
                f"ALTER TABLE {table.name}\n    ADD COLUMN {guard}{name} {name} NOT NULL DEFAULT 'draft';",
                f"ALTER TYPE {name} ADD VALUE {guard}'deleted';",
            ],
            f"add_{name}",
        )

    def add_view(self) -> tuple[list[str], str]:
        table, other = self._table(), self._table()
        name = self._schema.unique_name(f"recent_{table.name}")
        replace = "OR REPLACE " if self._schema.guarded else ""
        view = (
            f"CREATE {replace}VIEW {name} AS\nSELECT t.id, t.name, t.created_at, count(o.id) AS {other.name}\n"
            f"FROM {table.name} AS t\nLEFT JOIN {other.name} AS o ON o.id = t.id AND o.created_at > t.created_at\n"
            "WHERE t.created_at > now() - interval '30 days'\nGROUP BY t.id, t.name, t.created_at;"
        )
        return [view, f"GRANT SELECT ON {name} TO PUBLIC;"], f"add_{name}"

    def big_change(self) -> tuple[list[str], str]:
        """What one release put into one file, some of it data."""
        statements = []
        for shape in (
            self.create_tables,
            self.add_columns,
            self.add_function,
            self.backfill,
            self.add_indexes,
        ):
            statements += shape()[0]
        statements += self.seed(rows=45)[0]
        return statements, "release"

    def _table(self) -> Table:
        return self._schema.pick(self._schema.tables)
