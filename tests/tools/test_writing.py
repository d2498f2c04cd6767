"""Guards written into the files of tools that do not take every statement beside every other one."""

from __future__ import annotations

from partway.core.edit import apply_edits
from partway.core.source import SourceFile
from partway.linting import Linted, Selection, lint
from partway.tools.choice import Choice

_GOOSE = """-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY t_a ON t (a);
-- +goose StatementEnd
"""


def _lint(path: str, text: str, **settings: str) -> Linted:
    choice = Choice(dialect="postgresql", settings=tuple(settings.items()))
    return lint(SourceFile(path, text), choice, Selection())


def _fixed(path: str, text: str) -> str:
    edits = [edit for one in _lint(path, text).diagnostics if one.fix for edit in one.fix.edits]
    return apply_edits(text, edits)


def test_goose_clears_an_invalid_index_in_a_query_of_its_own() -> None:
    """What stands between two annotations is one query, in which CONCURRENTLY would be refused beside a DO block."""
    path = "db/migrations/20240101000000_a.sql"
    fixed = _fixed(path, _GOOSE)
    assert fixed.count("StatementBegin") == fixed.count("StatementEnd") == 2
    assert fixed.index("StatementEnd") < fixed.index("CREATE INDEX CONCURRENTLY IF NOT EXISTS")
    assert not _lint(path, fixed).diagnostics


def test_flyway_keeps_concurrently_by_itself() -> None:
    """Flyway refuses a file in which a DO block stands beside CREATE INDEX CONCURRENTLY, unless mixed is set."""
    path = "db/migration/V2__index.sql"
    text = "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a ON t (a);\n"
    found = _lint(path, text).diagnostics
    assert [(one.rule, one.fix) for one in found] == [("guard-hides-invalid-index", None)]
    mixed = _lint(path, text, **{"flyway.mixed": "true"}).diagnostics
    assert [one.fix is not None for one in mixed] == [True]
