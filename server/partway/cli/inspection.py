"""What `partway inspect` shows people: how a file runs, each operation, and where a failure would leave work behind."""

from __future__ import annotations

from collections.abc import Iterator

from partway.analysis import Analysis, SectionAnalysis
from partway.cli.formats.text import count, printable
from partway.cli.terminal import BOLD, DIM, OFF
from partway.core.operation import InTransaction, Operation, Repeat
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.rules.case import CommitPoint, Kept

_WIDEST = 100  # of a statement's first line, in characters
_REPEAT = {
    Repeat.SAME: "run again: changes nothing",
    Repeat.FAILS: "run again: fails",
    Repeat.CHANGES: "run again: does more",
    Repeat.UNKNOWN: "run again: cannot be told",
}
_IN_TRANSACTION = {
    InTransaction.ROLLS_BACK: "in a transaction: rolls back",
    InTransaction.REFUSED: "in a transaction: refused",
    InTransaction.COMMITS: "in a transaction: commits",
    InTransaction.UNKNOWN: "in a transaction: cannot be told",
}
_KEPT = {
    Kept.ALONE: "kept from here on: it ran by itself",
    Kept.IMPLICIT: "kept from here on: this statement commits",
    Kept.EXPLICIT: "kept from here on: COMMIT",
}


def write(read: list[tuple[str, Analysis]], *, colour: bool) -> str:
    """Every file, a blank line between two."""
    style = (BOLD, DIM, OFF) if colour else ("", "", "")
    return "\n".join("\n".join(_file(path, analysis, style)) + "\n" for path, analysis in read)


def _file(path: str, analysis: Analysis, style: tuple[str, str, str]) -> Iterator[str]:
    bold, _, off = style
    migration = analysis.migration
    yield f"{bold}{printable(path)}{off}"
    yield f"  tool         {migration.tool}{f', migration {migration.identity}' if migration.identity else ''}"
    version = f" {'.'.join(map(str, migration.server))}" if migration.server else ""
    assumed = " (nothing says so; the commonest)" if migration.dialect_assumed else ""
    yield f"  database     {dialect_named(migration.dialect).title}{version}{assumed}"
    for section in analysis.sections:
        yield from _section(section, migration.source, style)
    for trouble in migration.troubles:
        place = migration.source.position(trouble.span.start)
        yield f"  {bold}trouble{off} at {place.line}:{place.column}: {printable(trouble.message)}"


def _section(analysed: SectionAnalysis, source: SourceFile, style: tuple[str, str, str]) -> Iterator[str]:
    bold, dim, off = style
    section = analysed.section
    yield f"  transaction  {section.transaction.mode}: {section.transaction.reason}"
    points = count(len(analysed.commit_points), "commit point")
    yield ""
    yield f"  {bold}{section.name}{off}: {count(len(section.operations), 'operation')}, {points}"
    kept: dict[int, CommitPoint] = {point.after: point for point in analysed.commit_points}
    for index, operation in enumerate(section.operations):
        yield from _operation(index, operation, source, style)
        if index in kept:
            yield f"       {dim}---- {_KEPT[kept[index].kept]}{off}"


def _operation(
    index: int, operation: Operation, source: SourceFile, style: tuple[str, str, str]
) -> Iterator[str]:
    bold, dim, off = style
    place = source.position(operation.span.start)
    text = source.line(place.line)[place.column - 1 :]
    text = text if len(text) <= _WIDEST else text[:_WIDEST] + "…"
    yield f"  {index:>3}  {bold}{operation.kind} {printable(operation.target)}{off}"
    yield f"       {dim}{place.line}:{place.column}: {printable(text)}{off}"
    guard = "guarded; " if operation.guarded else ""
    yield f"       {guard}{_REPEAT[operation.repeat]}; {_IN_TRANSACTION[operation.in_transaction]}"
    for fact in operation.postconditions:
        yield f"       -> {printable(str(fact))}"
    for note in (*operation.notes, *([operation.why_opaque] if operation.why_opaque else [])):
        yield f"       note: {printable(note)}"
