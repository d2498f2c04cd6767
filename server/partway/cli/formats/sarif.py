"""`--format sarif`: SARIF 2.1.0, for code scanning services.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from json import dumps
from typing import Any
from urllib.parse import quote

from partway.cli.baseline import signature
from partway.cli.records import Record, Report
from partway.core.source import Range
from partway.rules import all_rules
from partway.version import __version__

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def write(report: Report, *, colour: bool) -> str:  # noqa: ARG001 - every format is called alike
    """One run, with the rules it reports and how to mend what it found."""
    names = sorted({one["rule"] for one in report.records})
    seen: Counter[tuple[str, str, str]] = Counter()
    results = []
    for one in report.records:
        of_line = signature(one, report.sources[one["path"]])
        seen[of_line] += 1
        results.append(_result(one, names.index(one["rule"]), of_line, seen[of_line]))
    document = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Partway",
                        "semanticVersion": _semantic(__version__),
                        "version": __version__,
                        "rules": [_rule(name) for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return dumps(document, indent=2) + "\n"


def _semantic(version: str) -> str:
    """A Python version as Semantic Versioning writes it: 0.1.0.dev0 is 0.1.0-dev0."""
    numbers = version.split(".")
    return ".".join(numbers[:3]) + ("-" + ".".join(numbers[3:]) if len(numbers) > 3 else "")


def _rule(name: str) -> dict[str, Any]:
    rule = all_rules().get(name)
    if rule is None:  # a finding that is no rule's: the text could not be read
        return {"id": name}
    title, _, text = rule.documentation.strip().partition("\n")
    return {
        "id": name,
        "shortDescription": {"text": title},
        "help": {"text": text.strip() or title, "markdown": text.strip() or title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [str(rule.group)]},
    }


def _result(one: Record, index: int, of_line: tuple[str, str, str], number: int) -> dict[str, Any]:
    artifact = {"uri": quote(one["path"].encode(errors="surrogateescape"))}
    fingerprint = blake2b(
        repr((of_line, number)).encode(errors="surrogateescape"), digest_size=16
    ).hexdigest()
    result: dict[str, Any] = {
        "ruleId": one["rule"],
        "ruleIndex": index,
        "level": _LEVELS[one["severity"]],
        "message": {"text": f"{one['message']}\nHelp: {one['help']}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": _region(one["range"])}}],
        "partialFingerprints": {"partwayLine/v1": fingerprint},
    }
    fix = one["fix"]
    # A result's fixes are offered for applying: what is only to be shown does not belong there.
    if fix is not None and fix["applicability"] != "display-only":
        replacements = [
            {"deletedRegion": _region(edit["range"]), "insertedContent": {"text": edit["text"]}}
            for edit in fix["edits"]
        ]
        change = {"artifactLocation": artifact, "replacements": replacements}
        result["fixes"] = [{"description": {"text": fix["title"]}, "artifactChanges": [change]}]
    return result


def _region(span: Range) -> dict[str, int]:
    return {
        "startLine": span["start"]["line"],
        "startColumn": span["start"]["column"],
        "endLine": span["end"]["line"],
        "endColumn": span["end"]["column"],
    }
