"""What an operation does, in words: hover texts and symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from partway.core.migration import Mode, Section
from partway.core.operation import InTransaction, Operation, Repeat
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.dialects.dialect import Dialect
from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from partway.core.migration import Migration
    from partway.linting import Linted
    from partway.lsp.positions import Positions

_REPEAT = {
    Repeat.SAME: "Run again, it succeeds and changes nothing.",
    Repeat.FAILS: "Run again as written, it **fails**.",
    Repeat.CHANGES: "Run again as written, it **changes something again**.",
    Repeat.UNKNOWN: "What a second run does cannot be told from the text.",
}


def hover(linted: Linted, offset: int) -> tuple[str, Span] | None:
    """What there is to know about the operation at an offset, as Markdown, and where it stands."""
    for section in linted.migration.sections:
        for operation in section.operations:
            start, end = operation.statement
            if start <= offset <= end:
                lines = [_described(linted.migration, section, operation)]
                lines += [
                    f"`{one.rule}`: {one.help}"
                    for one in linted.diagnostics
                    if start <= one.span.start <= end and one.help
                ]
                return "\n\n".join(lines), operation.statement
    return None


def _described(migration: Migration, section: Section, operation: Operation) -> str:
    dialect = dialect_named(migration.dialect)
    lines = [f"**{operation.kind}** `{operation.target or operation.kind}`"]
    lines += [f"- {fact}" for fact in operation.postconditions[:12]]
    if len(operation.postconditions) > 12:
        lines.append(f"- and {len(operation.postconditions) - 12} more")
    lines += ["", _REPEAT[operation.repeat], "", _in_transaction(operation, section, dialect)]
    for action in operation.actions:
        row = dialect.row(action.kind, action.traits, migration.server)
        if row is not None and row.leaves:
            lines += ["", f"If it fails by itself, it leaves {row.leaves}."]
            break
    lines += ["", _guard(operation)] if _guard(operation) else []
    version = f" {'.'.join(map(str, migration.server))}" if migration.server else ""
    assumed = ", assumed" if migration.dialect_assumed else ""
    lines += ["", f"*{dialect.title}{version}{assumed}, {migration.tool}, {section.name}*"]
    return "\n".join(lines)


def _in_transaction(operation: Operation, section: Section, dialect: Dialect) -> str:
    mode = section.transaction
    here = mode.reason[:1].upper() + mode.reason[1:] + "."
    if operation.in_transaction is InTransaction.REFUSED:
        return f"{dialect.title} refuses it inside a transaction. {here}"
    if operation.in_transaction is InTransaction.COMMITS:
        return f"{dialect.title} commits with it, whatever transaction is open: a failure later leaves it behind."
    if operation.in_transaction is InTransaction.UNKNOWN:
        return here
    if mode.mode is Mode.NONE:
        return f"A transaction would undo it. {here}"
    return f"The transaction undoes it if something fails. {here}"


def _guard(operation: Operation) -> str:
    guards = [action.guard for action in operation.actions if action.guard is not None]
    if not guards:
        return ""
    flaws = [guard.flaw for guard in guards if guard.flaw]
    if flaws:
        return f"Its guard ({guards[0].form}) does not protect it: {flaws[0]}."
    return f"Guarded: {guards[0].form}." if operation.guarded else f"Partly guarded: {guards[0].form}."


_SYMBOLS = {
    "create": 5,
    "add": 8,
    "drop": 25,
    "rename": 26,
    "alter": 8,
    "insert": 18,
    "update": 18,
    "delete": 18,
}
_NAMESPACE, _EVENT = 3, 24


def symbols(migration: Migration, positions: Positions) -> list[Raw]:
    """The operations of a migration; below "up" and "down" where it has both."""
    sections = migration.sections
    if len(sections) == 1:
        return [_symbol(operation, positions) for operation in sections[0].operations]
    return [
        Raw(
            name=section.name,
            detail=section.transaction.mode,
            kind=_NAMESPACE,
            range=positions.range(section.span),
            selectionRange=positions.range(Span(section.span.start, section.span.start)),
            children=[_symbol(operation, positions) for operation in section.operations],
        )
        for section in sections
    ]


def _symbol(operation: Operation, positions: Positions) -> Raw:
    where: dict[str, Any] = positions.range(operation.statement)
    return Raw(
        name=f"{operation.kind} {operation.target}".strip(),
        detail="guarded"
        if operation.guarded
        else ""
        if operation.repeat is Repeat.SAME
        else f"again: {operation.repeat}",
        kind=_SYMBOLS.get(operation.kind.partition("-")[0], _EVENT),
        range=where,
        selectionRange=where,
    )
