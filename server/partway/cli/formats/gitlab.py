"""`--format gitlab`: GitLab's Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from json import dumps

from partway.cli.baseline import signature
from partway.cli.records import Report

_SEVERITIES = {"error": "critical", "warning": "major", "info": "minor"}


def write(report: Report, *, colour: bool) -> str:  # noqa: ARG001 - every format is called alike
    """A list of issues. A fingerprint outlives shifted lines and is unique in a report, as GitLab asks."""
    seen: Counter[tuple[str, str, str]] = Counter()
    issues = []
    for one in report.records:
        of_line = signature(one, report.sources[one["path"]])
        seen[of_line] += 1
        fingerprint = blake2b(repr((of_line, seen[of_line])).encode(errors="surrogateescape"), digest_size=16)
        start, end = one["range"]["start"], one["range"]["end"]
        issues.append(
            {
                "description": f"{one['message']} ({one['help']})",
                "check_name": one["rule"],
                "fingerprint": fingerprint.hexdigest(),
                "severity": _SEVERITIES[one["severity"]],
                "location": {"path": one["path"], "lines": {"begin": start["line"], "end": end["line"]}},
            }
        )
    return dumps(issues, indent=2) + "\n"
