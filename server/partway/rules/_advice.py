"""What to do about an operation that no guard is written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.migration import Mode
from partway.core.operation import InTransaction
from partway.rules.case import Case

if TYPE_CHECKING:
    from partway.rules._exposed import Exposed


def before(case: Case) -> str:
    """Where what is refused in a transaction can be cleared away: another migration has run and is recorded when this
    one fails, so that it has to be here, unless the file is one query, in which such a statement has to be alone."""
    if case.section.transaction.implicit:
        return "in a migration before this one"
    return "right before it"


def advice(case: Case, found: Exposed) -> str:
    """One imperative for an operation that SQL has no guard for here."""
    if found.exposure.stop is None:
        return f"Clear away what a failure leaves {before(case)}"
    same = [
        one
        for one in case.operations[found.number + 1 :]
        if one.span == found.operation.span and one.statement == found.operation.statement
    ]
    alone = "Look at the database before each of the statements that it sends: alone in a file it can stop as well"
    if any(one.in_transaction is InTransaction.REFUSED for one in same):
        return alone  # no transaction takes the whole call
    undone = found.operation.in_transaction is InTransaction.ROLLS_BACK
    if undone and case.dialect.transactional_ddl and case.section.transaction.mode is Mode.NONE:
        rolls_back = f"{case.dialect.title} rolls this back when the migration fails"
        if any(one.in_transaction is InTransaction.REFUSED for one in case.operations):
            return f"Move it into a migration of its own, which can run in a transaction: {rolls_back}"
        return f"Run the file in one transaction: {rolls_back}"
    if same:
        return alone
    return (
        "Move it into a migration of its own, so that nothing else can fail between it and the record of it"
    )
