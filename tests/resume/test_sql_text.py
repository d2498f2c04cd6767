"""What resume migrations in SQL look like: parsers that are not ours take them, and nothing is left lying about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pglast
import pytest
import sqlglot

from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.finishing import Assumed, finish_unasked
from partway.surveyed import Given
from partway.tools.choice import Choice
from partway.tools.history import File
from partway.tools.reading import read
from partway.tools.resuming import CannotResume
from tests.resume.sql.migrations import Case, cases, split

PATH = "/project/db/migrations/20260215093000_case.sql"
_BLOCK = re.compile(r"^DO (\$\w*\$)\n(.*?)\n\1;$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_WIDEST = 100


def texts(engine: str) -> Iterator[tuple[Case, str]]:
    """What is written for each migration without a database: as far as nothing ran, and half of it."""
    dialect = engine.rstrip("0123456789")
    for case in cases(engine):

        def reading(case: Case = case) -> Analysis:
            return analyse(read(SourceFile(PATH, case.up), Choice("sql", dialect, (), "none")), ())

        total = len(reading().migration.sections[0].operations)
        given = Given("case.sql", File(PATH, case.up), "sql", {}, reading)
        half = frozenset(range(total // 2))
        for assumed in (Assumed(), Assumed(half, frozenset(range(total)) - half)):
            try:
                yield case, finish_unasked(given, [], dialect, assumed).resumed.text
            except CannotResume:
                continue


def test_postgresql_takes_them() -> None:
    """PostgreSQL's own parsers: that of SQL, and that of PL/pgSQL for what stands in blocks."""
    found = 0
    for case, text in texts("postgresql18"):
        try:
            pglast.parse_sql(text)
            for block in _BLOCK.finditer(text):
                pglast.parse_plpgsql(
                    f"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$\n{block[2]}\n$f$"
                )
                found += 1
        except pglast.parser.ParseError as error:
            pytest.fail(f"{case.name}: {error}\n{text}")
    assert found > 100


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_what_is_prepared_is_a_statement_as_its_author_wrote_it(engine: str) -> None:
    """The statement that a condition chooses is a string, which a lexer that is not ours reads as it was outside."""
    found = 0
    for case, text in texts(engine):
        for statement in split(text, engine):
            if not statement.upper().startswith("SET @PARTWAY = IF("):
                continue
            said = _strings(statement)
            assert said, statement
            its_own = any(_plain(each) in _plain(case.up) for each in said)
            assert its_own or said[0].startswith(("SELECT COUNT(*) INTO @partway_rows ", "DO 0")), statement
            found += its_own
    assert found > 50


def _strings(statement: str) -> list[str]:
    """The last two arguments of the IF, as the server reads them."""
    tokens = sqlglot.tokenize(statement, dialect="mysql")
    return [one.text for one in tokens if one.token_type is sqlglot.TokenType.STRING][-2:]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.replace("\\", ""))


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "mysql", "sqlite"])
def test_they_are_laid_out(engine: str) -> None:
    for case, text in texts(engine):
        where = f"{case.name}:\n{text}"
        plain = text.replace("\r\n", "\n")
        assert plain.endswith("\n"), where
        assert not plain.endswith("\n\n"), where
        ours = [line for line in plain.splitlines() if line.strip() not in case.up]
        assert not [line for line in ours if line != line.rstrip()], where
        assert not [line for line in ours if line.startswith("--") and len(line) > _WIDEST], where
        assert "\n\n\n" not in plain.replace(case.up, ""), where


def test_the_projects_folder_is_in_none_of_them() -> None:
    folder = str(Path(PATH).parent)
    assert not [text for _, text in texts("postgresql18") if folder in text]
