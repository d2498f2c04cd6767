"""What a run of `lint` found, put together of what was found in each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from partway.cli.records import Record, Report

if TYPE_CHECKING:
    from partway.cli.file import File
    from partway.core.source import SourceFile


class Outcome(NamedTuple):
    """What a run found. `files` are those in the report by the path shown; `failures` those that are not in it, and
    why."""

    report: Report
    files: dict[str, File]
    failures: list[tuple[str, str]]


def outcome(files: list[File], results: list[Any], failures: list[tuple[str, str]]) -> Outcome:
    """The outcome of these results, one for each file."""
    records: list[Record] = []
    read: dict[str, File] = {}
    sources: dict[str, SourceFile] = {}
    for file, result in zip(files, results, strict=True):
        shown = file.input.shown
        if "failure" in result:
            failures.append((shown, result["failure"]))
        elif result["findings"] is not None:
            read[shown] = file
            if result["findings"]:
                sources[shown] = file.source
                found: list[Record] = result["findings"]
                for one in found:
                    one["path"] = shown  # as named in this run
                records += found
    return Outcome(Report(records, list(read), sources), read, failures)
