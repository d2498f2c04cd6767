"""Tables and files of any content: whatever is there, reading it does not raise."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.postcondition import Name
from partway.dialects.questions import quoted
from partway.tools.history import File, Target, history_of, read_history, read_holders
from partway.tools.recorded import recorded
from tests.history.catalog import TOOLS

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=12),
    st.binary(max_size=8),
    st.floats(allow_nan=True),
    st.datetimes(timezones=st.just(dt.UTC)),
)
ROWS = st.lists(st.lists(VALUES, max_size=11).map(tuple), max_size=4)
PATHS = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"(sql/)?[VRU]?[0-9_.]{0,5}_{1,2}[a-z]{0,3}(\\.up|\\.down)?\\.(sql|rb|py)", fullmatch=True),
    st.from_regex(
        r"app/migrations/[0-9]{0,4}[_a-z]{0,4}\\.py|m/[0-9]{1,3}_a/migration\\.sql", fullmatch=True
    ),
)
WORDS = (
    "class Migration:\n", "    dependencies = [('app', '0001')]\n", "    replaces = [", "    run_before = 1\n",
    "revision = 'a'\n", "down_revision = ('a', 'b')\n", "depends_on = revision\n", "'", "(", "\x00",
    "CREATE TABLE a;\n",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=6).map("".join))


@pytest.mark.parametrize("tool", list(TOOLS))
@given(
    rows=ROWS,
    files=st.lists(st.builds(File, PATHS, TEXTS), max_size=4),
    dialect=st.sampled_from(("postgresql", "mysql", "mariadb", "sqlite")),
)
def test_any_rows_and_any_files(
    tool: str, rows: list[tuple[object, ...]], files: list[File], dialect: str
) -> None:
    module = history_of(tool)
    target = Target(dialect, {}, "shop", "public")
    order = module.order(files, {})
    for columns in ([], [("public", "version")]):
        history = read_history(tool, module.table(target), columns, rows)
        for file in files:
            found = recorded(history, order, file)
            assert found.words
            marking = module.mark_done(target, history, order, file)
            assert bool(marking.refusal) is not bool(marking.sql)


@given(rows=ROWS)
def test_any_holders(rows: list[tuple[object, ...]]) -> None:
    assert len(read_holders([row for row in rows if row])) <= len(rows)


@pytest.mark.parametrize("tool", list(TOOLS))
@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite"])
def test_queries_only_read(tool: str, dialect: str) -> None:
    """Whatever the names are."""
    module = history_of(tool)
    target = Target(dialect, {}, "shop", "public")
    for name in ("plain", "a'b", 'a"b', "a`b", "x; DROP TABLE y"):
        query = module.rows(target, Name(name, "s"), ["version", name])
        assert query.startswith("SELECT ")
        assert quoted(dialect, Name(name, "s")) in query
