"""Conditions that ask SQLAlchemy's inspector whether something is there, as a revision writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from partway.core.operation import Action
from partway.core.postcondition import Postcondition
from partway.tools.alembic.naming import given
from partway.tools.alembic.wrapping import WIDTH
from partway.tools.embedded import HOLE
from partway.tools.python_program import Program
from partway.tools.python_values import Argument

#: The inspector's list of a kind of thing, and what one of them is called in a loop over it.
_LISTS: Mapping[str, tuple[str, str]] = {
    "column": ("get_columns", "column"),
    "index": ("get_indexes", "index"),
    "foreign key": ("get_foreign_keys", "key"),
    "unique": ("get_unique_constraints", "constraint"),
    "check": ("get_check_constraints", "constraint"),
}
_TYPES = {"foreignkey": "foreign key", "unique": "unique", "check": "check", "primary": "primary key"}


class Words(NamedTuple):
    """How a file calls things: `op`, `sa.inspect`, `sa.text`; `imports` is a line that it lacks for that."""

    op: str
    inspect: str
    text: str
    quote: str
    imports: str = ""

    @property
    def inspector(self) -> str:
        """A fresh inspector: one that was made before remembers what it saw."""
        return f"{self.inspect}({self.op}.get_bind())"

    def string(self, value: str) -> str:
        """A string in the file's own quotes."""
        escaped = value.replace("\\", "\\\\").replace(self.quote, f"\\{self.quote}")
        return f"{self.quote}{escaped}{self.quote}"


def words_of(program: Program) -> Words:
    """How this file calls things."""
    names = {path: name for name, path in program.imports.items()}
    op = names.get("alembic.op", "op")
    sa = names.get("sqlalchemy", "")
    inspect = f"{sa}.inspect" if sa else names.get("sqlalchemy.inspect", "")
    text = f"{sa}.text" if sa else names.get("sqlalchemy.text", "")
    quote = "'" if program.text.count("'") > program.text.count('"') else '"'
    if inspect and text:
        return Words(op, inspect, text, quote)
    return Words(op, inspect or "sa.inspect", text or "sa.text", quote, "import sqlalchemy as sa")


class Asked(NamedTuple):
    """Where the names in a condition come from: the arguments of the call for the table and the thing, if any."""

    table: Argument | str
    name: Argument | None
    type: str = ""  # drop_constraint's `type_`


def condition(action: Action, asked: Asked, words: Words, program: Program) -> tuple[str, str] | None:
    """The condition under which an action still has to be done, and what it asks for, in words; None for none.

    A rename has to be done as long as the old name is there.
    """
    if not action.postconditions:
        return None
    fact = action.postconditions[0]
    if not fact.name.name and fact.object != "constraint":
        return None
    schema = fact.table.schema if fact.table is not None else fact.name.schema
    more = f", schema={words.string(schema)}" if schema else ""
    if fact.object == "table":
        table = _written(asked.table, fact.name.name, words, program)
        look = f"{words.inspector}.has_table({table}{more})"
        return _negated(fact, look), fact.name.name
    if fact.table is None and fact.object != "index":
        return None
    table = _written(asked.table, fact.table.name if fact.table is not None else "", words, program)
    if not table:
        return None
    kind = _kind(fact, asked)
    if kind == "primary key":
        look = f"{words.inspector}.get_pk_constraint({table}{more})[{words.string('constrained_columns')}]"
        return _negated(fact, look), f"the primary key of {fact.table}"
    if kind not in _LISTS or not fact.name.name:
        return None
    method, item = _LISTS[kind]
    name = _written(asked.name, fact.name.name, words, program)
    look = f"any({item}[{words.string('name')}] == {name} for {item} in {words.inspector}.{method}({table}{more}))"
    return _negated(fact, look), fact.path


def _negated(fact: Postcondition, look: str) -> str:
    """The look as a condition: what is made must not be there yet, what is dropped must still be there."""
    return f"not {look}" if fact.present else look


def _kind(fact: Postcondition, asked: Asked) -> str:
    if fact.object != "constraint":
        return fact.object
    said = dict(fact.attributes).get("kind", "")
    return said or _TYPES.get(asked.type, "")


def _written(argument: Argument | str | None, name: str, words: Words, program: Program) -> str:
    """A name as the call writes it, if that is what the database gets; else as a string."""
    if isinstance(argument, Argument):
        said = program.tree.said(argument.node)
        known = given(argument.value).name
        if len(said) <= WIDTH and "\n" not in said and (not name or known == name or HOLE in known):
            return said
    return words.string(name) if name else ""


def head(condition_text: str, indent: str, unit: str) -> tuple[str, ...]:
    """`if condition:`, in several lines where one is too long."""
    line = f"if {condition_text}:"
    if len(indent) + len(line) <= WIDTH or "any(" not in line or " for " not in line:
        return (line,)
    start, _, rest = condition_text.partition("any(")
    body, _, loop = rest.removesuffix(")").rpartition(" for ")
    return (f"if {start}any(", f"{unit}{body}", f"{unit}for {loop}", "):")
