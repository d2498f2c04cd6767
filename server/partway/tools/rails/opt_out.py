"""Rails's way out of its transaction: `disable_ddl_transaction!` at the head of the class, for both directions."""

from __future__ import annotations

import re

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.tools.opting_out import OptOut, refused_alone

_CLASS = re.compile(r"^([ \t]*)class[ \t]+[\w:]+[ \t]*<[ \t]*\S*Migration\S*[ \t]*\r?\n", re.MULTILINE)


def opt_out(migration: Migration, section: Section) -> OptOut:  # noqa: ARG001 # the same for each section
    """The call, on a line of its own below the class's, where Rails's own documentation puts it."""
    source = migration.source
    found = _CLASS.search(source.text)
    words = "Let Rails run the migration without a transaction: disable_ddl_transaction!"
    if found is None:
        return OptOut(words)
    at, newline = found.end(), source.newline
    first = re.match(r"[ \t]*(?=\S)", source.text[at:])
    indent = first[0] if first is not None and len(first[0]) > len(found[1]) else found[1] + "  "
    edit = Edit(Span(at, at), f"{indent}disable_ddl_transaction!{newline}{newline}")
    return OptOut(words, (edit,), all(refused_alone(each) for each in migration.sections))
