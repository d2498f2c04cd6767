"""Findings as the JSON of `lint` has them: what the cache keeps, processes hand over and every format is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

if TYPE_CHECKING:
    from partway.core.diagnostic import Diagnostic
    from partway.core.source import Place, Range, SourceFile


class EditRecord(TypedDict):
    """Replace the text of `range` by `text`."""

    range: Range
    text: str


class FixRecord(TypedDict):
    """How a finding can be mended; `applicability` is safe, unsafe or display-only."""

    title: str
    applicability: str
    edits: list[EditRecord]


class Record(TypedDict):
    """One finding. `path` is written as the command line named it."""

    path: str
    rule: str
    group: str
    severity: str
    message: str
    help: str
    range: Range
    fix: FixRecord | None


class Report(NamedTuple):
    """What one run found: the findings in order, how many files were read, and the text of those with findings."""

    records: list[Record]
    files: list[str]
    sources: dict[str, SourceFile]


def record(diagnostic: Diagnostic, source: SourceFile, path: str) -> Record:
    """A diagnostic as the JSON has it."""
    fix = diagnostic.fix
    return {
        "path": path,
        "rule": diagnostic.rule,
        "group": str(diagnostic.group),
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "range": source.range(diagnostic.span),
        "fix": None
        if fix is None
        else {
            "title": fix.title,
            "applicability": str(fix.applicability),
            "edits": [{"range": source.range(edit.span), "text": edit.text} for edit in fix.edits],
        },
    }


def offset(place: Place, source: SourceFile) -> int:
    """The code-point offset of a line and column; the inverse of `SourceFile.position`."""
    return source.line_starts[place["line"] - 1] + place["column"] - 1


def fixable(one: Any, *, unsafe: bool = False) -> bool:
    """Whether `--fix` would apply this finding's fix; with `unsafe`, whether `--fix --unsafe-fixes` would."""
    fix = one["fix"]
    return fix is not None and (
        fix["applicability"] == "safe" or (unsafe and fix["applicability"] == "unsafe")
    )
