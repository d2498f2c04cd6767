"""Guards in Alembic's revisions: an option where Alembic and the database honour it, else a look by the inspector."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from partway.core.edit import Applicability, Edit, Fix, apply_edits
from partway.core.migration import Migration
from partway.core.operation import Action, Operation, Repeat
from partway.core.source import SourceFile, Span
from partway.dialects import dialect_named
from partway.dialects.dialect import Version
from partway.tools.alembic.asking import Asked, Words, condition, head, words_of
from partway.tools.alembic.definitions import Writing
from partway.tools.alembic.effects import DIRECTIVES
from partway.tools.alembic.flavours import flavour_of
from partway.tools.alembic.naming import Namer
from partway.tools.alembic.reader import read
from partway.tools.alembic.request import Request
from partway.tools.alembic.shortening import without_others
from partway.tools.alembic.wrapping import WIDTH, Place, node_at, place_of
from partway.tools.patience import lasts
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Argument, Call
from partway.tools.setup import Setup
from partway.tools.writing import write_sql

if TYPE_CHECKING:
    from tree_sitter import Node

#: What may be put into a string of SQL without a thought for quotes and escapes.
_PLAIN = re.compile(r"[A-Za-z_ ()]*")


def write(
    migration: Migration,
    operation: Operation,
    *,
    reused: bool,
    fresh: bool,
    taken: Collection[str],
    alone: bool,
) -> Fix | None:
    """The fix that guards an operation; None where no true guard can be written here."""
    if not any(action.words for action in operation.actions):
        fix = write_sql(migration, operation, reused=reused, fresh=fresh, taken=taken, alone=alone)
        plain = fix is not None and all(_PLAIN.fullmatch(edit.text) for edit in fix.edits)
    elif all(action.words == "op.batch_alter_table" for action in operation.actions):
        fix, plain, reused = _dropping_first(migration, operation), True, False
    else:
        fix, plain = _Writer(migration, operation).fix(), True
    if fix is None or not plain or not _still_the_same(migration, fix):
        return None
    return fix._replace(applicability=Applicability.UNSAFE) if reused else fix


def _dropping_first(migration: Migration, operation: Operation) -> Fix | None:
    """The copy that a failed run has left is dropped: it holds nothing that the table itself does not."""
    program = _program(migration.source.text)
    place = place_of(program, operation.span, "with_statement")
    if place is None or not operation.actions[0].postconditions:
        return None  # nobody knows what it is called
    words = words_of(program)
    copy = operation.actions[0].postconditions[0].name
    said = ".".join(
        f'"{part}"' if not part.isidentifier() else part for part in (copy.schema, copy.name) if part
    )
    line = f"{words.op}.execute({words.string(f'DROP TABLE IF EXISTS {said}')})"
    return Fix(
        f"Drop {copy} first, if a failed run has left it",
        (place.preceded((line,), migration.source.newline),),
    )


def _still_the_same(migration: Migration, fix: Fix) -> bool:
    """Whether the revision does the same as before but for its guards, read again."""
    text, edits = without_others(migration.source.text, fix.edits)
    if not lasts(migration, len(text)):
        return False
    setup = migration.source.path, migration.tool, migration.dialect, migration.server
    try:
        return _told(text, *setup) == _told(apply_edits(text, edits), *setup)
    except ValueError:
        return False


@lru_cache(maxsize=4)
def _told(text: str, path: str, tool: str, dialect: str, server: Version) -> tuple[tuple[str, str, str], ...]:
    """What a revision does, its guards apart. Kept, since each of its fixes is held against the same text."""
    setup = Setup(tool, dialect_named(dialect), server)
    return tuple(
        (section.name, each.kind, each.target)
        for section in read(SourceFile(path, text), setup).sections
        for each in section.operations
        if not (
            each.kind.startswith("drop-") and each.repeat is not Repeat.FAILS and not each.actions[0].words
        )
        and not (each.kind == "drop-index" and "concurrently" in each.actions[0].traits and each.guarded)
    )


@lru_cache(maxsize=1)
def _program(text: str) -> Program:
    """The revision as a program, parsed once for all of its fixes, which only look at it."""
    return Program(text)


class _Writer:
    """One operation being guarded."""

    def __init__(self, migration: Migration, operation: Operation) -> None:
        self.migration = migration
        self.operation = operation
        self.program = _program(migration.source.text)
        self.words: Words = words_of(self.program)
        self.newline = migration.source.newline
        dialect = dialect_named(migration.dialect)
        self.flavour = flavour_of(dialect, migration.server)
        self.edits: list[Edit] = []
        self.asked: list[str] = []

    def fix(self) -> Fix | None:
        """The fix, None where there is none."""
        todo = [action for action in self.operation.actions if _needs(action)]
        if not todo or len({action.span for action in todo}) != len(todo):
            return None
        if not all(self._guard(action) for action in todo):
            return None
        if self.words.imports and self.asked:
            self._import()
        asked = ", ".join(dict.fromkeys(self.asked))
        title = (
            f"Ask the inspector first for {asked}" if asked else "Let the type be made only if it is missing"
        )
        return Fix(title, tuple(sorted(set(self.edits))))

    def _guard(self, action: Action) -> bool:
        node = node_at(self.program, action.span)
        call = Scope(self.program).value(node) if node is not None else None
        if not isinstance(call, Call):
            return False
        if call.name in ("create", "drop") and call.name not in DIRECTIVES:
            return self._check_first(call)
        place = place_of(self.program, action.span)
        if place is None or call.name not in DIRECTIVES:
            return False
        if self._statements(call, action) != 1 and not action.kind.startswith("rename-"):
            return False  # what follows the first statement would be skipped with it
        if action.guard is not None and action.guard.covers:
            lines = self._clearing(call, action, place)
            self.edits += [place.preceded(lines, self.newline)] if lines else []
            self.asked += [f"an INVALID {action.target}"] if lines else []
            return bool(lines)
        asked = self._asked(call, action)
        found = condition(action, asked, self.words, self.program)
        if found is None or self._texts(action, asked) != {found[0]}:
            return False
        text, said = found
        self.asked.append(said)
        before = self._clearing(call, action, place)
        self.edits += place.under(head(text, place.indent, place.unit), self.newline, before)
        self._take_out(call, action)
        return True

    def _texts(self, action: Action, asked: Asked) -> set[str]:
        """The conditions under which this call has anything to do, over all turns of the loops around it: one that asks
        for the first turn's name alone would pass over what the other turns make."""
        conditions = [
            condition(each, asked, self.words, self.program)
            for section in self.migration.sections
            for operation in section.operations
            for each in operation.actions
            if each.span == action.span and each.kind == action.kind
        ]
        return {found[0] if found is not None else "" for found in conditions}

    def _statements(self, call: Call, action: Action) -> int:
        """How many statements the call sends."""
        batch = self._batch(action)
        table = None
        if batch is not None:
            from partway.tools.alembic.batch import Batch

            table = Batch(batch, self.flavour).table
        request = Request(call, Writing(self.flavour, Namer({}, self.flavour)), call.span, table)
        sent = [statement.sql for statement in DIRECTIVES[call.name](request)]
        if self.flavour.transactional_ddl and self._block(action) is None:
            sent = [sql for sql in sent if not sql.startswith("COMMENT ON ")]  # undone together with the rest
        return len(sent)

    def _block(self, action: Action) -> Node | None:
        """The `with op.get_context().autocommit_block():` around an action."""
        node = node_at(self.program, action.span)
        while node is not None:
            if (
                node.type == "with_statement"
                and "autocommit_block" in self.program.tree.said(node).partition("\n")[0]
            ):
                return node
            node = node.parent
        return None

    def _batch(self, action: Action) -> Call | None:
        """The call of `batch_alter_table` that the action's directive belongs to; None outside of one."""
        if not action.words.startswith("batch_op."):
            return None
        node = node_at(self.program, action.span)
        while node is not None:
            if node.type == "with_statement":
                for clause in node.named_children:
                    for item in clause.named_children if clause.type == "with_clause" else ():
                        value = item.child_by_field_name("value")
                        if value is not None and value.type == "as_pattern":
                            value = value.named_children[0]
                        found = Scope(self.program).value(value)
                        if isinstance(found, Call) and found.name == "batch_alter_table":
                            return found
            node = node.parent
        return None

    def _asked(self, call: Call, action: Action) -> Asked:
        """The arguments that name the table and the thing."""
        batch = self._batch(action)
        kind = action.kind
        if batch is not None:
            table = batch.argument("table_name", 0)
        elif kind.endswith("-table"):
            table = call.argument("old_table_name" if kind == "rename-table" else "table_name", 0)
        elif kind.endswith("-column"):
            table = call.argument("table_name", 0)
        else:
            table = _first(call, ("table_name", "source_table"), 1)
        name: Argument | None
        if kind in ("drop-column", "rename-column"):
            name = call.argument("column_name", 0 if batch is not None else 1)
        elif kind == "add-column":
            column = call.argument("column", 0 if batch is not None else 1)
            made = column.value if column is not None else None
            name = made.argument("name", 0) if isinstance(made, Call) and _inside(made, call) else None
        else:
            name = _first(call, ("constraint_name", "index_name", "name"), 0)
        type_ = call.get("type_", 1 if batch is not None else 2)
        return Asked(table or "", name, str(type_) if isinstance(type_, Text) else "")

    def _take_out(self, call: Call, action: Action) -> None:
        """Take out an option that does nothing here."""
        for option in ("if_not_exists", "if_exists"):
            argument = call.argument(option)
            if argument is None or "concurrently" in action.traits:
                continue
            text = self.migration.source.text
            start, end = call.place(argument)
            comma = text.rfind(",", call.span.start, start)
            if comma >= 0 and not text[comma + 1 : start].strip():
                self.edits.append(Edit(Span(comma, end), ""))

    def _clearing(self, call: Call, action: Action, place: Place) -> tuple[str, ...]:
        """Lines that drop the index if a failed run left it INVALID."""
        if action.kind != "create-index" or "concurrently" not in action.traits:
            return ()
        words = self.words
        fact = action.postconditions[0]
        schema = f"{fact.name.schema}." if fact.name.schema else ""
        stored = self.flavour.quoted(fact.name.name)
        query = f"SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{schema}{stored}')"  # noqa: S608 # for a person
        mark = '"' if '"' not in query else '"""'
        said = f"{words.text}({mark}{query}{mark})"
        asked = self._asked(call, action)
        drop = f"{words.op}.drop_index({self._text(asked.name, fact.name.name)}"
        drop += f", table_name={self._text(asked.table, str(fact.table))}" if asked.table else ""
        drop += f", schema={words.string(fact.name.schema)}" if fact.name.schema else ""
        line = f"if {words.op}.get_bind().scalar({said}):"
        unit = place.unit
        lines: tuple[str, ...] = (line,)
        if len(place.indent) + len(line) > WIDTH:
            first, second, rest = query.partition(" WHERE ")
            lines = (
                f"if {words.op}.get_bind().scalar(",
                f"{unit}{words.text}(",
                f"{unit}{unit}{mark}{first}{mark}",
                f"{unit}{unit}{mark}{second}{rest}{mark}",
                f"{unit})",
                "):",
            )
        drop += ", postgresql_concurrently=True)"
        if len(place.indent) + len(unit) + len(drop) <= WIDTH:
            return (*lines, f"{unit}{drop}")
        head_, _, rest = drop.partition("(")
        given = [f"{unit}{unit}{one}," for one in _arguments(rest.removesuffix(")"))]
        return (*lines, f"{unit}{head_}(", *given, f"{unit})")

    def _text(self, argument: Argument | str | None, otherwise: str) -> str:
        if isinstance(argument, Argument):
            return " ".join(self.program.tree.said(argument.node).split())
        return self.words.string(otherwise)

    def _check_first(self, call: Call) -> bool:
        """`checkfirst=True` for a type that is made by hand."""
        argument = call.argument("checkfirst", 1)
        if argument is not None:
            self.edits.append(Edit(self.program.tree.span(argument.node), "True"))
            return True
        if not call.arguments:
            return False
        end = call.place(call.arguments[-1]).end
        self.edits.append(Edit(Span(end, end), ", checkfirst=True"))
        return True

    def _import(self) -> None:
        """`import sqlalchemy as sa`, behind the import of Alembic's own."""
        last: Span | None = None
        for node in self.program.tree.root.named_children:
            if node.type in ("import_statement", "import_from_statement"):
                said = self.program.tree.said(node)
                if last is None or "alembic" in said:
                    last = self.program.tree.span(node)
        if last is not None:
            self.edits.append(Edit(Span(last.end, last.end), f"{self.newline}{self.words.imports}"))


def _arguments(text: str) -> list[str]:
    """The arguments of a call, told from their text."""
    found: list[str] = []
    depth = 0
    quote = ""
    at = 0
    for number, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and not depth:
            found.append(text[at:number].strip())
            at = number + 1
    return [*found, text[at:].strip()]


def _first(call: Call, keywords: Iterable[str], position: int) -> Argument | None:
    for keyword in keywords:
        found = call.argument(keyword)
        if found is not None:
            return found
    return call.argument("", position)


def _inside(call: Call, other: Call) -> bool:
    """Whether a call stands in another one's arguments, so that its own words mean the same there."""
    return other.span.start <= call.span.start and call.span.end <= other.span.end


def _needs(action: Action) -> bool:
    """Whether a second run fails or does more: also of an index whose guard would keep what a failed run has left."""
    return action.repeat in (Repeat.FAILS, Repeat.CHANGES)
