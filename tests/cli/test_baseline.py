"""Baselines: what is recorded is not reported, however the file around it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.cli.main import main
from tests.cli.helper import project

PATH = "db/migrations/1.sql"
TEXT = "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project(tmp_path, {PATH: TEXT}))
    return tmp_path


def lint(*arguments: str) -> int:
    return main(["lint", "--dialect", "mysql", "--select", "unguarded-create", *arguments])


def test_what_is_recorded_is_not_reported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint("--write-baseline", "known.json") == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "partway: recorded 2 findings in known.json\n")
    assert lint("--baseline", "known.json") == 0
    (here / PATH).write_text("-- lines above come\n\n\n" + TEXT.replace("CREATE TABLE", "CREATE   TABLE"))
    assert lint("--baseline", "known.json") == 0
    (here / PATH).write_text("CREATE TABLE c (id int);\n" + TEXT)
    capsys.readouterr()
    assert lint("--baseline", "known.json") == 1
    assert "1 finding in 1 of 1 file" in capsys.readouterr().out


def test_of_equal_lines_as_many_are_known_as_were_counted(here: Path) -> None:
    (here / PATH).write_text("CREATE TABLE a (id int);\n" * 2)
    lint("--write-baseline", "known.json")
    (here / PATH).write_text("CREATE TABLE a (id int);\n" * 3)
    assert lint("--baseline", "known.json") == 1


def test_a_baseline_holds_wherever_partway_is_started(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lint("--write-baseline", "known.json")
    monkeypatch.chdir(here / "db")
    assert lint("--baseline", "../known.json", "migrations") == 0
    assert lint("--baseline", "../known.json", str(here)) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "this baseline is not valid JSON"),
        ("[]", "not a baseline of this version of Partway"),
        ('{"version": 2, "findings": []}', "not a baseline of this version"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "not a baseline of this version"),
    ],
)
def test_what_is_no_baseline(
    here: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    (here / "known.json").write_text(content)
    assert lint("--baseline", "known.json") == 2
    assert f"known.json: {message}" in capsys.readouterr().err


def test_a_baseline_that_cannot_be_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.is_dir()
    assert lint("--write-baseline", "no/folder/known.json") == 2
    assert "cannot write the baseline" in capsys.readouterr().err
