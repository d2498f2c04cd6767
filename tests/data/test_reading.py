"""What the actions of a data change say besides their verdict: targets, guards, traits, order, known tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

from partway.core.operation import FILLS_SOME, Action, GuardForm
from partway.core.postcondition import Name
from partway.dialects import dialect_named
from partway.sql.data.context import DataContext, TableFacts
from partway.sql.data.statement import read_data
from partway.sql.lexer import lex
from tests.data.cases import actions

ROLES = TableFacts(
    columns=("id", "name", "level", "active"),
    keys=(frozenset({"id"}), frozenset({"name"})),
    generated=frozenset({"id"}),
    defaults={"active": "true"},
)
KNOWN = DataContext({Name("roles"): ROLES, Name("log"): TableFacts(("line",))}, frozenset({Name("staging")}))


def one(sql: str, dialect: str = "postgresql", context: DataContext = KNOWN) -> Action:
    found = actions(sql, dialect, context)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("dialect", "sql", "goes_on"),
    [
        ("mysql", "UPDATE t SET n = 1 WHERE n IS NULL LIMIT 5", True),
        ("mysql", "UPDATE t SET t.n = 1 WHERE k > 2 AND `n` IS NULL ORDER BY id LIMIT 5", True),
        ("postgresql", "UPDATE t SET n = 1 WHERE id IN (SELECT id FROM t WHERE n IS NULL LIMIT 5)", True),
        (
            "postgresql",
            "UPDATE t SET n = k WHERE id = ANY (SELECT id FROM t AS x WHERE x.n IS NULL LIMIT 5)",
            True,
        ),
        (
            "postgresql",
            "WITH some AS (SELECT id FROM t WHERE n IS NULL LIMIT 5) UPDATE t SET n = k FROM some WHERE some.id = t.id",
            True,
        ),
        ("mysql", "UPDATE t SET n = k + 1 WHERE k IS NULL LIMIT 5", False),
        (
            "postgresql",
            "UPDATE t SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE k IS NULL LIMIT 5)",
            False,
        ),
        ("postgresql", "UPDATE t SET n = n + 1 WHERE n IS NOT NULL", False),
        ("postgresql", "UPDATE t SET n = 1 WHERE id IN (SELECT id FROM t WHERE n = 0 LIMIT 5)", False),
        ("postgresql", "UPDATE t SET n = n + 1, s = 'n IS NULL LIMIT 5'", False),
    ],
)
def test_an_update_that_fills_some_rows_at_a_time(dialect: str, sql: str, goes_on: bool) -> None:
    assert (FILLS_SOME in actions(sql, dialect, KNOWN)[-1].traits) is goes_on


@pytest.mark.parametrize(
    ("dialect", "sql", "target"),
    [
        ("postgresql", "INSERT INTO Public.Roles (name) VALUES ('a')", "public.roles"),
        ("postgresql", 'UPDATE ONLY "My Table" AS m SET a = 1', "My Table"),
        ("postgresql", "DELETE FROM a.b USING c WHERE c.id = b.id", "a.b"),
        ("postgresql", "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "t"),
        ("postgresql", "COPY public.t (a, b) FROM stdin WITH (FORMAT csv)", "public.t"),
        ("mysql", "INSERT LOW_PRIORITY IGNORE `db`.`Roles` PARTITION (p0) (name) VALUES ('a')", "db.Roles"),
        ("mysql", "UPDATE a JOIN b ON a.id = b.a_id SET b.n = 1", "b"),
        ("mysql", "DELETE x FROM a AS x JOIN b ON b.id = x.b_id", "a"),
        ("mysql", "LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE db.t FIELDS TERMINATED BY ','", "db.t"),
        ("sqlite", "REPLACE INTO [my table] (id) VALUES (1)", "my table"),
    ],
)
def test_targets_are_named_as_stored(dialect: str, sql: str, target: str) -> None:
    assert one(sql, dialect).target == target


@pytest.mark.parametrize(
    ("dialect", "sql", "form", "text"),
    [
        ("postgresql", "INSERT INTO t (k) VALUES (1) ON CONFLICT (k) DO NOTHING RETURNING k", "conflict",
         "ON CONFLICT (k) DO NOTHING"),
        ("mysql", "INSERT IGNORE INTO t (k) VALUES (1)", "conflict", "IGNORE"),
        ("mysql", "REPLACE INTO t VALUES (1)", "conflict", "REPLACE"),
        ("sqlite", "INSERT OR IGNORE INTO t (k) VALUES (1)", "conflict", "OR IGNORE"),
        ("mysql", "INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id", "conflict",
         "ON DUPLICATE KEY UPDATE id = id"),
        ("postgresql", "INSERT INTO t (k) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t WHERE k = 1)", "condition",
         "WHERE NOT EXISTS (SELECT 1 FROM t WHERE k = 1)"),
        ("postgresql", "UPDATE t SET n = n + 1 WHERE n = 1 RETURNING n", "condition", "WHERE n = 1"),
    ],
)  # fmt: skip
def test_guards_are_found_where_they_are_written(dialect: str, sql: str, form: str, text: str) -> None:
    guard = one(sql, dialect).guard
    assert guard is not None
    assert guard.form == GuardForm(form)
    assert sql[guard.span.start : guard.span.end] == text
    assert guard.covers


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO roles (level) VALUES (1) ON CONFLICT DO NOTHING",
        "INSERT INTO roles (level) VALUES (1) ON CONFLICT (id) DO NOTHING",
        "INSERT INTO log VALUES ('x') ON CONFLICT DO NOTHING",
        "INSERT INTO other (id) VALUES (gen_random_uuid()) ON CONFLICT (id) DO NOTHING",
        "INSERT INTO log SELECT 'x' WHERE NOT EXISTS (SELECT 1 FROM log WHERE line = 'y')",
    ],
)
def test_a_guard_that_never_holds_says_why(sql: str) -> None:
    action = one(sql)
    assert action.repeat == "changes"
    assert action.guard is not None
    assert not action.guard.covers
    assert action.guard.flaw


@pytest.mark.parametrize(
    ("sql", "repeat"),
    [
        ("INSERT INTO roles (id, name) VALUES (1, 'a')", "fails"),
        ("INSERT INTO roles (name) VALUES ('a')", "fails"),
        ("INSERT INTO roles VALUES (DEFAULT, 'a', 1, true)", "fails"),
        ("INSERT INTO roles (level) VALUES (1)", "changes"),
        ("INSERT INTO roles (id, name) VALUES (DEFAULT, NULL)", "changes"),
        ("INSERT INTO log VALUES ('x')", "changes"),
        ("COPY roles FROM stdin", "fails"),
        ("COPY log FROM stdin", "changes"),
        ("INSERT INTO roles (name) VALUES ('a') ON CONFLICT DO NOTHING", "same"),
        ("INSERT INTO roles (name) VALUES ('a') ON CONFLICT (name) DO UPDATE SET active = true", "same"),
        ("INSERT INTO roles (name) VALUES ('a') ON CONFLICT (name) DO UPDATE SET active = false", "changes"),
        ("INSERT INTO roles (name) VALUES ('a') ON CONFLICT (name) DO UPDATE SET level = NULL", "same"),
        ("INSERT INTO log SELECT line FROM staging", "same"),
        ("INSERT INTO log SELECT line FROM elsewhere", "changes"),
    ],
)
def test_what_the_file_says_about_tables_decides(sql: str, repeat: str) -> None:
    assert one(sql).repeat == repeat


@pytest.mark.parametrize(
    ("sql", "trait"),
    [
        ("UPDATE t SET n = n + 1", "compounding"),
        ("UPDATE t SET at = now()", "volatile"),
        ("UPDATE t SET n = 1 WHERE id IN (SELECT id FROM t WHERE n = 0 LIMIT 5)", "limit"),
        ("INSERT INTO t (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = 3", "overwrites"),
        ("INSERT INTO roles (name) VALUES ('a')", "keyed"),
        ("INSERT INTO log SELECT 'x'", "from-select"),
        ("SELECT setval('s', 1)", "sequence"),
        ("SELECT my_function()", "unknown-function"),
        ("COPY t FROM stdin", "from-stdin"),
        ("COPY t TO stdout", "to"),
    ],
)
def test_traits_say_why(sql: str, trait: str) -> None:
    assert trait in one(sql).traits


def test_changes_in_with_queries_come_first_and_in_order() -> None:
    sql = """WITH a AS (INSERT INTO x VALUES (1) RETURNING id), b AS (SELECT 1), c AS (DELETE FROM y RETURNING *)
      INSERT INTO z SELECT * FROM c"""
    found = actions(sql, "postgresql")
    assert [(action.kind, action.target, action.repeat.value) for action in found] == [
        ("insert", "x", "changes"), ("delete", "y", "same"), ("insert", "z", "same"),
    ]  # fmt: skip
    assert all(action.span == (0, len(sql)) for action in found)


def test_explain_runs_nothing_but_analyze_does() -> None:
    assert actions("EXPLAIN DELETE FROM t", "postgresql") == []
    assert one("EXPLAIN (ANALYZE, BUFFERS) UPDATE t SET n = n + 1").repeat == "changes"
    assert actions("EXPLAIN (ANALYZE FALSE) UPDATE t SET n = n + 1", "postgresql") == []


@pytest.mark.parametrize(
    "sql",
    ["SELECT * INTO copied FROM t", "CREATE TABLE t (id int)", "WITH a AS (SELECT 1) SELECT * INTO b FROM a"],
)
def test_what_is_no_data_change_is_left_to_others(sql: str) -> None:
    postgresql = dialect_named("postgresql")
    assert read_data(sql, lex(sql, postgresql.lexis).tokens, postgresql, ()) is None


def test_nothing_heavy_is_imported() -> None:
    heavy = ("sqlglot", "logging", "typing_extensions")
    program = f"import sys, partway.sql.data; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
