"""What a guard's writer must know of the section around an operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from partway.analysis.history import History
from partway.core.edit import Edit, Fix
from partway.core.migration import Migration, Section
from partway.core.operation import Action, GuardForm, Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.dialects.dialect import Way

_WORDS = (GuardForm.IF_NOT_EXISTS, GuardForm.IF_EXISTS, GuardForm.OR_REPLACE)


def guard_writer(
    migration: Migration, section: Section, operations: tuple[Operation, ...], history: History
) -> Callable[[int], Fix | None]:
    """A function that writes the guard of the operation with this index; None where there is no true one."""
    dialect = history.dialect

    # Where the tool takes a statement that is refused in a transaction only by itself, or only with others like it.
    alone = (section.transaction.implicit and len(section.steps) == 1) or not section.transaction.mixable

    def given(operation: Operation, index: int, table: Name | None) -> frozenset[str] | None:
        """The names that stand before a nameless thing of this table, None where they cannot all be known."""
        if table is None or not any("unnamed" in action.traits for action in operation.actions):
            return frozenset()
        from partway.sql.guards import names_given

        return names_given(migration.source.text, operations[:index], table, dialect)

    @cache
    def write(index: int) -> Fix | None:
        from partway.tools.writing import writer

        operation = operations[index]
        if takes_a_place(operation, index):
            return None
        vain = {a.guard.span for a in operation.actions if a.guard and _in_vain(a)}
        actions = (_without_vain_guard(a) for a in operation.actions)
        unguarded = tuple(_unguarded(a) if hides_invalid(a, index) else a for a in actions)
        table = next((fact.table for fact in operation.postconditions if fact.table is not None), None)
        taken = given(operation, index, table)
        made_here = table is not None and (
            history.container(table).made_before(index) or history.container(table).gone_before(index)
        )
        fix = writer(migration.tool)(
            migration,
            operation._replace(actions=unguarded),
            reused=history.reused(operation, index)
            or moves_on(operation, index)
            or new_key(operation, index),
            fresh=made_here and taken is not None,
            taken=taken or frozenset(),
            alone=alone,
        )
        return _taking_out(fix, vain, migration.source.text) if fix and vain else fix

    def moves_on(operation: Operation, index: int) -> bool:
        """Whether what it makes, or its table, has another name or is gone when the section has run: a guard that looks
        for the name then finds nothing and lets it run, or it fails for want of the table."""
        for fact in operation.postconditions:
            if not fact.name.name:
                continue
            if fact.present and any(renames(place) for place in history.of(fact).gone_after(index)):
                return True
            if fact.table is None:
                continue
            around = history.container(fact.table)
            later = around.gone_after(index)
            if later and (not around.made_before(index) or any(renames(place) for place in later)):
                return True
        return False

    def takes_a_place(operation: Operation, index: int) -> bool:
        """Whether it gives a thing the name that another one has lost before, as where tables are exchanged. Unguarded
        it stops a second run, which has moved the new thing away by then; behind a guard that run would go on, and
        drop it."""
        return any(
            action.kind.startswith("rename-") and fact.present and history.of(fact).gone_before(index)
            for action in operation.actions
            for fact in action.postconditions
        )

    def new_key(operation: Operation, index: int) -> bool:
        """Whether it drops a primary key, and a later column brings another one, which a guard would take for it."""
        tables = [
            fact.table for fact in operation.postconditions if not fact.present and _is_primary_key(fact)
        ]
        return bool(tables) and any(
            fact.present and fact.table in tables and _is_primary_key(fact)
            for later in operations[index + 1 :]
            for action in later.actions
            if action.kind == "add-column"
            for fact in action.postconditions
        )

    def renames(index: int) -> bool:
        return any(action.kind.startswith(("rename-", "set-schema")) for action in operations[index].actions)

    def hides_invalid(action: Action, index: int) -> bool:
        """Whether IF NOT EXISTS would skip an index that a failed run left INVALID: nothing here drops it before."""
        row = dialect.row(action.kind, action.traits, migration.server)
        if row is None or row.guard is not Way.DROP_IF_INVALID or action.guard is None:
            return False
        return not any(history.of(fact).gone_before(index) for fact in action.postconditions)

    return write


def _is_primary_key(fact: Postcondition) -> bool:
    return fact.object == "constraint" and ("kind", "primary key") in fact.attributes


def _in_vain(action: Action) -> bool:
    """Whether guard words stand in it that the dialect does not take here, or takes and ignores."""
    return action.guard is not None and action.guard.form in _WORDS and not action.guard.covers


def _without_vain_guard(action: Action) -> Action:
    return action._replace(guard=None) if _in_vain(action) else action


def _unguarded(action: Action) -> Action:
    """The action as one that its guard does not make repeatable, so that the rest of the guard is written."""
    return action._replace(repeat=Repeat.FAILS)


def _taking_out(fix: Fix, guards: set[Span], text: str) -> Fix:
    """The fix with the words taken out that have no effect, and the blank after them."""
    words = " and ".join(sorted({" ".join(text[span.start : span.end].upper().split()) for span in guards}))
    gone = [
        Edit(Span(span.start, span.end + (text[span.end : span.end + 1].isspace())), "") for span in guards
    ]
    title = f"Take {words} out, {fix.title[0].lower()}{fix.title[1:]}"
    return Fix(title, tuple(sorted((*fix.edits, *gone), key=lambda edit: edit.span)), fix.applicability)
