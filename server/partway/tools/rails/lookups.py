"""What a resume migration asks before a call: facts about the catalog as Rails's own look-ups, and where it has no
honest one, as a private method that asks by SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from partway.core.operation import Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Lookup, attribute, catalog
from partway.dialects.dialect import Dialect
from partway.tools.rails.literals import name as written
from partway.tools.rails.literals import quoted
from partway.tools.rails.making import Context
from partway.tools.resuming import CannotResume, Formula

#: The look-ups by the kind of thing, for what is asked by its name alone.
_BY_NAME: Final = {"table": "table_exists?", "view": "view_exists?", "extension": "extension_enabled?"}
_WIDTH: Final = 96


class Condition(NamedTuple):
    """What stands before a call: `if` or `unless`, and what is asked, in parts that `joint` joins."""

    word: str
    parts: tuple[str, ...]
    joint: str = "&&"

    @property
    def expression(self) -> str:
        """What is asked, on one line."""
        return f" {self.joint} ".join(self.parts)

    @property
    def holds(self) -> str:
        """Whether the call is to run, as an expression."""
        if self.word == "if":
            return self.expression
        plain = len(self.parts) == 1 and " " not in self.parts[0].partition("(")[0]
        return f"!{self.parts[0]}" if plain else f"!({self.expression})"

    def and_not(self, asked: str) -> Condition:
        """The condition that asks this besides, and wants it not to be."""
        if self.word == "unless" and (self.joint == "||" or len(self.parts) == 1):
            return Condition("unless", (*self.parts, asked), "||")
        if self.word == "if" and (self.joint == "&&" or len(self.parts) == 1):
            return Condition("if", (*self.parts, f"!{asked}"))
        return Condition("if", (self.holds if self.word == "unless" else f"({self.expression})", f"!{asked}"))

    def __str__(self) -> str:
        return f"{self.word} {self.expression}"

    def lines(self, indent: int) -> list[str]:
        """The condition at the head of a block; on several lines where one would be too long."""
        if indent + len(str(self)) <= _WIDTH or len(self.parts) == 1:
            return [str(self)]
        align = " " * (len(self.word) + 1)
        rest = [f"{align}{part}" for part in self.parts[1:]]
        lines = [f"{self.word} {self.parts[0]}", *rest]
        return [f"{line} {self.joint}" for line in lines[:-1]] + lines[-1:]


class Asked(NamedTuple):
    """A look-up as an expression; `loose` where it must stand in parentheses beside others."""

    text: str
    loose: bool = False


class ForeignKey(NamedTuple):
    """How Rails finds a foreign key: by its one column, or by the name that its author gave it."""

    columns: tuple[str, ...]
    to_table: str
    named: bool


class Lookups:
    """The look-ups of one migration. `keys` are the foreign keys that it makes and takes away, by table and name,
    `indexes` the tables of indexes by their names. `methods` are the private methods that they need, by name, each as
    its lines."""

    def __init__(
        self,
        context: Context,
        dialect: Dialect,
        operations: Sequence[Operation],
        keys: dict[tuple[str, str], ForeignKey],
        indexes: dict[str, Name],
    ) -> None:
        self.context = context
        self.dialect = dialect
        self.operations = operations
        self.keys = keys
        self.indexes = indexes
        self.methods: dict[str, list[str]] = {}

    def unless(self, formula: Formula, index: int) -> Condition | None:
        """The condition under which an operation, the one with this number, has still to run; None: it always may."""
        if not formula:
            return None  # nothing to ask
        alternatives = [self._together(each, index) for each in formula]
        singles = [each[0] for each in alternatives if len(each) == 1]
        if len(singles) == len(alternatives) and not all(present for present, _ in singles):
            parts = [_signed(not present, asked) for present, asked in singles]
            return Condition("if", tuple(parts))
        if len(alternatives) == 1 and not any(present for present, _ in alternatives[0]):
            return Condition("if", _said([asked for _, asked in alternatives[0]], "||"), "||")
        if len(alternatives) == 1:
            return Condition("unless", tuple(_signed(*each) for each in alternatives[0]))
        several = [
            _signed(*each[0]) if len(each) == 1 else f"({' && '.join(_signed(*one) for one in each)})"
            for each in alternatives
        ]
        return Condition("unless", tuple(several), "||")

    def _together(self, facts: Sequence[Postcondition], index: int) -> list[tuple[bool, Asked]]:
        """Facts that hold together, a table before what is in it."""
        tables = {fact.name for fact in facts if fact.object == "table" and fact.present}
        ordered = sorted(facts, key=lambda fact: fact.object != "table")
        return [(fact.present, self._asked(fact, index, known=tables)) for fact in ordered]

    def _asked(self, fact: Postcondition, index: int, known: set[Name]) -> Asked:
        asked = self._framework(fact)
        if asked is None:
            return Asked(self._by_sql(fact))
        table = fact.table or self._table_of(fact)
        if (
            table is not None
            and fact.object != "table"
            and table not in known
            and self._may_lack(table, index)
        ):
            return Asked(f"table_exists?({written(str(table))}) && {asked}", loose=True)
        return Asked(asked)

    # Rails's own look-ups ---------------------------------------------------------------------------------------------

    def _framework(self, fact: Postcondition) -> str | None:
        """Rails's own look-up, where it has one that tells exactly this."""
        object_ = fact.object
        if object_ in _BY_NAME and not (object_ == "extension" and fact.name.schema):
            return f"{_BY_NAME[object_]}({written(str(fact.name))})"
        table = fact.table or self._table_of(fact)
        if table is None:
            return None
        first = written(str(table))
        if object_ == "column":
            return f"column_exists?({first}, {written(fact.name.name)})"
        if object_ == "index":
            return self._index(fact, table, first)
        if object_ == "constraint" and attribute(fact, "valid") != "yes":
            key = self.keys.get((str(table), fact.name.name))
            if key is not None:
                return self._key(key, str(table), fact)
            if (
                attribute(fact, "kind") == "foreign key"
                and fact.name.name
                and self.context.adapter.named_keys
            ):
                return f"foreign_key_exists?({first}, name: {quoted(fact.name.name)})"
            if attribute(fact, "kind") == "check":
                return self._check(fact, first)
        return None

    def _index(self, fact: Postcondition, table: Name, first: str) -> str | None:
        said = quoted(fact.name.name)
        if attribute(fact, "valid") == "yes":
            if not self.context.rails or not self.context.runs(8, 1):
                return None  # before, the columns have to be said
            return f"index_exists?({first}, name: {said}, valid: true)"
        return None if table.schema else f"index_name_exists?({first}, {said})"

    def _key(self, key: ForeignKey, table: str, fact: Postcondition) -> str | None:
        first = written(table)
        on_column = [one for (of, _), one in self.keys.items() if (of, one.columns) == (table, key.columns)]
        alone = len(key.columns) == 1 and len(on_column) < 2
        if alone and not (key.named and self.context.adapter.named_keys):
            return f"foreign_key_exists?({first}, column: {written(key.columns[0])})"
        if self.context.adapter.named_keys:
            return f"foreign_key_exists?({first}, name: {quoted(fact.name.name)})"
        return None

    def _check(self, fact: Postcondition, first: str) -> str | None:
        said = quoted(fact.name.name)
        if self.context.runs(7, 1):
            return f"check_constraint_exists?({first}, name: {said})"
        if self.context.runs(6, 1):
            return f"check_constraints({first}).any? {{ |check| check.name == {said} }}"
        return None

    def _table_of(self, fact: Postcondition) -> Name | None:
        """The table of an index that is spoken of without it, as the migration's calls say it."""
        return self.indexes.get(fact.name.name) if fact.object == "index" else None

    def _may_lack(self, table: Name, index: int) -> bool:
        """Whether the table may not be there when it is an operation's turn: then a look into it is an error."""
        name = self.dialect.key(table.name)
        there = True
        for number, operation in enumerate(self.operations):
            for fact in (
                fact for one in operation.actions if not one.only_says for fact in one.postconditions
            ):
                if fact.object in ("table", "view") and self.dialect.key(fact.name.name) == name:
                    if number >= index:
                        return True
                    there = fact.present
        return not there

    # By SQL -----------------------------------------------------------------------------------------------------------

    def _by_sql(self, fact: Postcondition) -> str:
        """The private method that asks the catalog."""
        lookup = catalog(self.context.adapter.dialect).lookup(fact)
        if lookup is None:
            raise CannotResume(f"neither Rails nor the catalog can be asked whether the {fact}")
        valid = attribute(fact, "valid") == "yes"
        method = _method(fact, "valid" if valid else "exists")
        return self.ask(method, _query(lookup, ()))

    def ask(self, method: str, sql: Sequence[str]) -> str:
        """A private method of this name, which says whether a query finds anything."""
        squiggle = "<<~'SQL'" if any("\\" in line or "#" in line for line in sql) else "<<~SQL"
        head = [f"def {method}", f"  connection.select_value({squiggle})"]
        self.methods[method] = [*head, *(f"    {line}" for line in sql), "  SQL", "end"]
        return method

    def invalid(self, fact: Postcondition) -> str:
        """What says that an index is there and not valid."""
        lookup = catalog(self.context.adapter.dialect).lookup(fact._replace(attributes=(), present=True))
        if lookup is None:
            raise CannotResume(f"the catalog cannot be asked whether the index {fact.name} is valid")
        return self.ask(_method(fact, "invalid"), _query(lookup, ("NOT indisvalid",)))


def _said(asked: Sequence[Asked], joint: str) -> tuple[str, ...]:
    """Look-ups beside each other, in parentheses where they need them."""
    loose = joint == "||" and len(asked) > 1
    return tuple(f"({each.text})" if each.loose and loose else each.text for each in asked)


def _signed(present: bool, asked: Asked) -> str:
    if present:
        return asked.text
    return f"!({asked.text})" if asked.loose else f"!{asked.text}"


def _query(lookup: Lookup, more: Sequence[str]) -> list[str]:
    """The lines of a query that finds a row where something is there."""
    head = f"SELECT 1 FROM {lookup.source}"  # noqa: S608 # the catalog's own look, its names quoted
    conditions = (*lookup.where, *more)
    one_line = f"WHERE {' AND '.join(conditions)}"
    if len(one_line) <= _WIDTH:
        return [head, one_line]
    return [head, f"WHERE {conditions[0]}", *(f"  AND {each}" for each in conditions[1:])]


def _method(fact: Postcondition, ending: str) -> str:
    """`constraint_total_positive_exists?`"""
    words = [
        fact.object,
        *([fact.table.name] if fact.table and fact.object not in ("index",) else []),
        fact.name.name,
    ]
    said = re.sub(r"\W+", "_", "_".join(words)).strip("_").lower()
    if fact.object == "index" and fact.name.name.startswith("index_"):
        said = said.removeprefix("index_")
    return f"{said}_{ending}?"
