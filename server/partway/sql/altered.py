"""The thing that an ALTER statement is about, tables apart."""

from __future__ import annotations

from partway.core.operation import Action, Guard
from partway.core.postcondition import Name, Postcondition
from partway.sql.context import Context
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import STRING
from partway.sql.objects import IN_TABLE, ROUTINES
from partway.sql.operators import BY_METHOD, read_operands, read_operator, with_method


def string(cursor: Cursor) -> str:
    """The string that stands here, stepping over it."""
    if cursor.kind() != STRING:
        raise Unread("a value expected")
    raw = cursor.text[cursor.start : cursor.tokens[cursor.i][2]]
    cursor.i += 1
    return raw[1:-1].replace("''", "'")


class Altered:
    """The thing that an ALTER is about: its name, what guards it, and the action that comes of it."""

    def __init__(self, cursor: Cursor, context: Context, object_: str) -> None:
        self.cursor = cursor
        self.context = context
        self.object = object_
        self.guard: Guard | None = None
        self.name = Name("")
        self.table: Name | None = None
        #: What tells a routine from others of its name.
        self.signature: tuple[tuple[str, str], ...] = ()
        #: What tells an operator class or family from others of its name: ` using btree`.
        self.method = ""
        self.insert_at: int | None = None

    @property
    def known_as(self) -> Name:
        """The name that facts have of it."""
        return Name(f"{self.name.name}{self.method}", self.name.schema)

    @property
    def target(self) -> str:
        """The thing altered, as targets are written."""
        return (
            f"{self.table}.{self.name.name}"
            if self.table is not None and self.object in IN_TABLE
            else str(self.name)
        )

    def action(
        self, kind: str, target: object, *facts: Postcondition, trait: str = "", guard: Guard | None = None
    ) -> Action:
        """The action, spanning the whole statement."""
        return self.context.action(
            kind,
            target,
            self.cursor.span(0, self.cursor.count),
            *facts,
            traits={trait} if trait else (),
            guard=guard or (self.guard if kind in (f"rename-{self.object}", "set-schema") else None),
            insert_at=self.insert_at,
        )

    def read_name(self) -> None:
        """Step over the name, with what tells the thing from others of that name."""
        cursor, object_ = self.cursor, self.object
        if object_ in ("cast", "transform", "large-object"):
            self.name = Name(cursor.said(cursor.i, cursor.i + 1))
            cursor.i += 1
        elif object_ == "operator":
            self.name = read_operator(cursor)
        elif object_ == "user-mapping":
            cursor.accept("FOR")
            self.name = Name(cursor.identifier())
            if cursor.accept("SERVER"):
                self.table = Name(cursor.identifier())
        elif object_ in ("database", "schema") and cursor.word() in (
            "CHARACTER",
            "CHARSET",
            "COLLATE",
            "DEFAULT",
            "READ",
            "ENCRYPTION",
        ):
            self.name = Name("")
        else:
            self.name = cursor.name()
            if cursor.kind() == 6 and cursor.word().startswith("@"):
                cursor.i += 1
            elif cursor.word() == "@":
                cursor.i += 2
        if object_ in ROUTINES and cursor.word() == "(":
            first = cursor.i
            cursor.skip_parentheses()
            self.signature = (("arguments", cursor.said(first + 1, cursor.i - 1)),)
        elif object_ == "operator":
            self.signature = read_operands(cursor)
        if object_ in BY_METHOD:
            self.method = with_method(Name(""), cursor).name
        if cursor.word() == "ON" and object_ in IN_TABLE:
            cursor.i += 1
            self.table = cursor.name()
