"""`--format json`: the findings as a list of objects, the public contract of `partway lint`."""

from __future__ import annotations

from json import dumps

from partway.cli.records import Report


def write(report: Report, *, colour: bool) -> str:  # noqa: ARG001 - every format is called alike
    """One finding a line, so that two reports can be compared by line."""
    if not report.records:
        return "[]\n"
    return "[\n" + ",\n".join(dumps(one) for one in report.records) + "\n]\n"
