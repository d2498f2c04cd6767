"""A migration that finishes one which stopped half way: `Finish...`, between that one and the next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import Final

from partway.core.operation import InTransaction
from partway.core.postcondition import Postcondition
from partway.dialects import dialect_named
from partway.dialects.catalog import attribute, condition
from partway.tools.place import file_name
from partway.tools.rails.adapters import ADAPTERS
from partway.tools.rails.pieces import at, lines_of
from partway.tools.rails.program import Program
from partway.tools.rails.rewriting import Rewriting
from partway.tools.resuming import CannotResume, Request, Resumed

_WIDTH: Final = 100
_STAMP: Final = "%Y%m%d%H%M%S"
_LATER: Final = """\
# After a later migration there is nothing to finish, and what that one has removed must not come back.
def later_migration_ran?
  base = ActiveRecord::Base
  table = "#{base.table_name_prefix}#{base.schema_migrations_table_name}#{base.table_name_suffix}"
  versions = connection.select_values("SELECT version FROM #{connection.quote_table_name(table)}")
  versions.any? { |each| each.to_i > version }
end"""


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether Rails or the catalog can be asked about a fact. SQLite's catalog shows no constraints, but Rails finds
    them in the text of the table."""
    if fact.object == "constraint" and fact.table is not None and not ADAPTERS[dialect].named_keys:
        return attribute(fact, "kind") in ("foreign key", "check") and bool(fact.name.name)
    if fact.object == "constraint" and not fact.name.name and attribute(fact, "kind") != "primary key":
        return False
    return condition(dialect, fact) is not None


def resume(request: Request) -> Resumed:
    """The migration's file. Raises CannotResume."""
    version = _version(request)
    stem = file_name(request.file.path).partition("_")[2].removesuffix(".rb")
    name = f"{version}_finish_{stem}.rb"
    folder = request.file.path[: len(request.file.path) - len(file_name(request.file.path))]
    for item in request.order.items:
        if file_name(item.path).partition("_")[2] == f"finish_{stem}.rb":
            raise CannotResume(
                f"{file_name(item.path)} is there already", "Run it, or delete it and ask again"
            )
    rewriting = Rewriting(request)
    text = _Writing(request, rewriting).text()
    return Resumed(folder + name, text, version, notes=tuple(_notes(rewriting)))


def _notes(rewriting: Rewriting) -> Iterable[str]:
    for said in rewriting.reading.dropped:
        yield (
            f"the original asks `{said}` before it runs all or part of itself; the resume takes what is there for the"
            " original's own work"
        )


def _version(request: Request) -> str:
    """A number between the migration's and that of the next one."""
    identity = request.migration.identity
    if not identity:
        raise CannotResume(f"{file_name(request.file.path)} has no version in its name")
    taken = sorted(int(item.identity) for item in request.order.items)
    following = next((number for number in taken if number > int(identity)), None)
    for number in _candidates(identity):
        if following is None or number < following:
            return str(number).zfill(len(identity))
    raise CannotResume(
        f"no number is left between {identity} and the next migration, {following}",
        "Give the next one a later version, where it has not run yet, and ask again",
    )


def _candidates(identity: str) -> Iterable[int]:
    """A second later where the version is a time, else the next number."""
    if len(identity) == 14:
        with suppress(ValueError, OverflowError):
            time = datetime.strptime(identity, _STAMP).replace(tzinfo=UTC)
            yield int((time + timedelta(seconds=1)).strftime(_STAMP))
    yield int(identity) + 1


class _Writing:
    """The text of one resume migration."""

    def __init__(self, request: Request, rewriting: Rewriting) -> None:
        self.request = request
        self.rewriting = rewriting
        self.program: Program = rewriting.program
        self.wording = rewriting.wording

    def text(self) -> str:
        """The whole file."""
        pieces = self.rewriting.pieces()
        if not pieces:
            raise CannotResume("nothing of it is left to do that could be written", "Mark it as done")
        up = lines_of(pieces, self.wording, 4)
        lines = [*self._magic(), *self._header(), self._class()]
        for group in self._head():
            lines += [*at(group, 2), ""]
        lines += ["  def up", "    return if later_migration_ran?", "", *at(up, 4), "  end", ""]
        lines += [f"  # Rolling back {self._original()} undoes all of it, what was finished here included."]
        lines += ["  def down; end", "", "  private"]
        for method in self._private():
            lines += ["", *at(method, 2)]
        return "\n".join([*lines, "end", ""])

    def _magic(self) -> list[str]:
        first = self.program.tree.text.split("\n", 1)[0].strip()
        return [first, ""] if re.match(r"#.*frozen_string_literal", first) else []

    def _header(self) -> list[str]:
        original = file_name(self.request.file.path)
        found = self.request.found
        said = [f"Finishes {original}, which stopped half way."]
        if found is not None:
            said.append(f"Found in {found.database} on {found.when}: {found.sentence}.")
        said.append(
            "Each call asks first whether it has run, so that this can be run wherever the original stopped, more than"
            " once too, and changes nothing where that went through. There, and after any later migration, it is only"
            " recorded."
        )
        said += self.request.only_here
        return [f"# {line}" for paragraph in said for line in wrap(paragraph, _WIDTH - 2)]

    def _original(self) -> str:
        node = self.program.migration
        name = node.child_by_field_name("name") if node is not None else None
        if name is None:
            raise CannotResume("its class has no name")
        return self.wording.tree.said(name).rpartition("::")[2]

    def _class(self) -> str:
        node = self.program.migration
        above = node.child_by_field_name("superclass") if node is not None else None
        said = self.wording.tree.said(above) if above is not None else "< ActiveRecord::Migration[6.1]"
        return f"class Finish{self._original()} {said}"

    def _head(self) -> Iterable[list[str]]:
        """What stands above the methods: the opt-out, constants and models that the calls need."""
        if self._needs_no_transaction():
            yield ["disable_ddl_transaction!"]
        constants = []
        for name in self.wording.needed:
            if name in self.program.constants:
                constants += self.wording.definition(name).split("\n")
            elif name not in self.program.methods:
                yield self.wording.definition(name).split("\n")
        if constants:
            yield constants

    def _needs_no_transaction(self) -> bool:
        """Whether it runs outside a transaction as the original did: for what is refused in one, or kept after one that
        failed; and on SQLite, where the foreign keys to a table that is made anew are minded inside a transaction."""
        dialect = dialect_named(self.rewriting.migration.dialect)
        if self.program.opt_out is None or not dialect.transactional_ddl:
            return False
        steps = self.request.steps
        return ADAPTERS[dialect.name].rebuilds_tables or any(
            step.operation.in_transaction is not InTransaction.ROLLS_BACK for step in steps
        )

    def _private(self) -> Iterable[list[str]]:
        yield _LATER.split("\n")
        yield from self.rewriting.lookups.methods.values()
        for name in self.wording.needed:
            if name in self.program.methods:
                yield self.wording.definition(name).split("\n")
