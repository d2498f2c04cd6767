"""Each report format: right for its reader, whatever stands in paths and messages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from partway.cli.formats import github, gitlab, junit, sarif, text
from partway.cli.formats import json as json_format
from partway.cli.main import main
from partway.cli.records import EditRecord, Record, Report
from partway.core.source import SourceFile
from tests.cli.helper import MYSQL, QUIET, project

SOURCE = SourceFile("a.sql", "CREATE TABLE a (\n\tid int\n);\nDROP TABLE 漢字, b;\n")


def finding(
    line: int, column: int, end_line: int, end_column: int, *, message: str = "why", path: str = "a.sql"
) -> Record:
    """A finding of a rule that there is."""
    return {
        "path": path,
        "rule": "unguarded-create",
        "group": "idempotency",
        "severity": "warning",
        "message": message,
        "help": "do it",
        "range": {"start": {"line": line, "column": column}, "end": {"line": end_line, "column": end_column}},
        "fix": None,
    }


def report(*records: Record, path: str = "a.sql") -> Report:
    return Report(list(records), [path, "clean.sql"], {path: SOURCE})


NASTY = "50% of: a,b\r\nnext <b>&\"'\x00\x1b[31m\ud800]]>"


def test_json_is_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project(tmp_path, {"db/migrations/1.sql": MYSQL, "db/migrations/2.sql": QUIET}))
    assert main(["lint", "--dialect", "mysql", "--select", "idempotency", "--format", "json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert set(first) == {"path", "rule", "group", "severity", "message", "help", "range", "fix"}
    assert (first["path"], first["rule"], first["group"]) == (
        "db/migrations/1.sql",
        "unguarded-create",
        "idempotency",
    )
    assert first["range"]["start"] == {"line": 1, "column": 1}
    assert set(first["fix"]) == {"title", "applicability", "edits"}
    assert second["range"]["start"]["line"] == 2
    assert main(["lint", "--format", "json", "db/migrations/2.sql"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_text_shows_source_place_help_and_page() -> None:
    shown = text.write(report(finding(4, 12, 4, 14), finding(4, 16, 4, 17)), colour=False)
    assert shown == (
        "a.sql:4:12: warning[unguarded-create] why\n"
        "  |\n"
        "4 | DROP TABLE 漢字, b;\n"
        "  |            ^^^^\n"
        "  |\n"
        "  = help: do it\n"
        "  = docs: partway explain unguarded-create\n"
        "\n"
        "a.sql:4:16: warning[unguarded-create] why\n"
        "  |\n"
        "4 | DROP TABLE 漢字, b;\n"
        "  |                  ^\n"
        "  |\n"
        "  = help: do it\n"
        "\n"
        "2 findings in 1 of 2 files.\n"
    )


def test_text_draws_a_line_beside_several_lines() -> None:
    shown = text.write(report(finding(1, 1, 3, 2)), colour=False)
    assert "1 | / CREATE TABLE a (\n2 | |     id int\n3 | | );\n  | |_^\n" in shown
    shown = text.write(report(finding(1, 8, 3, 2)), colour=False)
    assert "1 |   CREATE TABLE a (\n  |  ________^\n2 | |     id int\n3 | | );\n  | |_^\n" in shown


def test_text_cuts_what_is_too_long_and_too_tall() -> None:
    source = SourceFile("a.sql", "x" * 500 + "Y" * 3 + "z" * 500 + "\n" * 50 + "end")
    wide = text.write(Report([finding(1, 501, 1, 504)], ["a.sql"], {"a.sql": source}), colour=False).split(
        "\n"
    )
    assert wide[2].startswith("1 | …x")
    assert wide[2].endswith("z…")
    assert wide[2].index("YYY") == wide[3].index("^^^")
    assert max(map(len, wide)) < 200
    tall = text.write(Report([finding(1, 1, 51, 4)], ["a.sql"], {"a.sql": source}), colour=False)
    assert tall.count("\n") < 15
    assert "... |" in tall


def test_text_does_nothing_to_the_terminal() -> None:
    source = SourceFile("a.sql", "DROP \x1b[31mTABLE\u202e a;\x07")
    shown = text.write(
        Report([finding(1, 1, 1, 5, message=NASTY)], ["a.sql"], {"a.sql": source}), colour=False
    )
    assert not set(shown) & set("\x1b\x07\x00\u202e\r")


def test_colour_changes_nothing_but_colour() -> None:
    plain = text.write(report(finding(1, 1, 3, 2), finding(4, 1, 4, 5)), colour=False)
    coloured = text.write(report(finding(1, 1, 3, 2), finding(4, 1, 4, 5)), colour=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert coloured != plain


def test_github_commands_are_escaped() -> None:
    lines = github.write(
        report(finding(1, 1, 3, 2, message=NASTY, path="a,b:c%.sql"), path="a,b:c%.sql"), colour=False
    )
    assert lines.count("\n") == 1
    head, _, data = lines.removeprefix("::warning ").partition("::")
    assert head == "file=a%2Cb%3Ac%25.sql,line=1,endLine=3,title=Partway (unguarded-create)"
    assert "50%25 of: a,b%0D%0Anext" in data


def test_gitlab_fingerprints_are_unique_and_outlive_shifted_lines() -> None:
    twice = json.loads(gitlab.write(report(finding(4, 1, 4, 5), finding(4, 12, 4, 14)), colour=False))
    assert len({one["fingerprint"] for one in twice}) == 2
    assert twice[0]["location"] == {"path": "a.sql", "lines": {"begin": 4, "end": 4}}
    assert twice[0]["severity"] == "major"
    shifted = SourceFile("a.sql", "-- new\n" + SOURCE.text)
    moved = Report([finding(5, 1, 5, 5)], ["a.sql"], {"a.sql": shifted})
    assert json.loads(gitlab.write(moved, colour=False))[0]["fingerprint"] == twice[0]["fingerprint"]


def test_junit_is_well_formed_whatever_is_said() -> None:
    root = ET.fromstring(junit.write(report(finding(4, 1, 4, 5, message=NASTY)), colour=False))
    assert root.attrib == {"name": "partway", "tests": "2", "failures": "1", "errors": "0"}
    failed, clean = root
    assert (failed.get("failures"), clean.get("failures")) == ("1", "0")
    failure = failed.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("50% of: a,b\r\nnext <b>&\"'\ufffd\ufffd[31m\ufffd")


def test_sarif_names_its_rules_and_offers_its_fixes() -> None:
    one = finding(4, 1, 4, 5, path="a b%.sql")
    edit: EditRecord = {"range": one["range"], "text": "IF EXISTS "}
    one["fix"] = {"title": "Guard it", "applicability": "safe", "edits": [edit]}
    other = finding(4, 1, 4, 5, path="a b%.sql")
    other["fix"] = {"title": "Look", "applicability": "display-only", "edits": []}
    (run,) = json.loads(sarif.write(report(one, other, path="a b%.sql"), colour=False))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "unguarded-create"
    assert rule["shortDescription"]["text"]
    first, second = run["results"]
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b%25.sql"
    assert location["region"] == {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 5}
    assert run["columnKind"] == "unicodeCodePoints"
    replacement = first["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"] == {"text": "IF EXISTS "}
    assert "fixes" not in second
    assert first["partialFingerprints"] != second["partialFingerprints"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", run["tool"]["driver"]["semanticVersion"])


def test_no_findings_are_valid_reports_too() -> None:
    nothing = Report([], [], {})
    assert json.loads(json_format.write(nothing, colour=False)) == []
    assert json.loads(gitlab.write(nothing, colour=False)) == []
    assert json.loads(sarif.write(nothing, colour=False))["runs"][0]["results"] == []
    assert ET.fromstring(junit.write(nothing, colour=False)).get("tests") == "0"
    assert github.write(nothing, colour=False) == ""


def test_statistics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project(tmp_path, {"db/migrations/1.sql": MYSQL}))
    arguments = ["lint", "--dialect", "mysql", "--select", "idempotency", "--statistics"]
    assert main(arguments) == 1
    assert capsys.readouterr().out == (
        "1  unguarded-add  (1 fixable with --fix)\n1  unguarded-create  (1 fixable with --fix)\n"
    )
    assert main([*arguments, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)[0] == {"rule": "unguarded-add", "count": 1, "fixable": 1}
