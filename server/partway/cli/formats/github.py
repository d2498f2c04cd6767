"""`--format github`: workflow commands, which GitHub Actions shows beside the lines they name.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from partway.cli.records import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: Report, *, colour: bool) -> str:  # noqa: ARG001 - every format is called alike
    """One command a line."""
    lines = []
    for one in report.records:
        start, end = one["range"]["start"], one["range"]["end"]
        properties = {"file": one["path"], "line": start["line"], "endLine": end["line"]}
        if start["line"] == end["line"]:  # GitHub refuses columns that span lines
            properties |= {"col": start["column"], "endColumn": end["column"]}
        properties["title"] = f"Partway ({one['rule']})"
        said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        message = f"{one['path']}:{start['line']}:{start['column']}: {one['message']}\nhelp: {one['help']}"
        lines.append(f"::{_LEVELS[one['severity']]} {said}::{_data(message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
