"""How a migration opts out of its tool's transaction, and back in: by the tool's own way where it has one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import NamedTuple, Protocol

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.operation import InTransaction
from partway.core.source import Span


class OptOut(NamedTuple):
    """What a person has to do to have a section run without the tool's transaction: one imperative, and the edits that
    do it where it is a matter of this file alone. `harmless` says that nothing else in the file loses a transaction."""

    help: str
    edits: tuple[Edit, ...] = ()
    harmless: bool = False


class _Module(Protocol):
    """What `tools/<folder>/opt_out.py` holds."""

    def opt_out(self, migration: Migration, section: Section) -> OptOut:
        """The tool's way out of its transaction for this section."""
        ...


def opt_out(migration: Migration, section: Section) -> OptOut | None:
    """The way out of the tool's transaction, None for a tool without one, or where the file has taken it already."""
    module = _module(migration.tool)
    if module is None or section.transaction.opt_out is not None:
        return None
    return module.opt_out(migration, section)


@cache
def _module(tool: str) -> _Module | None:
    from importlib.util import find_spec  # only a finding needs it

    name = f"partway.tools.{tool.replace('-', '_')}.opt_out"
    if find_spec(name) is None:
        return None
    found: _Module = import_module(name)
    return found


def refused_alone(section: Section) -> bool:
    """Whether a section holds nothing but statements that the engine refuses in a transaction."""
    return all(
        step.operations
        and all(operation.in_transaction is InTransaction.REFUSED for operation in step.operations)
        for step in section.steps
    )


def opt_in(migration: Migration, section: Section) -> Edit | None:
    """The edit that takes the section's opt-out away; None where it is not a directive that stands for that alone."""
    directive = section.transaction.opt_out
    if directive is None:
        return None
    text = migration.source.text
    start, end = directive
    words = text[start:end]
    for option in (
        "transaction:false",
        "notransaction",
    ):  # one word among those of a directive that has to stay
        at = words.lower().find(option)
        if at >= 0:
            first = start + at
            while text[first - 1] in " \t":
                first -= 1
            return Edit(Span(first, start + at + len(option)), "")
    if migration.comment != "--":  # a program: the directive is a line of it, indented as such
        while start and text[start - 1] in " \t":
            start -= 1
    begins_line = start == 0 or text[start - 1] in "\r\n"
    if not (words.startswith("--") or migration.comment != "--") or not begins_line:
        return None
    while end < len(text) and text[end] in " \t\r":
        end += 1
    if end < len(text) and text[end] != "\n":
        return None
    return Edit(Span(start, min(end + 1, len(text))), "")
