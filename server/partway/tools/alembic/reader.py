"""Alembic's revisions to migrations: `upgrade` and `downgrade`, call by call."""

from __future__ import annotations

import re
from typing import NamedTuple

from partway.core.migration import Migration, Section
from partway.core.source import SourceFile, Span
from partway.tools.alembic.effects import Told
from partway.tools.alembic.environment import Environment, environment
from partway.tools.alembic.flavours import Flavour, flavour_of
from partway.tools.alembic.flow import Flow, handed
from partway.tools.alembic.modules import table_name
from partway.tools.beside import Beside
from partway.tools.draft import Draft, embedded
from partway.tools.python_functions import returned
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text, made
from partway.tools.python_values import Call, Member, Ref, path
from partway.tools.setup import Setup

_SECTIONS = {"upgrade": "up", "downgrade": "down"}
_DIALECT = re.compile(r"(?:.*\.)?(?:dialect\.name|engine\.name|__dialect__)$")
_OFFLINE = ("is_offline_mode", "as_sql")
_TABLE = ".__tablename__"
_ENDS = ("name", "__tablename__", "__dialect__", "as_sql")


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file."""
    program, flavour, here = prepared(source, setup)
    sections: list[Section] = []
    comments = program.tree.comments("python/comments.scm")
    troubles = []
    drafts = []
    for name, section in _SECTIONS.items():
        definition = program.functions.get(name)
        if definition is None:
            continue
        draft = Draft(source.text, setup, section)
        drafts.append(draft)
        _go(program, draft, flavour, here, name)
        sections.append(draft.finish(program.tree.span(definition), here.mode))
        comments += draft.comments
        troubles += draft.troubles
    revision = Scope(program).look_up("revision")
    return Migration(
        source,
        setup.tool,
        setup.dialect.name,
        setup.server,
        str(revision) if isinstance(revision, Text) else "",
        tuple(sections),
        tuple(comments),
        tuple(troubles),
        setup.dialect_assumed,
        comment="#",
        embedded=embedded(drafts),
    )


class Prepared(NamedTuple):
    """A revision's program, its names known as Alembic knows them while it runs it, and what it runs in."""

    program: Program
    flavour: Flavour
    here: Environment


def prepared(source: SourceFile, setup: Setup) -> Prepared:
    """The program in this file, ready to be gone through."""
    flavour = flavour_of(setup.dialect, setup.server)
    program = Program(source.text)
    here = environment(source.path, setup, flavour)
    program.resolve = _Resolving(program, flavour, source.path, setup.beside).resolve
    return Prepared(program, flavour, here)


def _go(program: Program, draft: Draft, flavour: Flavour, here: Environment, name: str) -> None:
    told = Told(program, draft, flavour, here)
    flow = Flow(program, told)
    flow.inside.append(name)
    flow.function(program.functions[name], handed(program, program.functions[name]))
    if "globals()" in program.tree.said(program.functions[name]):
        # The template for several databases: `globals()["upgrade_%s" % engine_name]()`, for each of them in turn.
        for other, definition in program.functions.items():
            if other.startswith(f"{name}_"):
                flow.function(definition, handed(program, definition))


class _Resolving:
    """What Alembic knows of a program's names and calls while it runs it: which dialect, and that it is online."""

    def __init__(self, program: Program, flavour: Flavour, path: str, beside: Beside | None) -> None:
        self.program = program
        self.flavour = flavour
        self.path = path
        self.beside = beside

    def resolve(self, value: object, scope: Scope) -> object:
        """The value, or what it comes to."""
        if isinstance(value, Member | Ref):
            if not (value.name if isinstance(value, Member) else value.path).endswith(_ENDS):
                return value
            said = path(value)
            if said.endswith(_TABLE) and self.beside is not None:
                return table_name(said.removesuffix(_TABLE), self.path, self.beside) or value
            if said.startswith(("alembic.", "sqlalchemy.")) and _DIALECT.fullmatch(said):
                return made(self.flavour.name, Span(0, 0))
            if said.startswith("alembic.") and said.endswith(_OFFLINE[1]):
                return False
        elif isinstance(value, Call):
            if not isinstance(value.function, Ref):
                return value
            if value.function.path.endswith(_OFFLINE[0]):
                return False
            found = returned(self.program, value, scope.depth)
            if found is not None:
                return found
        return value
