"""Routines of one name, which PostgreSQL tells apart by the types of their arguments."""

from __future__ import annotations

import pytest

from partway.dialects import dialect_named
from partway.live.routines import argument_types
from partway.tools.resuming_sql import visible
from tests.engines.plugin import Labs
from tests.live.helper import operations, stand, states

_AS = "RETURNS int LANGUAGE sql AS 'SELECT 1'"
_TWO = f"""
CREATE FUNCTION fee(int) {_AS};
CREATE FUNCTION fee(amount text, rate numeric(4, 2) DEFAULT 1.5) {_AS};
"""


@pytest.mark.parametrize(
    ("said", "types"),
    [
        ("", ""),
        ("a int, b text", "integer, text"),
        ("int4, varchar(20)", "integer, character varying"),
        ("a numeric(8, 2), b pg_catalog.int8", "numeric, bigint"),
        ("IN a int, OUT b text, INOUT c bool, VARIADIC d text[]", "integer, boolean, text[]"),
        ("a OUT int, b IN OUT int, c IN int", "integer, integer"),
        ("a text DEFAULT 'x, y', b int = 3", "text, integer"),
        ('"the time" timestamp with time zone, double int', "timestamp with time zone, integer"),
        ("double precision, a interval day to second, b int array", "double precision, interval, integer[]"),
        ("mood app.mood", "app.mood"),
        ("*", ""),
        ("a users.id%TYPE", None),
        ("float8 ORDER BY int", None),
    ],
)
def test_the_types_that_a_statement_says(said: str, types: str | None) -> None:
    assert argument_types(said, "postgresql") == types


def test_one_of_two_is_there(labs: Labs) -> None:
    lab = labs("postgresql18")
    for there, found in (
        (f"CREATE FUNCTION fee(a integer) {_AS}", ["applied", "pending"]),
        (f"CREATE FUNCTION fee(int, int) {_AS}", ["pending", "pending"]),
    ):
        lab.fresh()
        lab.execute(there)
        assert states(lab, _TWO) == found
    lab.fresh()
    lab.script(_TWO)
    assert states(lab, _TWO) == ["applied", "applied"]


def test_one_is_dropped_and_the_other_stays(labs: Labs) -> None:
    lab = labs("postgresql18")
    sql = f"{_TWO} DROP FUNCTION fee(integer); CREATE TABLE t (id int);"
    lab.fresh()
    lab.script(_TWO)
    assert stand(lab, sql).point == (1, 2)
    lab.execute("DROP FUNCTION fee(int)")
    assert stand(lab, sql).point == (2, 3)


def test_it_is_dropped_by_its_name_alone_and_takes_something_else_from_then_on(labs: Labs) -> None:
    lab = labs("postgresql18")
    sql = f"DROP FUNCTION fee; CREATE FUNCTION fee(bigint) {_AS};"
    lab.fresh()
    lab.execute(f"CREATE FUNCTION fee(int) {_AS}")
    assert stand(lab, sql).point == (-1, 0)
    lab.execute("DROP FUNCTION fee")
    assert stand(lab, sql).point == (0, 1)
    lab.execute(f"CREATE FUNCTION fee(bigint) {_AS}")
    assert stand(lab, sql).point == (1, 2)


def test_it_gets_another_name_or_schema(labs: Labs) -> None:
    lab = labs("postgresql18")
    sql = "ALTER FUNCTION fee(int) RENAME TO charge; ALTER FUNCTION charge(int4) SET SCHEMA money;"
    lab.fresh()
    lab.script(f"CREATE SCHEMA money; {_TWO}; CREATE FUNCTION charge(text) {_AS}")
    for number, statement in enumerate(sql.split("; ")):
        assert stand(lab, sql).point == (number - 1, number)
        lab.execute(statement.rstrip(";"))
    assert stand(lab, sql).point == (1, 2)


def test_without_its_arguments_it_is_the_only_one_of_its_name(labs: Labs) -> None:
    lab = labs("postgresql18")
    sql = f"CREATE FUNCTION fee(a int) {_AS}; ALTER FUNCTION fee RENAME TO charge; DROP ROUTINE charge(int);"
    lab.fresh()
    for number, statement in enumerate(sql.split("; ")[:2]):
        lab.execute(statement)
        assert stand(lab, sql).point == (number, number + 1)


def test_a_type_of_another_schema(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(
        f"CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad'); CREATE FUNCTION fee(app.mood) {_AS}"
    )
    assert states(lab, f"CREATE FUNCTION fee(m app.mood) {_AS}") == ["applied"]
    assert states(lab, f"CREATE FUNCTION fee(m other.mood) {_AS}") == ["pending"]


def test_where_the_name_is_enough(labs: Labs) -> None:
    """A routine of MariaDB has its name for itself."""
    (operation,) = operations("CREATE FUNCTION fee(a int) RETURNS int RETURN a", "mariadb")
    assert not dialect_named("mariadb").routines_overload
    assert visible("mariadb", operation.postconditions[0])
    lab = labs("mariadb")
    lab.fresh()
    lab.execute("CREATE FUNCTION fee(a int) RETURNS int RETURN a")
    assert states(lab, "CREATE FUNCTION fee(a int) RETURNS int RETURN a") == ["applied"]
