"""ALTER TABLE to actions: one for each of its comma-separated parts."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Action
from partway.core.postcondition import Name
from partway.sql.alter_add import read_add, read_drop_action
from partway.sql.alter_column import read_alter_column, read_change, read_modify
from partway.sql.alter_rename import read_attach, read_detach, read_rename_action, read_validate
from partway.sql.altering import Alter
from partway.sql.context import Context, if_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.foreign import foreign_options
from partway.sql.partitions import read_reorganize
from partway.sql.sayings import Subject
from partway.sql.table_options import only_sets, option_facts, read_option

Reader = Callable[[Alter, Cursor], list[Action]]

_READERS: dict[str, Reader] = {
    "ADD": read_add,
    "ALTER": read_alter_column,
    "ATTACH": read_attach,
    "CHANGE": read_change,
    "DETACH": read_detach,
    "DROP": read_drop_action,
    "MODIFY": read_modify,
    "RENAME": read_rename_action,
    "VALIDATE": read_validate,
}


def read_alter_table(cursor: Cursor, context: Context, object_: str = "table") -> list[Action]:
    """The actions of ALTER TABLE (or FOREIGN TABLE, or what takes the same actions) after those words."""
    insert_at = cursor.end
    guard = if_exists(cursor)
    cursor.accept("ONLY")
    if cursor.accept("ALL", "IN", "TABLESPACE"):
        return [context.action("set-tablespace", cursor.identifier(), cursor.span(0, cursor.count))]
    table = cursor.name()
    cursor.accept("*")
    cursor.accept_any("WAIT", "NOWAIT")
    alter = Alter(context, table, guard, object_, insert_at)
    actions: list[Action] = []
    if cursor.word() == "REORGANIZE" and cursor.find("INTO") >= 0:
        return read_reorganize(alter, cursor.part(cursor.i, cursor.count))
    for first, last in cursor.pieces():
        part = cursor.part(first, last)
        if actions and actions[-1].kind.endswith("-partition") and part.kind(1) == 0:
            # DROP PARTITION p0, p1: another name of the list, not another action.
            actions[-1] = _with_another(actions[-1], part)
            continue
        actions += _part(alter, part)
    if not actions:
        raise Unread("an action expected")
    return actions


def _with_another(action: Action, name: Cursor) -> Action:
    """An action on partitions with one more of them."""
    first = next(iter(action.postconditions), None)
    said = name.maybe_identifier()
    if action.kind != "drop-partition" or first is None or said is None:
        return action
    return action._replace(postconditions=(*action.postconditions, first._replace(name=Name(said))))


def _part(alter: Alter, cursor: Cursor) -> list[Action]:
    """The actions of one comma-separated part."""
    reader: Reader | None = _READERS.get(cursor.word())
    found = reader(alter, cursor) if reader is not None else None
    if found:
        return found
    kind = read_option(cursor)
    if kind is None:
        raise Unread(f"{cursor.word()} is not known in ALTER TABLE")
    guard = alter.guard if kind == "set-schema" else None
    facts = option_facts(cursor, kind, alter.object, alter.table)
    if kind == "set-options":
        facts = (*facts, *foreign_options(cursor, Subject("foreign-table", alter.table)))
    traits = {"only-set"} if kind == "set-options" and only_sets(cursor) else set()
    return [alter.action(kind, alter.table, cursor, *facts, traits=traits, guard=guard)] if kind else []
