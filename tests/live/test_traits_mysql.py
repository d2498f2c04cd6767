"""MySQL's and MariaDB's routines are not taken for what is made if they only have the name."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand

ENGINES = ("mysql", "mariadb")

#: What has to be there, what is made, what another one of its name would be made by, and a word of why it is another.
CASES = [
    (
        "",
        "CREATE FUNCTION f() RETURNS integer(11) DETERMINISTIC RETURN 1",
        "CREATE FUNCTION f() RETURNS bigint DETERMINISTIC RETURN 1",
        "returns bigint",
    ),
    (
        "",
        (
            "CREATE FUNCTION f(a INT, `B` varchar(10) CHARACTER SET latin1, c dec) RETURNS char(3) CHARACTER SET latin1"
            " COMMENT 'x' NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN 'a\\'b''c'"
        ),
        (
            "CREATE FUNCTION f(a INT, `B` varchar(20) CHARACTER SET latin1, c dec) RETURNS char(3) CHARACTER SET latin1"
            " COMMENT 'x' NOT DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN 'a\\'b''c'"
        ),
        "varchar(20)",
    ),
    (
        "",
        "CREATE FUNCTION f(e enum('a,b', 'c'), n national varchar(3), d double precision) RETURNS bool NO SQL RETURN 1",
        "CREATE FUNCTION f(e enum('a,b', 'c'), n national varchar(3)) RETURNS bool NO SQL RETURN 1",
        "arguments",
    ),
    (
        "",
        "CREATE PROCEDURE f(a int, INOUT b bigint unsigned, OUT c text) MODIFIES SQL DATA BEGIN SET b = 1; END",
        "CREATE PROCEDURE f(a int, OUT b bigint unsigned, OUT c text) MODIFIES SQL DATA BEGIN SET b = 1; END",
        "arguments",
    ),
    (
        "",
        "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN 1",
        "CREATE FUNCTION f(a int) RETURNS int NOT DETERMINISTIC READS SQL DATA RETURN 1",
        "deterministic",
    ),
    (
        "",
        "CREATE DEFINER=CURRENT_USER PROCEDURE f(j json) SQL SECURITY INVOKER SELECT 1",
        "CREATE DEFINER=CURRENT_USER PROCEDURE f(j json) SQL SECURITY DEFINER SELECT 1",
        "security definer",
    ),
    (
        "",
        "CREATE PROCEDURE f() SELECT 'a\\\\b'",
        "CREATE PROCEDURE f() SELECT 'ab', 1",
        "body",
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("setup", "made", "other", "word"), CASES, ids=[case[2] for case in CASES])
def test_another_one_of_the_name_is_different(
    engine: str, setup: str, made: str, other: str, word: str, labs: Labs
) -> None:
    lab = labs(engine)
    lab.fresh()
    if setup:
        lab.script(setup)
    for statement in (made, other):
        stands = stand(lab, statement)
        assert stands.states[0].state == "pending", statement
        assert stands.point == (-1, 0)
    lab.execute(made)
    assert stand(lab, made).states[0].state == "applied"
    (state,) = stand(lab, other).states
    assert state.state == "different"
    assert word in state.reason
