"""Whatever is handed to `partway lint`: a message with the path, the documented exit code, the other files linted, and
never a traceback (`helper.partway` looks for one)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.helper import MYSQL, QUIET, partway, project

GOOD = "db/migrations/1_good.sql"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return project(tmp_path / "project", {GOOD: MYSQL})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"SELECT '\xe9';", "not valid UTF-8: 0xE9 at byte offset 8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL byte at offset 8: a binary file"),
        ("SELECT 1;".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xff\xfeS\x00E", "not valid UTF-16"),
    ],
)
def test_bytes_that_are_no_text(here: Path, content: bytes, message: str) -> None:
    project(here, {"db/migrations/2_bad.sql": content})
    done = partway("lint", cwd=here)
    assert (done.returncode, GOOD in done.stdout) == (1, True)
    assert "partway: error: db/migrations/2_bad.sql: " in done.stderr
    assert message in done.stderr
    alone = partway("lint", "db/migrations/2_bad.sql", cwd=here)
    assert (alone.returncode, alone.stdout) == (2, "")


def test_a_quiet_file_does_not_hide_that_another_one_was_not_read(tmp_path: Path) -> None:
    here = project(tmp_path, {"db/migrations/1.sql": QUIET, "db/migrations/2.sql": b"\xff"})
    assert partway("lint", "--dialect", "mysql", cwd=here).returncode == 1


def test_a_missing_path(here: Path) -> None:
    done = partway("lint", "nowhere.sql", GOOD, cwd=here)
    assert (done.returncode, GOOD in done.stdout) == (2, True)
    assert done.stderr == "partway: error: nowhere.sql: no such file or folder\n"
    assert partway("lint", f"{GOOD}/x", cwd=here).returncode == 2


def test_a_folder_without_migrations(tmp_path: Path) -> None:
    done = partway(
        "lint", "empty", cwd=project(tmp_path, {"empty/notes.txt": "", "empty/queries/a.sql": "SELECT 1;"})
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "partway: warning: empty: no migrations found in this folder\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_text_with_a_byte_order_mark_is_read(here: Path, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    project(here, {"db/migrations/2_wide.sql": mark + MYSQL.encode(encoding)})
    done = partway("lint", "--format", "github", cwd=here)
    assert "file=db/migrations/2_wide.sql,line=1,endLine=1,col=1" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_line_ends(here: Path, newline: str) -> None:
    project(here, {"db/migrations/2_lines.sql": MYSQL.replace("\n", newline)})
    done = partway("lint", "--format", "github", "db/migrations/2_lines.sql", cwd=here)
    assert "line=2,endLine=2" in done.stdout


def test_a_loop_of_links(here: Path) -> None:
    (here / "db/migrations/loop").symlink_to(here / "db", target_is_directory=True)
    (here / "db/migrations/self.sql").symlink_to("self.sql")
    (here / "db/migrations/broken.sql").symlink_to("nothing.sql")
    done = partway("lint", cwd=here)
    assert (done.returncode, done.stdout.count(f"{GOOD}:1:")) == (1, done.stdout.count("good.sql:1:"))
    assert "self.sql: cannot be read: too many levels of symbolic links" in done.stderr
    assert "broken.sql: cannot be read: no such file or directory" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(here: Path) -> None:
    os.mkfifo(here / "db/migrations/2_pipe.sql")
    assert partway("lint", cwd=here).returncode == 1


def test_a_file_and_a_folder_that_may_not_be_read(here: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has other permissions")
    project(here, {"db/migrations/2_secret.sql": MYSQL, "db/migrations/closed/3.sql": MYSQL})
    (here / "db/migrations/2_secret.sql").chmod(0)
    (here / "db/migrations/closed").chmod(0)
    command = [sys.executable, "-m", "partway", "lint"]
    if os.geteuid() == 0:  # root may read everything, as long as it has these capabilities
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    try:
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    finally:
        (here / "db/migrations/closed").chmod(0o755)
    assert (done.returncode, GOOD in done.stdout) == (1, True)
    assert "db/migrations/2_secret.sql: cannot be read: permission denied" in done.stderr
    assert "db/migrations/closed: permission denied" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fromat", "json"], "there is no option --fromat; did you mean `--format`?"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--server-version", "new"], "'new' is not a version such as 15 or 8.0.36"),
        (["--jobs", "0"], "0 is not a number of processes"),
        (
            ["--select", "unguarded-crate"],
            "no rule or group `unguarded-crate`; did you mean `unguarded-create`?",
        ),
        (["--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
        (["--fix", "--diff"], "choose one"),
        (["--baseline", "none.json"], "none.json: cannot read the baseline: No such file"),
        (["--stdin-filename", "a.sql"], "--stdin-filename needs - as a path"),
        (["--statistics", "--format", "sarif"], "--statistics has no sarif format"),
        (["lint2"], "lint2: no such file or folder"),
    ],
)
def test_wrong_usage(here: Path, arguments: list[str], message: str) -> None:
    done = partway("lint", *arguments, cwd=here)
    assert done.returncode == 2
    assert message in done.stderr


def test_an_unknown_command(here: Path) -> None:
    done = partway("lnt", cwd=here)
    assert done.returncode == 2
    assert "invalid choice: 'lnt'" in done.stderr


def test_a_broken_configuration(here: Path) -> None:
    project(here, {"partway.toml": 'dialect = "mysql"\nignroe = []\n'})
    done = partway("lint", cwd=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("partway.toml:2: unknown key `ignroe`; did you mean `ignore`?\n")
    project(here, {"partway.toml": 'ignore = ["unguarded-crate"]'})
    for _ in range(2):  # told again when everything is cached
        done = partway("lint", cwd=here)
        assert done.returncode == 2
        assert "partway.toml:1: `ignore` names no rule or group: `unguarded-crate`" in done.stderr


def test_a_large_file(here: Path) -> None:
    row = "INSERT INTO a (id, name) VALUES (1, 'some text that goes on for a while, and on');\n"
    text = "CREATE TABLE a (id int) ENGINE = InnoDB;\nCOMMIT;\n" + "-- " + "x" * 10_000_000 + "\n" + row
    project(here, {"db/migrations/2_large.sql": text})
    start = time.monotonic()
    done = partway("lint", "db/migrations/2_large.sql", "--dialect", "mysql", cwd=here)
    assert done.returncode == 1
    assert time.monotonic() - start < 60
    assert max(map(len, done.stdout.splitlines())) < 2000


def test_a_hundred_thousand_statements(here: Path) -> None:
    add = "ALTER TABLE t ADD COLUMN c{} int;\n"
    text = add.format(1) + "COMMENT ON TABLE t IS 'many';\n" * 100_000 + add.format(2)
    project(here, {"db/migrations/2_many.sql": text})
    arguments = ("--dialect", "postgresql", "--select", "unguarded-add", "--format", "github")
    done = partway("lint", "db/migrations/2_many.sql", *arguments, cwd=here)
    assert done.returncode == 1
    assert re.findall(r",line=(\d+),", done.stdout) == ["1", "100002"]


@pytest.mark.parametrize(
    "nested", ["(" * 50_000, "/*" * 50_000, "SELECT " + "(" * 20_000 + "1" + ")" * 20_000 + ";"]
)
def test_deep_nesting(here: Path, nested: str) -> None:
    project(here, {"db/migrations/2_deep.sql": nested + "\n"})
    done = partway("lint", cwd=here)
    assert done.returncode == 1
    assert GOOD in done.stdout
    assert "a mistake in Partway" not in done.stderr


def test_a_path_that_no_terminal_can_show(tmp_path: Path) -> None:
    here = project(tmp_path, {})
    name = os.fsdecode(b"db/migrations/1_\xff\x1b[31m.sql")
    try:
        project(here, {name: MYSQL})
    except OSError:
        pytest.skip("this file system takes only text for names")
    for form in ("text", "json", "sarif", "github", "gitlab", "junit"):
        done = partway("lint", "--format", form, cwd=here)
        assert done.returncode == 1
        assert form == "github" or "\x1b" not in done.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        ("lint",),
        ("lint", "--format", "json"),
        ("inspect", GOOD),
        ("rules",),
        ("explain", "unguarded-create"),
        ("--help",),
    ],
)
def test_an_output_that_is_full(here: Path, words: tuple[str, ...], buffered: bool) -> None:
    """As with `partway lint > report.txt` on a full disk: a line that says so, and not the code of a clean run."""
    command = [sys.executable, "-m", "partway", *words]
    env = {**os.environ, "PYTHONUNBUFFERED": "" if buffered else "1"}
    with open("/dev/full", "w") as full:
        done, both = (
            subprocess.run(
                command, cwd=here, env=env, stdout=full, stderr=errors, text=True, check=False, timeout=60
            )
            for errors in (subprocess.PIPE, full)
        )
    assert done.stderr == "partway: error: the output cannot be written: No space left on device\n"
    assert (done.returncode, both.returncode) == (2, 2)


def test_a_reader_that_has_seen_enough(here: Path) -> None:
    project(here, {f"db/migrations/{number}_x.sql": MYSQL * 40 for number in range(2, 40)})
    command = f"{sys.executable} -m partway lint | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=here, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupt_is_quiet(here: Path) -> None:
    command = [sys.executable, "-m", "partway", "lint", "-"]
    with subprocess.Popen(
        command, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as one:
        time.sleep(1)  # it waits for text on stdin by now
        one.send_signal(signal.SIGINT)
        out, complaint = one.communicate(timeout=30)
    assert (one.returncode, out, complaint) == (130, b"", b"")


def test_a_program_that_is_no_migration_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("print('DROP TABLE users')\n")
    for command in ("lint", "inspect"):
        done = partway(command, "setup.py", cwd=tmp_path)
        assert done.returncode == 2, command
        assert "setup.py: no migration of a tool that Partway knows" in done.stderr
