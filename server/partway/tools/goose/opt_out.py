"""goose's way out of its transaction: `-- +goose NO TRANSACTION`, which holds for both directions of a file."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.tools.annotations import annotated
from partway.tools.opting_out import OptOut, refused_alone


def opt_out(migration: Migration, section: Section) -> OptOut:  # noqa: ARG001 # the same for each section
    """The annotation before the first direction, where goose's own documentation puts it."""
    source = migration.source
    first = annotated(source.text, "goose").annotations[0].span.start
    edit = Edit(Span(first, first), f"-- +goose NO TRANSACTION{source.newline}")
    return OptOut(
        "Let goose run the file without a transaction: -- +goose NO TRANSACTION",
        (edit,),
        all(refused_alone(each) for each in migration.sections),
    )
