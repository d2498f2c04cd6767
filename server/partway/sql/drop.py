"""DROP statements to actions, and TRUNCATE's like that take a list of names."""

from __future__ import annotations

from partway.core.operation import Action
from partway.core.postcondition import Name, absent
from partway.sql.accounts import read_account
from partway.sql.context import Context, if_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.objects import IN_TABLE, ROUTINES, read_object
from partway.sql.operators import BY_METHOD, read_operands, read_operator, read_transform, with_method


def read_drop(cursor: Cursor, context: Context) -> list[Action]:
    """The actions of a DROP statement, one for each name; the cursor stands at its first word."""
    cursor.expect("DROP")
    temporary = cursor.accept("TEMPORARY")
    cursor.accept_any("ONLINE", "OFFLINE", "PROCEDURAL")
    if cursor.accept("OWNED", "BY"):
        return [context.action("drop-owned", cursor.identifier(), cursor.span(0, cursor.count))]
    if cursor.accept("PREPARE"):
        return [context.action("drop-prepared", cursor.identifier(), cursor.span(0, cursor.count))]
    object_ = read_object(cursor)
    if object_ is None:
        raise Unread(f"DROP {cursor.word()} is not known")
    traits = {"concurrently"} if cursor.accept("CONCURRENTLY") else set()
    if temporary:
        traits.add("temporary")
    insert_at = cursor.end
    guard = if_exists(cursor)
    named = _names(cursor, object_)
    if len(named) > 1:
        traits.add("several")
    if object_ == "subscription" and str(named[0][0]) in context.knowledge.slotless:
        traits.add("no-slot")
    actions = []
    for name, table, signature in named:
        target = f"{table}.{name.name}" if table is not None and object_ in IN_TABLE else str(name)
        if object_ in BY_METHOD:
            target = target.partition(" using ")[0]
        if object_ == "transform":
            target = signature or target
        if object_ == "role":
            target = name.name.partition("@")[0]
        if object_ == "index" and table is not None and not cursor.dialect.indexes_in_table:
            table = None
        attributes = (("arguments", signature),) if signature is not None else ()
        fact = absent(object_, name, table, attributes)
        actions.append(
            context.action(
                f"drop-{object_}",
                target or object_,
                cursor.span(0, cursor.count),
                fact,
                traits=traits,
                guard=guard,
                insert_at=insert_at,
            )
        )
    return actions


def _names(cursor: Cursor, object_: str) -> list[tuple[Name, Name | None, str | None]]:
    """Each name with the table it is in and its signature, where its kind has them."""
    found: list[tuple[Name, Name | None, str | None]] = []
    while True:
        table: Name | None = None
        signature: str | None = None
        first = cursor.i
        if object_ == "cast":
            cursor.skip_parentheses()
            name = Name(cursor.said(first, cursor.i))
        elif object_ == "operator":
            name = read_operator(cursor)
            signature = next((value for _, value in read_operands(cursor)), None)
        elif object_ == "spatial-reference-system":
            name = Name(cursor.said(cursor.i, cursor.i + 1))  # a number
            cursor.i += 1
        elif object_ == "transform":
            name, of = read_transform(cursor)
            signature = next((value for _, value in of), None)
        elif object_ == "user-mapping":
            cursor.accept("FOR")
            name = Name(cursor.identifier())
            if cursor.accept("SERVER"):
                table = Name(cursor.identifier())
        else:
            account = object_ == "role" and cursor.dialect.accounts_have_hosts
            name = read_account(cursor) if account else cursor.name()
        if object_ in ROUTINES and cursor.word() == "(":
            at = cursor.i
            cursor.skip_parentheses()
            signature = cursor.said(at + 1, cursor.i - 1)
        if object_ in BY_METHOD:
            name = with_method(name, cursor)
        if cursor.accept("ON"):
            table = cursor.name()
        found.append((name, table, signature))
        if not cursor.accept(","):
            return found
