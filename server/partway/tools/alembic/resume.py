"""Writes the revision that finishes a half-run one: `partway resume` for Alembic.

It is the failed revision's own text, with a look at the database before each statement, behind it in the chain of
revisions; the one that came next comes behind the resume.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from partway.core.edit import Edit, apply_edits
from partway.core.operation import Operation
from partway.core.postcondition import Postcondition
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.tools.alembic.asking import Words, words_of
from partway.tools.alembic.fitting import fitted, width_of
from partway.tools.alembic.flavours import flavour_of
from partway.tools.alembic.flow import branches_of
from partway.tools.alembic.resume_body import Body
from partway.tools.alembic.resume_conditions import check_guards
from partway.tools.alembic.resume_looks import Looks, sees
from partway.tools.alembic.resume_place import changes, path_of, revision_of
from partway.tools.alembic.resume_pruning import pruned
from partway.tools.alembic.resume_top import title_of, top_edits
from partway.tools.alembic.tracing import Trace, trace
from partway.tools.alembic.wrapping import WIDTH
from partway.tools.python_program import Program
from partway.tools.resuming import CannotResume, Request, Resumed
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = re.compile(r"[A-Za-z_]\w*")
_DIALECTS = re.compile(r"postgresql|mysql|mariadb|sqlite", re.IGNORECASE)


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether a revision can ask the catalog about a fact: by SQLAlchemy's inspector, or in SQL."""
    return sees(dialect, fact)


def resume(request: Request) -> Resumed:
    """The revision that finishes a half-run one. Raises CannotResume."""
    migration = request.migration
    found = _traced(request)
    failed = migration.identity
    if not failed or "upgrade" not in found.program.functions:
        raise CannotResume(
            "the revision says in no plain text what it is called, or has no upgrade()",
            "Write it so, and ask again",
        )
    check_guards(found.program.tree, found.runs)
    revision = revision_of(failed)
    message, title = title_of(found.program)
    written = _Written(request, found, revision)
    path = path_of(request.file, failed, revision, message, title)
    notes = tuple(
        f"operation {one.number}, {one.operation.kind} {one.operation.target}, is left out: {one.why}"
        for one in request.left_out
    )
    return Resumed(path, written.text(), revision, changes=changes(request, failed, revision), notes=notes)


def _traced(request: Request) -> Trace:
    """The program gone through once more, as the reader did."""
    migration = request.migration
    setup = Setup(
        migration.tool,
        dialect_named(migration.dialect),
        migration.server,
        settings=request.target.settings,
        beside=request.beside,
    )
    found = trace(migration.source, setup)
    if "globals()" in migration.source.text:
        raise CannotResume(
            "the revision is one for several databases",
            "Write a revision for the one that is half way by hand",
        )
    up = next((section for section in migration.sections if section.name == "up"), None)
    if _told(up.operations if up is not None else ()) != _told([run.operation for run in found.runs]):
        raise CannotResume("the revision does not read twice the same", "Report this, with the revision")
    return found


def _told(operations: Sequence[Operation]) -> list[tuple[str, str]]:
    return [(operation.kind, operation.target) for operation in operations]


class _Written:
    """The text of one resume."""

    def __init__(self, request: Request, found: Trace, revision: str) -> None:
        self.request = request
        self.trace = found
        self.program: Program = found.program
        self.tree = found.program.tree
        self.revision = revision
        self.words = _words(found.program)
        dialect = request.migration.dialect
        flavour = self.flavour = flavour_of(dialect_named(dialect), request.migration.server)
        self.looks = Looks(
            dialect, self.words, set(_NAME.findall(found.program.text)), self._signed(), flavour.quoted
        )
        steps = {step.number: step for step in request.steps}
        self.body = Body(found, steps, [one.number for one in request.left_out], self.looks)

    def text(self) -> str:
        """The whole file."""
        text = self.program.text
        edits = [*top_edits(self.request, self.program, self.revision, self.words), *self._functions()]
        whole = apply_edits(text, edits)
        if self.words.imports and re.search(rf"\b{re.escape(self._sa)}\.", whole[whole.find("def ") :]):
            whole = _with_import(whole, self.words.imports)
        whole = pruned(whole.replace("\r\n", "\n"))
        width = width_of(text)
        return fitted(whole, width).rstrip("\n") + "\n"

    @property
    def _sa(self) -> str:
        return self.words.inspect.rpartition(".")[0]

    def _signed(self) -> str:
        """How the file writes an optional text; empty where its functions have no annotations."""
        upgrade = self.program.functions["upgrade"]
        if upgrade.child_by_field_name("return_type") is None:
            return ""
        if "Union" in self.program.imports:
            return "Union[str, None]"
        return "Optional[str]" if "Optional" in self.program.imports else "str | None"

    def _functions(self) -> Iterator[Edit]:
        """The functions that the resume goes through, the looks before the first; and the way back, which is none."""
        upgrade, downgrade = self.program.functions["upgrade"], self.program.functions.get("downgrade")
        functions = {**self.body.functions, upgrade.id: upgrade}
        ordered = sorted(functions.values(), key=lambda node: node.start_byte)
        texts = [self.body.text(node, self._unit()) for node in ordered]
        texts = [
            self._opened(one) if node == upgrade else one for one, node in zip(texts, ordered, strict=True)
        ]
        looks = "".join(f"{one}\n\n\n" for one in self.looks.functions())
        for number, (node, said) in enumerate(zip(ordered, texts, strict=True)):
            yield Edit(self.tree.span(node), said if number else looks + said)
        if downgrade is not None:
            yield self._downgrade(downgrade)

    def _unit(self) -> str:
        body = self.program.functions["upgrade"].child_by_field_name("body")
        if body is None:
            return "    "
        start = self.tree.span(body).start
        indent = self.tree.text[self.tree.text.rfind("\n", 0, start) + 1 : start]
        return indent if indent and not indent.strip() else "    "

    def _opened(self, text: str) -> str:
        """`upgrade` with what comes before its statements: it needs a database to look at, and where the revision is
        for several kinds of them, the kind that was asked."""
        dialect, unit, string = self.request.migration.dialect, self._unit(), self.words.string
        context = f"{self.words.op}.get_context()"
        lines: list[str] = []
        if self.looks.functions():
            said = string("This revision looks at the database, which --sql does not have")
            lines += [f"if {context}.as_sql:", f"{unit}raise RuntimeError({said})"]
        names = self.flavour.names or (self.flavour.name,)
        program = re.sub(r"(?m)^.*import.*$|\w+_\w+=", "", self.program.text)
        others = {one.lower() for one in _DIALECTS.findall(program)} - {*names, dialect}
        if others or self._decided_by_dialect():
            kinds = (
                f"!= {string(names[0])}" if len(names) == 1 else f"not in ({', '.join(map(string, names))})"
            )
            lines.append(f"# It was {dialect_named(dialect).title} that was asked what has run.")
            lines += [f"if {context}.dialect.name {kinds}:", f"{unit}return"]
        return _with_lines(text, lines, unit)

    def _decided_by_dialect(self) -> bool:
        """Whether a condition of the author's asks which database it is."""
        return any(
            _DIALECTS.search(self.tree.said(condition))
            for node in self.body.ifs()
            for condition, _ in branches_of(node)
            if condition is not None
        )

    def _downgrade(self, definition: Node) -> Edit:
        """Going back is the failed revision's own business: it undoes the whole."""
        body = definition.child_by_field_name("body")
        span = self.tree.span(body) if body is not None else self.tree.span(definition)
        unit = self._unit()
        note = f"Nothing: going back below {self.request.migration.identity} undoes this as well."
        said = fill(note, WIDTH - len(unit) - 2, break_long_words=False).split("\n")
        lines = "".join(f"# {line}\n{unit}" for line in said)
        return Edit(Span(span.start, span.end), f"{lines}pass")


def _words(program: Program) -> Words:
    """How the file calls things; a resume takes all of SQLAlchemy by one name."""
    names = {path: name for name, path in program.imports.items()}
    known = words_of(program)
    sa = names.get("sqlalchemy", "")
    imports = "" if sa else "import sqlalchemy as sa"
    sa = sa or "sa"
    return Words(known.op, f"{sa}.inspect", f"{sa}.text", known.quote, imports)


def _with_lines(text: str, lines: Sequence[str], unit: str) -> str:
    """A function's text with these lines before its statements, behind its docstring."""
    found = re.match(r'\A(?:.*\n)*?.*\)(?: -> .+)?:(?: *#.*)?\n(?:[ \t]+(?:"""[^"]*"""|"[^"\n]*")\n)?', text)
    at = found.end() if found is not None else text.find("\n") + 1
    return text[:at] + "".join(f"{unit}{line}\n" for line in lines) + text[at:]


def _with_import(text: str, line: str) -> str:
    """The text with one import more, before Alembic's own."""
    match = re.search(r"^from alembic import ", text, re.MULTILINE)
    at = match.start() if match is not None else 0
    return f"{text[:at]}{line}\n{text[at:]}"
