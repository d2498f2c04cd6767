"""Names given to what has none: each must be the one that the real engine chooses, or none at all."""

from __future__ import annotations

import re

import pytest

from partway.core.postcondition import Name
from partway.dialects import dialect_named
from partway.sql.guards import guard, names_given
from partway.sql.guards.naming import object_name
from tests.engines.plugin import Labs
from tests.guards.helper import guarded, operations, run, version

_LONG = "a_rather_long_table_name_that_goes_on_for_quite_a_while"
_SETUP = f"""
CREATE TABLE t (id int, a int, b text, "Größe" int, "{"c" * 60}" int, email text, data jsonb);
CREATE TABLE {_LONG} (id int, another_long_column_name_indeed int);
CREATE TABLE "Überlange Tabelle mit Umlauten: ääääääääääääääää" (id int, "öööööööööööööööööööööööööö" int);
CREATE TABLE u (id int UNIQUE, x int, y int, UNIQUE (x, y));
"""

#: Statements, each on the table that is named in it; None where no name may be given.
POSTGRESQL = [
    "CREATE INDEX ON t (a);",
    "CREATE INDEX ON t USING btree (a DESC NULLS LAST, b text_pattern_ops);",
    "CREATE UNIQUE INDEX ON public.t (lower(email));",
    "CREATE INDEX ON t (a, a);",
    "CREATE INDEX ON t (a, lower(b), upper(b)) INCLUDE (id);",
    "CREATE INDEX ON ONLY t (a) WHERE b IS NOT NULL;",
    "CREATE INDEX ON t ((a + 1));",
    "CREATE INDEX ON t ((coalesce(a, 0) + 1), coalesce(b, email));",
    "CREATE INDEX ON t ((data ->> 'x'), a);",
    'CREATE INDEX ON t ("Größe");',
    f'CREATE INDEX ON t ("{"c" * 60}", a, b, email);',
    f"CREATE INDEX ON {_LONG} (another_long_column_name_indeed);",
    'CREATE INDEX ON "Überlange Tabelle mit Umlauten: ääääääääääääääää" ("öööööööööööööööööööööööööö");',
    "ALTER TABLE t ADD UNIQUE (a, b);",
    "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a) INCLUDE (id);",
    "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u (id);",
    "ALTER TABLE t ADD FOREIGN KEY (id, a) REFERENCES u (x, y) ON DELETE CASCADE;",
    "ALTER TABLE t ADD CHECK (a > 0);",
    "ALTER TABLE t ADD CHECK (a > 0 AND a < 10 OR a IS NULL);",
    "ALTER TABLE t ADD CHECK (a > id);",
    "ALTER TABLE t ADD CHECK (1 > 0);",
    "ALTER TABLE t ADD CHECK (length(b) > 3 AND b ~ '^x');",
    "ALTER TABLE t ADD CHECK (b IN ('x', 'y'));",
    "ALTER TABLE t ADD CHECK (a::text <> 'x');",
    "ALTER TABLE t ADD CHECK (b = ANY (ARRAY['x'::text, 'y']));",
    "ALTER TABLE t ADD CHECK (CASE WHEN a > 0 THEN true ELSE false END);",
    'ALTER TABLE t ADD CHECK ("Größe" > 0) NOT VALID;',
    f"ALTER TABLE {_LONG} ADD CHECK (another_long_column_name_indeed BETWEEN 1 AND 2);",
    f"ALTER TABLE {_LONG} ADD CHECK (id > another_long_column_name_indeed);",
]
UNKNOWN = [
    "CREATE INDEX ON t ((a::text || b));",
    "CREATE INDEX ON t (cast(a AS bigint));",
    "CREATE INDEX ON t (trim(b));",
    "CREATE INDEX ON t ((CASE WHEN a > 0 THEN 1 END));",
    "ALTER TABLE t ADD CHECK (a::double precision > 0);",
    "ALTER TABLE t ADD CHECK (CAST(b AS date) > '2020-01-01');",
    "ALTER TABLE t ADD CHECK (t.a > 0);",
    "ALTER TABLE t ADD CHECK (b COLLATE \"C\" > 'x');",
    "ALTER TABLE t ADD EXCLUDE (a WITH =);",
]

_NAMES = """
SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'
"""


@pytest.mark.parametrize("statement", POSTGRESQL)
@pytest.mark.parametrize("engine_name", ["postgresql18", "postgresql15"])
def test_name_is_postgresqls(engine_name: str, statement: str, labs: Labs) -> None:
    """The first and, told that the first is taken, the second name that PostgreSQL itself gives."""
    lab = labs(engine_name)
    lab.fresh()
    run(lab, _SETUP)
    taken: list[str] = []
    for _ in range(2):
        before = set(lab.rows(_NAMES))
        run(lab, statement)
        (chosen,) = (str(row[0]) for row in set(lab.rows(_NAMES)) - before)
        (fix,) = guarded(statement, "postgresql", version(lab), fresh=True, taken=taken).fixes
        assert fix is not None
        assert _given(fix.title) == chosen
        taken.append(chosen)


@pytest.mark.parametrize("statement", UNKNOWN)
def test_name_is_not_guessed(statement: str) -> None:
    """Where the tokens do not tell what PostgreSQL would choose, there is no fix."""
    assert guarded(statement, "postgresql", (18,), fresh=True).fixes == [None]


def test_names_given_elsewhere_are_unsafe() -> None:
    """On a table from another migration, the name may be taken by another index."""
    assert not guarded("CREATE INDEX ON t (a);", "postgresql", (18,)).safe
    assert guarded("CREATE INDEX ON t (a);", "postgresql", (18,), fresh=True).safe


@pytest.mark.parametrize(
    ("statement", "taken"),
    [
        ("ALTER TABLE t ADD INDEX (a);", []),
        ("ALTER TABLE t ADD KEY (`b c`(10), a);", []),
        ("ALTER TABLE t ADD UNIQUE (a);", []),
        ("ALTER TABLE t ADD UNIQUE INDEX (a, `b c`(5));", ["A", "a_2"]),
        ("ALTER TABLE t ADD FULLTEXT (`b c`);", []),
    ],
)
@pytest.mark.parametrize("engine_name", ["mysql", "mariadb"])
def test_name_is_mysqls(engine_name: str, statement: str, taken: list[str], labs: Labs) -> None:
    """An index is called after its first column."""
    lab = labs(engine_name)
    lab.fresh()
    run(lab, "CREATE TABLE t (a int, `b c` varchar(50)) DEFAULT CHARSET utf8mb4")
    for name in taken:
        run(lab, f"CREATE INDEX `{name}` ON t (a)")
    names = "SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
    before = set(lab.rows(names))
    run(lab, statement)
    (chosen,) = (str(row[0]) for row in set(lab.rows(names)) - before)
    (fix,) = guarded(statement, lab.dialect, version(lab), fresh=True, taken=taken).fixes
    assert fix is not None
    assert _given(fix.title) == chosen


_SECTION = {
    "postgresql": """
        CREATE TABLE p (a int PRIMARY KEY, b int UNIQUE, UNIQUE (a, b));
        CREATE TABLE t (
            a int CHECK (a > 0) REFERENCES p, b int UNIQUE CHECK (b > a), c int, CHECK (c > 0), UNIQUE (a, c)
        );
        ALTER TABLE t ADD COLUMN d int CHECK (d > 0) REFERENCES p (b);
        CREATE INDEX ON t (a);
        CREATE INDEX ON t (a) WHERE b > 0;
        CREATE INDEX t_c_idx ON t (b);
        CREATE INDEX ON t (c);
        ALTER TABLE t ADD CHECK (a < 10), ADD CHECK (a < 9), ADD UNIQUE (a, c);
        ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (b), ADD FOREIGN KEY (a, b) REFERENCES p (a, b);
        ALTER TABLE t ADD UNIQUE (b), ADD CHECK (d > 1);
        ALTER TABLE t DROP CONSTRAINT t_b_key;
        ALTER INDEX t_c_idx1 RENAME TO t_d_idx;
        ALTER TABLE t ADD UNIQUE (b);
        CREATE INDEX ON t (c);
        CREATE INDEX ON t (d);
        DROP TABLE t;
        CREATE TABLE t (a int);
        CREATE INDEX ON t (a);
    """,
    "mysql": """
        CREATE TABLE o (a int, b int, INDEX (a), INDEX a_2 (b));
        CREATE TABLE t (a int UNIQUE, b int, c int, INDEX (b), UNIQUE KEY c (a));
        ALTER TABLE t ADD INDEX (a), ADD INDEX (b, c);
        ALTER TABLE t ADD UNIQUE (c);
        ALTER TABLE t ADD INDEX (a);
        ALTER TABLE t DROP INDEX a_2, RENAME INDEX b TO d;
        ALTER TABLE t ADD INDEX (a), ADD INDEX (b);
    """,
}
_MYSQL_NAMES = """
SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 't'
"""


@pytest.mark.parametrize("engine_name", ["postgresql18", "postgresql15", "mysql", "mariadb"])
def test_names_of_a_whole_section(engine_name: str, labs: Labs) -> None:
    """With nothing but what stands before each, the names that a section gives are the engine's, one by one."""
    lab = labs(engine_name)
    lab.fresh()
    family = "postgresql" if lab.dialect == "postgresql" else "mysql"
    text, names = _SECTION[family], _NAMES if family == "postgresql" else _MYSQL_NAMES
    dialect, server = dialect_named(lab.dialect), version(lab)
    made = operations(text, lab.dialect, server)
    for index, operation in enumerate(made):
        before = {str(row[0]) for row in lab.rows(names)}
        run(lab, text[operation.statement.start : operation.statement.end])
        chosen = {str(row[0]) for row in lab.rows(names)} - before
        taken = names_given(text, made[:index], Name("t"), dialect)
        assert taken is not None
        if any("unnamed" in action.traits for action in operation.actions):
            fix = guard(text, operation, dialect, server, newline="\n", fresh=True, taken=taken)
            assert fix is not None
            assert set(_given(fix.title).split(" and ")) == chosen


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (LIKE u INCLUDING ALL);",
        "CREATE TABLE t () INHERITS (u);",
        "CREATE TABLE t (a int CHECK (a::double precision > 0));",
    ],
)
def test_names_of_a_section_are_not_guessed(text: str) -> None:
    """What is copied from elsewhere has names that the text does not tell."""
    known = names_given(text, operations(text, "postgresql"), Name("t"), dialect_named("postgresql"))
    assert known is None


def test_long_names_lose_bytes_not_characters() -> None:
    """MakeObjectName takes from the longer name and never cuts a character in two."""
    assert object_name("t" * 70, "", "pkey") == "t" * 58 + "_pkey"
    assert len(object_name("ä" * 40, "ö" * 40, "idx").encode()) <= 63


def _given(title: str) -> str:
    found = re.match(r"Name it (.*?), (?:add|drop|guard)", title)
    assert found, title
    return found[1]
