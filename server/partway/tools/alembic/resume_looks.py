"""What a resume asks the database in Python: the inspector where it knows the kind, else the catalog in SQL.

The inspector is made anew for each look, because it remembers what it has seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from textwrap import wrap
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import attribute, condition
from partway.tools.alembic.asking import Words
from partway.tools.alembic.flavours import FLAVOURS
from partway.tools.embedded import HOLE

#: Gives the expression for a value that may be another one each time: in a loop say.
Say = Callable[[Sequence[str]], str]

_PLAIN = re.compile(r"\w+\Z")
_REFERENCES = re.compile(r"(?:(\w+)\.)?(\w+) \((\w+(?:, \w+)*)\)\Z")

#: The inspector's list of the constraints of a kind, and what one of them is called.
_CONSTRAINTS = {
    "foreign key": ("has_foreign_key", "get_foreign_keys", "key"),
    "unique": ("has_unique_constraint", "get_unique_constraints", "constraint"),
    "check": ("has_check_constraint", "get_check_constraints", "constraint"),
}


def sees(dialect: str, fact: Postcondition) -> bool:
    """Whether a resume can ask about this fact, or its opposite."""
    if HOLE in str(fact) or "?" in fact.name.name:
        return False
    return _kind(dialect, fact) != "catalog" or condition(dialect, fact) is not None


def _kind(dialect: str, fact: Postcondition) -> str:
    """How a fact is asked about."""
    if fact.object == "table":
        return "table"
    if fact.object == "column" and fact.table is not None:
        return "column"
    if fact.object == "index" and fact.table is not None:
        if attribute(fact, "valid") == "yes":
            return "valid index"
        if fact.name.name:
            if not FLAVOURS[dialect].hides_expressions:
                return "index"
            return "catalog" if fact.table.schema else "listed index"
        return "unique on" if attribute(fact, "unique") == "yes" and _columns(fact) else "catalog"
    if fact.object == "constraint" and fact.table is not None and attribute(fact, "valid") is None:
        return _constraint_kind(fact)
    return "catalog"


def _constraint_kind(fact: Postcondition) -> str:
    kind = attribute(fact, "kind") or ""
    if kind == "primary key":
        return kind
    if fact.name.name:
        return kind if kind in _CONSTRAINTS else "catalog" if kind else "constraint"
    if kind == "foreign key" and _columns(fact) and _REFERENCES.match(attribute(fact, "references") or ""):
        return "key on"
    return "constraint on" if kind == "unique" and _columns(fact) else "catalog"


def _columns(fact: Postcondition) -> list[str]:
    """The columns that a fact names, none where one of them is more than a name."""
    found = (attribute(fact, "columns") or "").split(", ")
    return found if all(map(_PLAIN.match, found)) else []


class NotSaid(Exception):
    """There is no one expression for what differs from run to run."""


#: A text longer than this fits on no line, and is written in pieces of about this length.
_LONGEST, _PIECE = 78, 66
#: Stands in a function for the schema that it hands on, if any look names one.
_SCHEMA = "@schema"


class Asked(NamedTuple):
    """A condition in Python: `parts` that are joined by `operator`."""

    operator: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """On one line."""
        return f" {self.operator} ".join(self.parts)


class Looks:
    """Writes looks, and the functions that they need. `taken` are names that the file has for something else;
    `signed` is how it writes an optional text, empty where its functions have no annotations."""

    def __init__(
        self, dialect: str, words: Words, taken: Collection[str], signed: str, quoted: Callable[[str], str]
    ) -> None:
        self.dialect = dialect
        self.words = words
        self.signed = signed
        self.quoted = quoted
        self._taken = taken
        self._functions: dict[str, _Function] = {}
        self._schemas = False

    def not_yet(self, formulas: Sequence[Sequence[Sequence[Postcondition]]], say: Say) -> Asked | None:
        """The condition under which none of a formula's alternatives holds; `formulas` are those of the runs of one
        statement, which differ in names alone. None for an empty one."""
        if not formulas[0]:
            return None
        negated = [
            [self._look(facts, say, negated=True) for facts in zip(*alternative, strict=True)]
            for alternative in zip(*formulas, strict=True)
        ]
        if len(negated) == 1:
            return Asked("or", tuple(negated[0]))
        parts = [one[0] if len(one) == 1 else f"({' or '.join(one)})" for one in negated]
        return Asked("and", tuple(parts))

    def is_there(self, table: Name) -> str:
        """The look for a table."""
        return self._look([Postcondition("table", table)], lambda values: self.words.string(values[0]))

    def is_empty(self, table: Name) -> str:
        """The look for a table without rows."""
        sa, op = self._sa, self.words.op
        body = f"""    rows = {sa}.select({sa}.literal(1)).select_from({sa}.table(table{_SCHEMA}))
    return {op}.get_bind().execute(rows.limit(1)).first() is None"""
        name = self._function("is_empty", ("table",), body, "")
        return f"{name}({self._called([table], [table], self._string)})"

    def invalid(self, names: Sequence[Name], say: Say) -> str:
        """The look for an index that a failed build has left."""
        doc = "What a build that failed leaves: an index that is there, and INVALID."
        name = self._function("is_invalid", ("index",), self._asking("NOT indisvalid"), doc)
        return f"{name}({self._indexes(names, say)})"

    def functions(self) -> list[str]:
        """The functions that were used, as text, what others need first."""
        return [one.text(signed=self.signed, schemas=self._schemas) for one in self._functions.values()]

    # Looks ------------------------------------------------------------------------------------------------------------

    def _look(self, facts: Sequence[Postcondition], say: Say, *, negated: bool = False) -> str:
        fact = facts[0]
        kind = _kind(self.dialect, fact)
        negation = "not " if negated is fact.present else ""
        if kind == "table":
            name = self._function(
                "has_table", ("name",), f"    return {self._inspected()}.has_table(name{_SCHEMA})"
            )
            return f"{negation}{name}({self._called([], [one.name for one in facts], say)})"
        if kind == "catalog":
            if len({one._replace(present=True) for one in facts}) > 1:
                raise NotSaid
            return f"{negation}{self._catalog(fact)}"
        if kind == "valid index":
            doc = "Whether an index is there, and no build that failed has left it INVALID."
            name = self._function("has_valid_index", ("index",), self._asking("indisvalid"), doc)
            schema = [
                one.name.schema or (one.table.schema if one.table is not None else None) for one in facts
            ]
            names = [Name(one.name.name, its) for one, its in zip(facts, schema, strict=True)]
            return f"{negation}{name}({self._indexes(names, say)})"
        tables = [one.table for one in facts if one.table is not None]
        return f"{negation}{self._inside(kind, facts, tables, say)}"

    def _inside(self, kind: str, facts: Sequence[Postcondition], tables: Sequence[Name], say: Say) -> str:
        """A look at what is in a table."""
        names = [one.name for one in facts]
        if kind == "column":
            return f"{self._list('has_column', 'get_columns', 'column')}({self._called(tables, names, say)})"
        if kind == "index":
            return f"{self._list('has_index', 'get_indexes', 'index')}({self._called(tables, names, say)})"
        if kind == "listed index":
            return f"{self._listed_index()}({self._called(tables, names, say)})"
        if kind == "primary key":
            columns = self.words.string("constrained_columns")
            body = f"    return bool(look.get_pk_constraint(table{_SCHEMA})[{columns}])"
            name = self._function("has_primary_key", ("table",), self._looking(body))
            return f"{name}({self._called(tables, tables, say)})"
        if kind in _CONSTRAINTS:
            return f"{self._list(*_CONSTRAINTS[kind])}({self._called(tables, names, say)})"
        if kind == "constraint":
            return f"{self._constraint()}({self._called(tables, names, say)})"
        return self._nameless(kind, facts, tables, say)

    def _nameless(self, kind: str, facts: Sequence[Postcondition], tables: Sequence[Name], say: Say) -> str:
        """A look at what is told by its columns."""
        columns = f"[{', '.join(say(list(each)) for each in zip(*map(_columns, facts), strict=True))}]"
        string = self.words.string
        more = ""
        if kind == "key on":
            referred = [_REFERENCES.match(attribute(one, "references") or "") for one in facts]
            more = f", {say([one[2] for one in referred if one])}"
            text = f"""    return any(
        key[{string("constrained_columns")}] == columns and key[{string("referred_table")}] == referred
        for key in look.get_foreign_keys(table{_SCHEMA})
    )"""
            name = self._function("refers", ("table", "columns", "referred"), self._looking(text))
        elif kind == "unique on":
            text = f"""    return any(
        index[{string("unique")}] and index[{string("column_names")}] == columns
        for index in look.get_indexes(table{_SCHEMA})
    )"""
            name = self._function("has_unique_index_on", ("table", "columns"), self._looking(text))
        else:
            text = f"""    return any(
        constraint[{string("column_names")}] == columns
        for constraint in look.get_unique_constraints(table{_SCHEMA})
    )"""
            name = self._function("has_unique_constraint_on", ("table", "columns"), self._looking(text))
        said = self._called(tables, tables, say)
        table, _, schema = said.partition(", schema=")
        return f"{name}({table}, {columns}{more}{f', schema={schema}' if schema else ''})"

    def _list(self, function: str, method: str, item: str) -> str:
        body = f"    return name in {{{item}[{self.words.string('name')}] for {item} in look.{method}(table{_SCHEMA})}}"
        return self._function(function, ("table", "name"), self._looking(body))

    def _listed_index(self) -> str:
        op, string = self.words.op, self.words.string
        query = "SELECT 1 FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND name = :name"
        given = f"{{{string('table')}: table, {string('name')}: name}}"
        body = f"""    query = {self.words.text}({self._pieces(query)})
    return {op}.get_bind().scalar(query, {given}) is not None"""
        doc = "The inspector leaves out indexes of expressions."
        return self._function("has_index", ("table", "name"), body, doc)

    def _constraint(self) -> str:
        key = self.words.string("name")
        body = f"""    found = [look.get_pk_constraint(table{_SCHEMA})]
    found += look.get_foreign_keys(table{_SCHEMA})
    found += look.get_unique_constraints(table{_SCHEMA})
    found += look.get_check_constraints(table{_SCHEMA})
    return name in {{constraint[{key}] for constraint in found}}"""
        return self._function("has_constraint", ("table", "name"), self._looking(body))

    def _catalog(self, fact: Postcondition) -> str:
        query = condition(self.dialect, fact) or ""
        select = f"{self.words.text}(f{self.words.string('SELECT {query}')})"
        body = f"    return bool({self.words.op}.get_bind().scalar({select}))"
        name = self._function("in_catalog", ("query",), body)
        return f"{name}({self._pieces(escaped(query))})"

    def _pieces(self, query: str) -> str:
        """A query as a text, in several where no line could hold it."""
        if len(query) <= _LONGEST:
            return self.words.string(query)
        first, *others = wrap(query, _PIECE, break_long_words=False, break_on_hyphens=False)
        return " ".join(self.words.string(one) for one in (first, *(f" {other}" for other in others)))

    # What the looks are made of ---------------------------------------------------------------------------------------

    @property
    def _sa(self) -> str:
        return self.words.inspect.rpartition(".")[0]

    def _string(self, values: Sequence[str]) -> str:
        return self.words.string(values[0])

    def _called(self, tables: Sequence[Name], names: Sequence[Name], say: Say) -> str:
        """The arguments of a look: the table if there is one, the name, the schema if there is one."""
        owners = tables or names
        said = [say([one.name for one in tables])] if tables else []
        if names != tables:
            said.append(say([one.name for one in names]))
        if owners[0].schema:
            said.append(f"schema={say([one.schema or '' for one in owners])}")
            self._schemas = True
        return ", ".join(said)

    def _indexes(self, names: Sequence[Name], say: Say) -> str:
        """The names of indexes as PostgreSQL reads them."""
        return say([".".join(self.quoted(part) for part in (one.schema, one.name) if part) for one in names])

    def _inspected(self) -> str:
        body = f"    return {self.words.inspector}"
        doc = "A new inspector each time, since one remembers what it has seen."
        returns = f"{self._sa}.engine.reflection.Inspector"
        return self._function("inspected", (), body, doc, returns) + "()"

    def _looking(self, body: str) -> str:
        return f"""    look = {self._inspected()}
    if not look.has_table(table{_SCHEMA}):
        return False
{body}"""

    def _asking(self, what: str) -> str:
        op, text = self.words.op, self.words.text
        query = f"SELECT {what} FROM pg_index WHERE indexrelid = to_regclass(:name)"  # noqa: S608 # for a person
        return f"""    query = {text}({self.words.string(query)})
    return bool({op}.get_bind().scalar(query, {{{self.words.string("name")}: index}}))"""

    def _function(
        self, wanted: str, parameters: Sequence[str], body: str, doc: str = "", returns: str = "bool"
    ) -> str:
        """The name of a function, which is kept the first time."""
        name = wanted if wanted not in self._taken else f"{wanted}_now"
        self._functions.setdefault(name, _Function(name, tuple(parameters), body, doc, returns))
        return name


class _Function(NamedTuple):
    """A function that looks are made of."""

    name: str
    parameters: tuple[str, ...]
    body: str
    doc: str
    returns: str

    def text(self, *, signed: str, schemas: bool) -> str:
        """Its text; with `signed`, which is how an optional text is written, it has annotations."""
        said = [f"{one}: {_TYPES.get(one, 'str')}" if signed else one for one in self.parameters]
        if schemas and _SCHEMA in self.body:
            said.append(f"schema: {signed} = None" if signed else "schema=None")
        lines = [f"def {self.name}({', '.join(said)}){f' -> {self.returns}' if signed else ''}:"]
        lines += [f'    """{self.doc}"""'] if self.doc else []
        body = self.body.replace(_SCHEMA, ", schema=schema" if schemas else "")
        return "\n".join([*lines, body])


_TYPES = {"columns": "list[str]"}


def escaped(query: str) -> str:
    """SQL for `text()`, which takes what follows a colon for a parameter."""
    return re.sub(r"(?<!:):(?=\w)", r"\\:", query)
