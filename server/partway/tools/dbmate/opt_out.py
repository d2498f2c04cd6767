"""dbmate's way out of its transaction: `transaction:false` behind the directive of a section."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.tools.opting_out import OptOut, refused_alone


def opt_out(migration: Migration, section: Section) -> OptOut:
    """The option at the end of the directive. PostgreSQL makes a transaction of a section of several statements all the
    same, since dbmate sends it as one query: there the statement has to stand alone."""
    text = migration.source.text
    if len(section.steps) > 1 and dialect_named(migration.dialect).query_is_transaction:
        return OptOut("Give it a migration of its own whose directive says transaction:false")
    at = section.span.start
    while at > 0 and text[at - 1] in " \t\r":
        at -= 1
    edit = Edit(Span(at, at), " transaction:false")
    return OptOut(
        "Let dbmate run the section without a transaction: transaction:false", (edit,), refused_alone(section)
    )
