"""Alembic's way out of its transaction: `with op.get_context().autocommit_block():` around what is refused in one."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.migration import Migration, Section
from partway.core.operation import InTransaction
from partway.tools.alembic.wrapping import Place, place_of
from partway.tools.opting_out import OptOut, refused_alone
from partway.tools.python_program import Program


def opt_out(migration: Migration, section: Section) -> OptOut:
    """The block around each statement of the section that is refused, as Alembic's own documentation shows it.

    It commits what came before, in this revision and in those before it in the same run.
    """
    program = Program(migration.source.text)
    alias = next((name for name, path in program.imports.items() if path == "alembic.op"), "op")
    head = f"with {alias}.get_context().autocommit_block():"
    spans = {
        operation.statement
        for operation in section.operations
        if operation.in_transaction is InTransaction.REFUSED
    }
    places: dict[int, Place] = {}
    for span in sorted(spans):
        place = place_of(program, span)
        if place is None:
            return OptOut(f"Put it into an autocommit_block(): {head}")
        places[place.start] = place
    edits: list[Edit] = []
    for place in places.values():
        edits += place.under((head,), migration.source.newline)
    return OptOut(f"Put it into an autocommit_block(): {head}", tuple(edits), refused_alone(section))
