"""`inspect`, `rules`, `explain`, help, version, and how output suits a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from partway.cli.main import main
from partway.core.diagnostic import Group
from partway.rules import all_rules
from partway.version import __version__
from tests.cli.helper import MYSQL, partway, project

UP_AND_DOWN = """-- +goose Up
CREATE TABLE IF NOT EXISTS a (id bigint);
ALTER TABLE a ADD COLUMN b int, ADD COLUMN c int;
-- +goose Down
DROP TABLE a;
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project(tmp_path, {"db/migrations/1_a.sql": UP_AND_DOWN}))
    return tmp_path


# inspect --------------------------------------------------------------------------------------------------------------


def test_inspect_json_is_the_contract(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.is_dir()
    assert main(["inspect", "--dialect", "postgresql", "--format", "json", "db/migrations/1_a.sql"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["path"], one["tool"], one["dialect"]) == ("db/migrations/1_a.sql", "goose", "postgresql")
    assert one["transaction"] == "per-migration"
    create, add, drop = one["operations"]
    contract = {
        "index",
        "kind",
        "target",
        "section",
        "guarded",
        "repeat",
        "in_transaction",
        "range",
        "postconditions",
    }
    assert contract <= set(create)
    assert [(op["index"], op["section"], op["kind"]) for op in one["operations"]] == [
        (0, "up", "create-table"),
        (1, "up", "add-column"),
        (0, "down", "drop-table"),
    ]
    assert (create["guarded"], create["repeat"]) == (True, "same")
    assert (add["guarded"], add["repeat"], add["in_transaction"]) == (False, "fails", "rolls-back")
    assert add["range"] == {"start": {"line": 3, "column": 1}, "end": {"line": 3, "column": 49}}
    assert [fact["text"] for fact in add["postconditions"]] == [
        "column a.b exists with type int",
        "column a.c exists with type int",
    ]
    fact = add["postconditions"][0]
    assert (fact["object"], fact["name"], fact["table"], fact["present"]) == ("column", "b", "a", True)
    assert fact["attributes"] == {"type": "int"}
    assert [action["kind"] for action in add["actions"]] == ["add-column", "add-column"]
    assert drop["postconditions"][0]["present"] is False


def test_inspect_json_names_commit_points(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here, {"db/migrations/2_b.sql": MYSQL})
    main(["inspect", "--format", "json", "db/migrations/2_b.sql"])
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["dialect"], one["transaction"]) == ("mysql", "none")
    points = one["sections"][0]["commit_points"]
    assert [point["after"] for point in points] == [0, 1]
    assert points[0]["range"]["start"] == {"line": 1, "column": 1}


def test_inspect_shows_people_what_was_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here, {"db/migrations/2_b.sql": MYSQL + "NONSENSE;\n"})
    assert main(["inspect", "db/migrations/2_b.sql"]) == 0
    shown = capsys.readouterr().out
    assert "database     MySQL" in shown
    assert "up: 3 operations" in shown
    assert "  0  create-table a\n       1:1: CREATE TABLE a (id int) ENGINE = InnoDB;\n" in shown
    assert "run again: fails" in shown
    assert "-> column a.b exists with type int" in shown
    assert "---- kept from here on" in shown
    assert "  2  opaque" in shown


def test_inspect_takes_what_lint_takes(here: Path) -> None:
    done = partway("inspect", "-", "--stdin-filename", "V1__x.sql", "nowhere", cwd=here, stdin=MYSQL.encode())
    assert done.returncode == 2
    assert "tool         flyway" in done.stdout
    assert done.stderr == "partway: error: nowhere: no such file or folder\n"
    (here / "bad.sql").write_bytes(b"\xff")
    assert partway("inspect", "bad.sql", cwd=here).returncode == 2
    assert partway("inspect", "bad.sql", "db/migrations/1_a.sql", cwd=here).returncode == 1
    assert partway("inspect", cwd=here).returncode == 2


# rules and explain ----------------------------------------------------------------------------------------------------


def test_rules_lists_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    shown = capsys.readouterr().out
    for name in all_rules():
        assert len(re.findall(rf"^  {name} ", shown, re.MULTILINE)) == 1
    assert main(["rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in listed] == list(all_rules())
    assert {one["group"] for one in listed} <= set(Group)


@pytest.mark.parametrize("name", all_rules())
def test_every_rule_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{name}\n")
    assert "```" not in shown
    assert all(
        heading in shown for heading in ("\nWhat it does\n", "\nWhy it matters\n", "\nBad\n", "\nGood\n")
    )


def test_a_rule_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "unguarded_crate"]) == 2
    message = "partway: error: there is no rule `unguarded_crate`; did you mean `unguarded-create`?\n"
    assert capsys.readouterr().err == message


# The program ----------------------------------------------------------------------------------------------------------


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"partway {__version__}\n"
    for arguments in (["--help"], ["lint", "--help"], ["inspect", "-h"], ["rules", "-h"], ["explain", "-h"]):
        assert main(arguments) == 0
        assert capsys.readouterr().out.startswith("usage: partway")
    assert main([]) == 0
    assert "lint" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_colour_on_a_terminal(here: Path, env: dict[str, str], coloured: bool) -> None:
    project(here, {"db/migrations/2_b.sql": MYSQL})
    controller, terminal = os.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "partway", "lint"]
    with subprocess.Popen(
        command, cwd=here, stdout=terminal, stderr=terminal, env={**clean, "TERM": "xterm", **env}
    ) as one:
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(controller, 65536):
                shown += piece
        except OSError:  # how Linux tells that the other end is closed
            pass
        one.wait(timeout=30)
    os.close(controller)
    assert (b"\x1b[" in shown) is coloured
    assert b"unguarded-create" in shown


def test_no_colour_elsewhere_unless_forced(here: Path) -> None:
    project(here, {"db/migrations/2_b.sql": MYSQL})
    assert "\x1b" not in partway("lint", cwd=here).stdout
    assert "\x1b[1;33m" in partway("lint", cwd=here, env={"FORCE_COLOR": "1", "NO_COLOR": ""}).stdout


def test_progress_is_shown_on_a_terminal_once_a_run_takes_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from partway.cli import terminal

    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    progress = terminal.Progress(436)
    for number, at in ((1, 0.1), (50, 0.9), (60, 1.1), (61, 1.15), (90, 1.3)):
        now[0] = at
        progress.at(number)
    progress.done()
    shown = capsys.readouterr().err
    assert re.findall(r"\d+ of \d+", shown) == ["60 of 436", "90 of 436"]
    assert shown.endswith("\r\x1b[K")
