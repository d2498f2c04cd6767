"""Where a change of rows stands, which no catalog shows: what is said is no more and no less than what can be known."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.cli.main import main
from tests.engines.plugin import Labs
from tests.status.conftest import Status
from tests.status.tracking_tables import record

STATEMENTS = {
    "a": "CREATE TABLE a (x int)",
    "b": "CREATE TABLE b (x int)",
    "i": "INSERT INTO z VALUES (1)",
    "u": "UPDATE z SET x = 2",
}
#: A file by its statements, and after how many of them it is half way (1), is not (0), or cannot be told (2). An exit
#: code, in other words.
CASES = {
    "ai": (0, 2, 2),
    "aiu": (0, 2, 2, 2),
    "abi": (0, 1, 2, 2),
    "ia": (2, 2, 0),
    "aib": (0, 1, 1, 0),
    "iab": (2, 2, 1, 0),
    "i": (2, 2),
    "iu": (2, 2, 2),
}
POINTS = [
    pytest.param(shape, count, code, id=f"{shape}-{count}")
    for shape, codes in CASES.items()
    for count, code in enumerate(codes)
]
BASE = "CREATE TABLE z (x int);\n"
AFTER = "CREATE TABLE y (x int);\n"


def laid_out(labs: Labs, engine: str, folder: Path, shape: str, count: int, *more: str) -> str:
    """A project of a base and this migration, of whose statements so many have run; the database's URL."""
    lab = labs(engine)
    lab.fresh()
    (folder / ".git").mkdir()
    (folder / "migrations").mkdir()
    texts = [BASE, "".join(f"{STATEMENTS[one]};\n" for one in shape), *more]
    for number, text in enumerate(texts, 1):
        (folder / "migrations" / f"{number}_step.sql").write_text(text)
    lab.execute(BASE, *(STATEMENTS[one] for one in shape[:count]))
    return lab.url


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
@pytest.mark.parametrize(("shape", "count", "code"), POINTS)
def test_of_no_tool(
    shape: str, count: int, code: int, engine: str, labs: Labs, status: Status, tmp_path: Path
) -> None:
    url = laid_out(labs, engine, tmp_path, shape, count)
    for path in (tmp_path / "migrations", tmp_path / "migrations" / "2_step.sql"):
        said = status(path, url, "--tool", "sql")
        assert said.code == code, said.documents
        assert said.of("2_step")["half_way"] is (False, True, None)[code]


@pytest.mark.parametrize("shape", ["ai", "aiu", "ia", "i"])
def test_of_no_tool_where_a_later_one_has_run(shape: str, labs: Labs, status: Status, tmp_path: Path) -> None:
    url = laid_out(labs, "mariadb", tmp_path, shape, len(shape), AFTER)
    labs("mariadb").execute(AFTER)
    said = status(tmp_path / "migrations", url, "--tool", "sql")
    assert said.code == 0, said.documents
    assert said.of("2_step")["failure_point"] == {"after": len(shape) - 1, "before": len(shape)}


def test_of_no_tool_where_the_next_one_is_pending(labs: Labs, status: Status, tmp_path: Path) -> None:
    url = laid_out(labs, "mariadb", tmp_path, "ai", 2, AFTER)
    said = status(tmp_path / "migrations", url, "--tool", "sql")
    assert said.code == 2
    assert said.of("2_step")["sentence"] == (
        "2_step created table a; whether it stopped before inserting into z, or ran to its end, cannot be told"
    )
    assert said.of("3_step")["half_way"] is False


def test_in_words(labs: Labs, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = laid_out(labs, "mariadb", tmp_path, "aib", 1, AFTER, "CREATE TABLE x (y int);\n")
    assert main(["status", str(tmp_path / "migrations"), "--database", url, "--tool", "sql"]) == 1
    said = capsys.readouterr().out.replace(f"{tmp_path}/", "").splitlines()
    assert said[0] == "2_step is half applied"
    assert said[3:] == [
        (
            "half-way     migrations/2_step.sql  created table a and stopped between operation 0 and 2:"
            " whether inserting into z ran shows nowhere"
        ),
        " " * 13
        + "3 migrations of which no tool keeps books: 1 applied, 2 not begun, as far as the catalog shows",
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_not_recorded(count: int, labs: Labs, status: Status, tmp_path: Path) -> None:
    """Somebody has to do something, whether the change of rows has run or only the record is missing."""
    url = laid_out(labs, "mariadb", tmp_path, "ai", count)
    first, second = (tmp_path / "migrations" / f"{number}_step.sql" for number in (1, 2))
    for path in (first, second):
        path.write_text(f"-- migrate:up\n{path.read_text()}")
    record(labs("mariadb"), "dbmate", [str(first)])
    said = status(tmp_path / "migrations", url, "--tool", "dbmate")
    assert said.code == 1
    assert said.verdicts() == {"1_step": "complete", "2_step": "half-way"}
    assert said.of("2_step")["sentence"] == (
        "2_step: not recorded, 1 to 2 of 2 operations applied: it failed half way, or before it was recorded;"
        " it created table a; whether it stopped before inserting into z, or ran to its end, cannot be told"
    )


@pytest.mark.parametrize("tool", ["sql", "dbmate"])
def test_what_is_in_the_way_is_not_what_ran(tool: str, labs: Labs, status: Status, tmp_path: Path) -> None:
    """Behind what has not run there is something of a name that it will want: it has not failed yet."""
    url = laid_out(labs, "mariadb", tmp_path, "ab", 0)
    labs("mariadb").execute("CREATE TABLE b (other text)")
    first, second = (tmp_path / "migrations" / f"{number}_step.sql" for number in (1, 2))
    if tool == "dbmate":
        for path in (first, second):
            path.write_text(f"-- migrate:up\n{path.read_text()}")
        record(labs("mariadb"), tool, [str(first)])
    for path in (tmp_path / "migrations", second):
        said = status(path, url, "--tool", tool)
        assert said.code == 0, said.documents
        found = said.of("2_step")
        assert [one["state"] for one in found["operations"] if one["state"]] == ["pending", "different"]
        assert "table b is there, but column b.x is not there" in found["sentence"]
