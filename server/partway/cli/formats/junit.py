"""`--format junit`: a test suite for each file, a failed test for each finding, one passed test for a file without
any."""

from __future__ import annotations

import re

from partway.cli.records import Record, Report

# Characters that XML 1.0 has no way to write, not even as a reference.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, *, colour: bool) -> str:  # noqa: ARG001 - every format is called alike
    """The XML document."""
    found: dict[str, list[Record]] = {path: [] for path in report.files}
    for one in report.records:
        found.setdefault(one["path"], []).append(one)
    tests = sum(max(len(records), 1) for records in found.values())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="partway" tests="{tests}" failures="{len(report.records)}" errors="0">',
    ]
    for path, records in found.items():
        count = max(len(records), 1)
        where = f'classname="{_escape(path)}" file="{_escape(path)}"'
        lines.append(
            f'  <testsuite name="{_escape(path)}" tests="{count}" failures="{len(records)}" errors="0">'
        )
        if not records:
            lines.append(f'    <testcase name="no findings" {where}/>')
        for one in records:
            start = one["range"]["start"]
            place = f"{start['line']}:{start['column']}"
            text = f"{path}:{place}: {one['severity']}[{one['rule']}] {one['message']}\nhelp: {one['help']}"
            message = _escape(one["message"])
            lines += [
                f'    <testcase name="{_escape(one["rule"])} at {place}" {where} line="{start["line"]}">',
                f'      <failure type="{one["severity"]}" message="{message}">{_escape(text)}</failure>',
                "    </testcase>",
            ]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _escape(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
