"""Django's way out of its transaction: `atomic = False` in the Migration class, which holds for both directions."""

from __future__ import annotations

import re

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.tools.opting_out import OptOut, refused_alone

_CLASS = re.compile(r"^class[ \t]+Migration\b[^\n]*:[ \t]*\r?\n", re.MULTILINE)
_INDENT = re.compile(r"(?:[ \t]*\r?\n)*([ \t]+)")


def opt_out(migration: Migration, section: Section) -> OptOut:
    """The attribute as the class's first, where Django's documentation has it."""
    text, newline = migration.source.text, migration.source.newline
    opening = _CLASS.search(text)
    edits: tuple[Edit, ...] = ()
    if opening is not None:
        body = _INDENT.match(text, opening.end())
        indent = body[1] if body else "    "
        at = opening.end()
        edits = (Edit(Span(at, at), f"{indent}atomic = False{newline}{newline}"),)
    return OptOut("Let Django run it without a transaction: atomic = False", edits, refused_alone(section))
