"""Names as SQLAlchemy makes them: naming conventions, generated index names, the cut of what is too long."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from partway.tools.alembic.flavours import Flavour
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Call

#: SQLAlchemy's own convention: only indexes get a name.
DEFAULT: Mapping[str, str] = {"ix": "ix_%(column_0_label)s"}
_TOKEN = re.compile(r"%\((\w+)\)s")
_COLUMN = re.compile(r"column_(\d+)(_?N)?_(name|key|label)")
_REFERRED = re.compile(r"referred_column_(\d+)(_?N)?_name")
_FINAL = ("f", "conv")
#: So much is left of a name that is too long, before an underscore and four digits of its hash.
_HASHED = 8


class Given(NamedTuple):
    """A name that a program gives: empty for none; `final` where no convention touches it (`op.f`)."""

    name: str = ""
    final: bool = False


def given(value: object) -> Given:
    """The name that this value means; a hole for what only a run would tell."""
    if isinstance(value, Text):
        return Given(str(value))
    if value is None:
        return Given()
    if isinstance(value, Call) and value.name in _FINAL and value.positional:
        inner = value.positional[0]
        return Given(str(inner) if isinstance(inner, Text) else HOLE, final=True)
    return Given(HOLE, final=True)


class Table(NamedTuple):
    """A table by its name and its schema, "" for none."""

    name: str
    schema: str = ""

    @property
    def label(self) -> str:
        """How its name stands in the label of a column."""
        return f"{self.schema.replace('.', '_')}_{self.name}" if self.schema else self.name


class Namer:
    """Names under one naming convention, on one dialect. `convention` None is one that nobody could read."""

    def __init__(self, convention: Mapping[str, str] | None, flavour: Flavour) -> None:
        self._known = convention is not None
        self._convention = {**DEFAULT, **(convention or {})}
        self._limit = flavour.label_limit

    def name(
        self,
        kind: str,
        name: Given,
        table: Table,
        columns: Sequence[str] = (),
        referred: Table | None = None,
        referred_columns: Sequence[str] = (),
    ) -> str:
        """The name of a constraint or index: `kind` is ix, uq, ck, fk or pk. Empty where the engine makes one up."""
        if name.final:
            return self.cut(name.name)
        template = self._convention.get(kind, "")
        if not self._known and (not name.name or kind == "ck"):
            return HOLE  # what conventions make of a name that is given, they make of a check's
        if template == HOLE:
            return HOLE
        if not template or (name.name and "%(constraint_name)s" not in template):
            return name.name
        if not name.name and "%(constraint_name)s" in template:
            return ""

        def token(match: re.Match[str]) -> str:
            word = match[1]
            if word == "table_name":
                return table.name
            if word == "constraint_name":
                return name.name
            if word == "referred_table_name":
                return referred.name if referred else HOLE
            if found := _REFERRED.fullmatch(word):
                return _columns(found, referred_columns, "")
            if found := _COLUMN.fullmatch(word):
                return _columns(found, columns, table.label if found[3] == "label" else "")
            return HOLE

        return self.cut(_TOKEN.sub(token, template))

    def cut(self, name: str) -> str:
        """A generated name, cut where the dialect takes no longer one."""
        if len(name) <= self._limit:
            return name
        from hashlib import md5  # only for names this long

        digest = md5(name.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        return f"{name[: self._limit - _HASHED]}_{digest[-4:]}"


def _columns(match: re.Match[str], columns: Sequence[str], label: str) -> str:
    """One of the columns' names, or all of them: `column_0N_name` without, `column_0_N_name` with underscores."""
    number, every = int(match[1][:3]), match[2]
    said = [f"{label}_{column}" if label else column for column in columns]
    if every:
        return ("_" if every == "_N" else "").join(said)
    return said[number] if number < len(said) else HOLE
