"""`--fix`: apply the fixes that may be applied, read the result again, until there is nothing left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from partway.core.diagnostic import Diagnostic
from partway.core.edit import Applicability, Edit, Fix, apply_edits
from partway.core.source import SourceFile
from partway.linting import Linted

#: A fix can make room for another one at the same place; more than a few rounds means that two fixes undo each other.
_ROUNDS = 20


class Mended(NamedTuple):
    """A text after its fixes: what is still to be said about it, and how many were applied. `refused` names the
    rules whose fixes would have made text that can no longer be read; none of those was applied."""

    source: SourceFile
    diagnostics: list[Diagnostic]
    applied: int
    refused: tuple[str, ...] = ()


def mend(source: SourceFile, lint: Callable[[SourceFile], Linted], *, unsafe: bool) -> Mended:
    """Fix a text. `lint` reads it and says what there is to say about it."""
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    linted = lint(source)
    applied = 0
    seen = {source.text}
    for _ in range(_ROUNDS):
        round_of = list(
            disjoint(one for one in linted.diagnostics if one.fix and one.fix.applicability in allowed)
        )
        text = apply_edits(source.text, _edits(round_of))
        if text in seen:
            break
        seen.add(text)
        changed = SourceFile(source.path, text, source.encoding)
        again = lint(changed)
        if len(again.migration.troubles) > len(linted.migration.troubles):
            refused = tuple(sorted({one.rule for one in round_of}))
            return Mended(source, linted.diagnostics, applied, refused)
        source, linted = changed, again
        applied += len(round_of)
    return Mended(source, linted.diagnostics, applied)


def disjoint(diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    """Of these findings, those whose fixes keep out of each other's way, first come first served.

    A fix may wrap something, with one edit before and one behind it. So all that lies between its edits is its own.
    """
    end, seen = -1, set()
    for one in sorted(diagnostics, key=lambda one: _hull(one.fix)):
        start, stop = _hull(one.fix)
        # Two insertions at one place would be in no certain order.
        if start > end or (start == end and start not in seen):
            end = stop
            seen = {stop} if start == stop else set()
            yield one


def _hull(fix: Fix | None) -> tuple[int, int]:
    if fix is None or not fix.edits:
        return (0, 0)
    return min(edit.span.start for edit in fix.edits), max(edit.span.end for edit in fix.edits)


def _edits(diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    return [edit for one in diagnostics if one.fix for edit in one.fix.edits]


def diff(path: str, before: str, after: str) -> str:
    """The change as a unified diff that `patch` and `git apply -p0` take."""
    from difflib import unified_diff

    lines = unified_diff(_lines(before), _lines(after), path, path)
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """The lines as `patch` counts them: ended by line feeds alone."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
