"""RENAME, VALIDATE, ATTACH and DETACH in ALTER TABLE."""

from __future__ import annotations

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Name, absent, exists
from partway.sql.altering import Alter, whole
from partway.sql.context import if_exists
from partway.sql.cursor import Cursor
from partway.sql.partitions import read_bounds


def read_rename_action(alter: Alter, cursor: Cursor) -> list[Action]:
    """RENAME [COLUMN | CONSTRAINT | INDEX] a TO b, RENAME TO b."""
    begin = cursor.i
    cursor.i += 1
    table = alter.table
    if cursor.word() in ("TO", "AS") and cursor.count > cursor.i + 1 and cursor.word(1) != "TO":
        cursor.i += 1
        new = cursor.name()
        new = Name(new.name, new.schema or table.schema)
        facts = (absent(alter.object, table), exists(alter.object, new))
        guard = alter.guard and Guard(GuardForm.IF_EXISTS, alter.guard.span)
        return [
            alter.action(
                f"rename-{alter.object}",
                table,
                whole(cursor, begin),
                *facts,
                guard=guard,
                insert_at=alter.insert_at,
            )
        ]
    object_ = {"CONSTRAINT": "constraint", "INDEX": "index", "KEY": "index"}.get(cursor.word(), "column")
    if object_ != "column" or cursor.word() == "COLUMN":
        if cursor.word(1) != "TO":
            cursor.i += 1
        else:
            object_ = "column"
    insert_at = cursor.end
    guard = if_exists(cursor)
    old = cursor.identifier()
    if cursor.done and cursor.dialect.indexes_in_table and object_ == "column":  # RENAME new_name
        facts = (absent("table", table), exists("table", Name(old, table.schema)))
        return [alter.action("rename-table", table, whole(cursor, begin), *facts)]
    cursor.expect("TO")
    new_name = cursor.identifier()
    facts = (
        absent(object_, Name(old), table),
        exists(object_, Name(new_name), table),
    )
    target = old if object_ == "index" else alter.member(old)
    traits = {"in-table"} if object_ == "index" else set()
    return [
        alter.action(
            f"rename-{object_}",
            target,
            whole(cursor, begin),
            *facts,
            traits=traits,
            guard=guard,
            insert_at=insert_at,
        )
    ]


def read_validate(alter: Alter, cursor: Cursor) -> list[Action]:
    """VALIDATE CONSTRAINT name."""
    begin = cursor.i
    cursor.i += 1
    cursor.expect("CONSTRAINT")
    name = cursor.identifier()
    fact = exists("constraint", Name(name), alter.table, (("valid", "yes"),))
    return [alter.action("validate-constraint", alter.member(name), whole(cursor, begin), fact)]


def read_attach(alter: Alter, cursor: Cursor) -> list[Action]:
    """ATTACH PARTITION name ..."""
    begin = cursor.i
    cursor.i += 1
    cursor.expect("PARTITION")
    name = cursor.name()
    fact = exists("partition", name, alter.table, read_bounds(cursor))
    return [alter.action("attach-partition", name, whole(cursor, begin), fact)]


def read_detach(alter: Alter, cursor: Cursor) -> list[Action]:
    """DETACH PARTITION name [CONCURRENTLY | FINALIZE]."""
    begin = cursor.i
    cursor.i += 1
    cursor.expect("PARTITION")
    name = cursor.name()
    traits = {cursor.word().lower()} if cursor.word() in ("CONCURRENTLY", "FINALIZE") else set()
    fact = absent("partition", name, alter.table)
    return [alter.action("detach-partition", name, whole(cursor, begin), fact, traits=traits)]
