"""Facts about a database's catalog: what an operation leaves behind."""

from __future__ import annotations

from typing import NamedTuple

_LONGEST = 100  # of an attribute's value when shown, in characters


#: Kinds of facts that say something of a thing which is there already, and are asked with yes or no: see
#: `sql/sayings`.
SAYINGS = frozenset({"comment", "ownership", "access", "membership", "default-access", "setting"})


class Name(NamedTuple):
    """An object's name as the database will store it: folded, unquoted; `schema` is None where the text has none."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


class Postcondition(NamedTuple):
    """After the operation, this object is there (`present`) or not, with these attributes.

    `object` is the kind of thing: table, column, index, constraint, type, enum-value, view, sequence, function,
    trigger, policy, extension, schema, role, ... `name` is its own name. `table` is the table (for an enum value the
    type) that it belongs to, for things that live inside one: columns, constraints, triggers, policies, rules, and
    indexes where the statement says. An empty `name` with a table means a nameless one (an unnamed constraint).
    `attributes` are (attribute, value) pairs in the order they were read, such as ("type", "bigint"), ("nullable",
    "no"), ("valid", "yes"); only what the text says.
    """

    object: str
    name: Name
    present: bool = True
    table: Name | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """`table`, `table.column` or `schema.table`, the way targets are written."""
        if self.table is None:
            return str(self.name)
        return f"{self.table}.{self.name.name}" if self.name.name else str(self.table)

    @property
    def reference(self) -> str:
        """A foreign key's tables, by which Rails finds one that nobody names: "users -> orgs (id)"; else empty."""
        to = dict(self.attributes).get("references", "")
        return f"{self.table} -> {to}" if to and self.table is not None else ""

    def __str__(self) -> str:
        """In words: "column users.role_id exists with type bigint"."""
        nameless = " on" if self.table is not None and not self.name.name else ""
        said = f"{self.object}{nameless} {self.path} {'exists' if self.present else 'is absent'}"
        if self.attributes:
            said += " with " + ", ".join(f"{key} {_short(value)}" for key, value in self.attributes)
        return said


def _short(value: str) -> str:
    """A value on one line, cut where it would fill more than a good part of it."""
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def exists(
    object_: str, name: Name, table: Name | None = None, attributes: tuple[tuple[str, str], ...] = ()
) -> Postcondition:
    """The postcondition that a thing is there."""
    return Postcondition(object_, name, present=True, table=table, attributes=attributes)


def absent(
    object_: str, name: Name, table: Name | None = None, attributes: tuple[tuple[str, str], ...] = ()
) -> Postcondition:
    """The postcondition that a thing is not there."""
    return Postcondition(object_, name, present=False, table=table, attributes=attributes)
