"""`--fix` and `--diff`: what is written, what is kept, what is refused."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from partway.cli.main import main
from partway.cli.writing import Changed, replace
from partway.core.decode import decode, encode
from partway.core.diagnostic import Diagnostic, Group, Severity
from partway.core.edit import Applicability, Edit, Fix
from partway.core.migration import Migration, Trouble
from partway.core.source import SourceFile, Span
from partway.fixing import diff, disjoint, mend
from partway.linting import Linted
from tests.cli.helper import MYSQL, QUIET, partway, project

PATH = "db/migrations/1_a.sql"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project(tmp_path, {PATH: MYSQL, "db/migrations/2_b.sql": QUIET}))
    return tmp_path


def lint(*arguments: str) -> int:
    return main(["lint", "--dialect", "mysql", "--select", "idempotency", *arguments])


def test_fix_writes_what_diff_shows_and_a_second_time_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint("--diff") == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f"--- {PATH}\n+++ {PATH}\n@@ ")
    assert shown.err == "partway: would fix 2 findings in 1 file\n"
    assert (here / PATH).read_text() == MYSQL
    patched = subprocess.run(
        ["git", "apply", "--check", "-p0"], input=shown.out, text=True, cwd=here, check=False
    )
    assert patched.returncode == 0
    assert lint("--fix") == 0
    assert capsys.readouterr().out == "No findings in 2 files.\npartway: fixed 2 findings in 1 file\n"
    fixed = (here / PATH).read_text()
    assert "IF NOT EXISTS" in fixed
    assert lint("--fix") == 0
    assert lint("--diff") == 0
    assert capsys.readouterr().out == "No findings in 2 files.\n"
    assert (here / PATH).read_text() == fixed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_encoding_mark_and_line_ends_are_kept(here: Path, encoding: str, newline: str) -> None:
    text = ("-- é🐘\n" + MYSQL).replace("\n", newline)
    (here / PATH).write_bytes(encode(text, encoding))
    assert lint("--fix", "--format", "json") == 0
    source = decode((here / PATH).read_bytes(), PATH)
    assert source.encoding == encoding
    assert "IF NOT EXISTS" in source.text
    assert source.text.startswith("-- é🐘" + newline)
    ends = source.text.replace("\r\n", "1").count("\n"), source.text.replace("\r\n", "2").count("\r")
    assert ends == {"\r\n": (0, 0), "\r": (0, ends[1]), "\n": (ends[0], 0)}[newline]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_mode_and_link_are_kept(here: Path) -> None:
    target = here / "shared.sql"
    (here / PATH).rename(target)
    target.chmod(0o640)
    (here / PATH).symlink_to(target)
    assert lint("--fix") == 0
    assert (here / PATH).is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert "IF NOT EXISTS" in target.read_text()
    assert [entry.name for entry in here.iterdir() if entry.name.startswith(".partway")] == []


def test_text_on_stdin_comes_out_fixed(here: Path) -> None:
    arguments = ("lint", "--dialect", "mysql", "--fix", "-", "--stdin-filename", "db/migrations/9_x.sql")
    done = partway(*arguments, cwd=here, stdin=MYSQL.encode())
    assert done.stdout.startswith("CREATE TABLE IF NOT EXISTS a")
    assert "findings in" in done.stderr
    quiet = partway(*arguments, cwd=here, stdin=QUIET.encode())
    assert quiet.stdout == QUIET
    marked = partway(*arguments, cwd=here, stdin=encode(QUIET.replace("\n", "\r\n"), "utf-8-sig"))
    assert marked.stdout == "\ufeff" + QUIET.replace("\n", "\r\n")


def test_unsafe_fixes_are_applied_only_with_consent(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "INSERT INTO a (id) VALUES (1);\nINSERT INTO b (id) VALUES (1);\n"
    (here / PATH).write_text(text)
    lint("--fix", PATH)
    assert (here / PATH).read_text() == text
    assert "with --fix --unsafe-fixes" in capsys.readouterr().out
    lint("--fix", "--unsafe-fixes", PATH)
    assert "INSERT IGNORE" in (here / PATH).read_text()


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text("new")
    with pytest.raises(Changed):
        replace(str(path), b"old", b"fixed")
    assert path.read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_file_that_may_not_be_written_is_left_alone(here: Path) -> None:
    (here / PATH).chmod(0o444)
    command = [sys.executable, "-m", "partway", "lint", "--dialect", "mysql", "--fix"]
    if os.geteuid() == 0:  # root may write everything, as long as it has this capability
        command = ["setpriv", "--bounding-set=-dac_override", *command]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{PATH}: cannot be written: permission denied" in done.stderr
    assert (here / PATH).read_text() == MYSQL


def _linter(*fixes: tuple[str, Fix], trouble_in: str = "\0") -> Callable[[SourceFile], Linted]:
    """A linter that offers a fix as long as the text holds a word."""

    def lint(source: SourceFile) -> Linted:
        troubles = (Trouble(Span(0, 0), "?"),) if trouble_in in source.text else ()
        found = [
            Diagnostic(f"no-{word}", Group.SYNTAX, Severity.INFO, "", "", Span(0, 1), fix)
            for word, fix in fixes
            if word in source.text
        ]
        return Linted(Migration(source, "sql", "mysql", (), "", (), troubles=troubles), found)

    return lint


def insert(at: int, text: str, applicability: Applicability = Applicability.SAFE) -> Fix:
    return Fix("", (Edit(Span(at, at), text),), applicability)


def test_a_fix_that_makes_trouble_is_not_applied() -> None:
    mended = mend(SourceFile("a.sql", "abc"), _linter(("abc", insert(3, "(")), trouble_in="("), unsafe=False)
    assert (mended.source.text, mended.applied, mended.refused) == ("abc", 0, ("no-abc",))


def test_fixes_in_each_others_way_take_turns() -> None:
    wrap = Fix("", (Edit(Span(0, 0), "<"), Edit(Span(3, 3), ">")))
    inside = Fix("", (Edit(Span(1, 2), "B"),))
    first = _linter(("abc", wrap), ("abc", inside))(SourceFile("a.sql", "abc")).diagnostics
    assert [one.fix for one in disjoint(first)] == [wrap]
    apart = _linter(("abc", insert(0, "1")), ("abc", insert(0, "2")), ("abc", insert(3, "3")))
    taken = disjoint(apart(SourceFile("a.sql", "abc")).diagnostics)
    assert [one.fix for one in taken] == [insert(0, "1"), insert(3, "3")]


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    there, back = Fix("", (Edit(Span(0, 1), "b"),)), Fix("", (Edit(Span(0, 1), "a"),))
    mended = mend(SourceFile("a.sql", "a"), _linter(("a", there), ("b", back)), unsafe=False)
    assert mended.source.text in ("a", "b")


def test_display_only_fixes_are_never_applied() -> None:
    lint = _linter(("a", insert(0, "x", Applicability.DISPLAY_ONLY)))
    assert mend(SourceFile("a.sql", "a"), lint, unsafe=True).source.text == "a"


def test_a_diff_counts_lines_as_patch_does(tmp_path: Path) -> None:
    before, after = "a\u2028b\x0cc\r\nd", "a\u2028b\x0cC\r\ne"
    (tmp_path / "f").write_bytes(before.encode())
    text = diff("f", before, after)
    assert text.count("No newline at end of file") == 2
    subprocess.run(["git", "apply", "-p0", "-"], input=text.encode(), cwd=tmp_path, check=True)
    assert io.TextIOWrapper((tmp_path / "f").open("rb"), newline="").read() == after


def test_a_mistake_in_partway_leaves_the_file_alone(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object, **__: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("partway.fixing.apply_edits", wrong)
    assert lint("--fix", "--no-cache") == 1
    shown = capsys.readouterr()
    assert f"{PATH}: not fixed: a mistake in Partway, please report it: KeyError: 'oops'" in shown.err
    assert "2 findings in 1 of 2 files" in shown.out
    assert (here / PATH).read_text() == MYSQL
