"""What is said of rarer things of PostgreSQL: foreign data, text search, operators, replication."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand

ENGINES = ("postgresql18", "postgresql15")

FOREIGN = """
CREATE FOREIGN DATA WRAPPER files; CREATE SERVER remote FOREIGN DATA WRAPPER files OPTIONS (host 'x');
CREATE FOREIGN TABLE far (id int) SERVER remote; CREATE ROLE bob; CREATE ROLE "Ann" LOGIN
"""

#: What is there, and statements of which each one changes what the one before it said.
CHANGES = {
    "servers": (
        FOREIGN,
        [
            "ALTER SERVER remote OPTIONS (ADD port '5432', ADD \"Db Name\" 'it''s')",
            "ALTER SERVER remote VERSION '2' OPTIONS (SET host 'y')",
            "ALTER SERVER remote OPTIONS (SET host 'z', DROP port)",
            "ALTER SERVER remote OPTIONS (password 'sesame')",
            "ALTER FOREIGN DATA WRAPPER files VALIDATOR postgresql_fdw_validator",
            "ALTER FOREIGN DATA WRAPPER files NO VALIDATOR OPTIONS (debug 'true')",
            "ALTER FOREIGN DATA WRAPPER files OPTIONS (SET debug 'false')",
            "ALTER SERVER remote OPTIONS (DROP password)",
        ],
    ),
    "mappings": (
        FOREIGN,
        [
            "CREATE USER MAPPING FOR bob SERVER remote OPTIONS (user 'x')",
            "CREATE USER MAPPING FOR public SERVER remote",
            "CREATE USER MAPPING IF NOT EXISTS FOR \"Ann\" SERVER remote OPTIONS (user 'x', password 'sesame')",
            "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (SET user 'y', ADD password 'sesame')",
            "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (DROP password)",
            "DROP USER MAPPING FOR PUBLIC SERVER remote",
            "DROP USER MAPPING IF EXISTS FOR bob SERVER remote",
            "DROP SERVER remote CASCADE",
        ],
    ),
    "foreign tables": (
        FOREIGN,
        [
            "ALTER FOREIGN TABLE far OPTIONS (ADD path 'x')",
            "ALTER FOREIGN TABLE far ALTER COLUMN id OPTIONS (heading 'a')",
            "ALTER FOREIGN TABLE far OPTIONS (SET path 'y', format 'csv')",
            "ALTER FOREIGN TABLE far ALTER id OPTIONS (SET heading 'b')",
            "ALTER FOREIGN TABLE far RENAME TO further",
            "ALTER FOREIGN TABLE further OPTIONS (DROP format)",
            "ALTER FOREIGN TABLE further RENAME id TO number",
            "ALTER FOREIGN TABLE further ALTER number OPTIONS (DROP heading)",
        ],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CHANGES)
def test_the_point_is_exact_after_every_change(engine: str, name: str, labs: Labs) -> None:
    setup, statements = CHANGES[name]
    lab = labs(engine)
    lab.fresh()
    lab.script(setup)
    text = ";\n".join(statements)
    for count in range(len(statements) + 1):
        if count:
            lab.execute(statements[count - 1])
            assert stand(lab, statements[count - 1]).states[0].state == "applied"
        if count < len(statements):
            assert stand(lab, statements[count]).states[0].state == "pending"
        stands = stand(lab, text)
        assert stands.point == (count - 1, count), (count, stands)
        assert "sesame" not in repr(stands)


def test_what_a_password_is_cannot_be_told(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(FOREIGN + "; CREATE USER MAPPING FOR bob SERVER remote OPTIONS (password 'a')")
    text = "ALTER USER MAPPING FOR bob SERVER remote OPTIONS (SET password 'sesame')"
    assert stand(lab, text).states[0].state == "unknown"


def test_what_is_not_shown_to_the_session_is_unknown(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(f"{FOREIGN}; CREATE ROLE reader LOGIN")
    lab.script("CREATE USER MAPPING FOR bob SERVER remote OPTIONS (user 'x', password 'a')")
    assert lab.address is not None
    url = f"postgresql://reader@{lab.address.host}:{lab.address.port}/partway_lab"
    for what, state in (
        ("DROP password", "unknown"),
        ("SET user 'x'", "unknown"),
        ("ADD more 'x'", "unknown"),
    ):
        text = f"ALTER USER MAPPING FOR bob SERVER remote OPTIONS ({what})"
        assert stand(lab, text, url).states[0].state == state
    assert stand(lab, "DROP USER MAPPING FOR bob SERVER remote", url).states[0].state == "pending"
