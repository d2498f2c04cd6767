"""Migrations of which the catalog tells at every point, or nearly, where they have stopped."""

from __future__ import annotations

import pytest

from partway.tools.resuming import CannotResume
from tests.engines.plugin import Labs
from tests.resume.sql.crash import Run, crash, resumed
from tests.resume.sql.migrations import cases

#: By engine and case, how many of its points are refused.
CASES = {
    ("postgresql18", "inheritance"): 0,
    ("postgresql18", "event triggers, publications, collations"): 0,
    ("postgresql18", "many actions in one statement"): 0,
    ("postgresql18", "a column turns another type and back"): 0,
    ("postgresql18", "what is emptied and thrown away"): 0,
    ("sqlite", "what is emptied and thrown away"): 0,
    ("mariadb", "what is emptied and thrown away"): 0,
    ("mariadb", "checks are switched off for a while"): 0,
    ("postgresql18", "a temporary table in between"): 0,
    ("postgresql18", "columns are exchanged by name"): 0,
    ("sqlite", "columns are exchanged by name"): 0,
    ("sqlite", "names are exchanged"): 0,
    ("postgresql18", "settings of the session"): 0,
    ("postgresql18", "a table is copied and exchanged"): 0,
    ("sqlite", "a temporary table in between"): 0,
    ("mariadb", "a temporary table in between"): 0,
    ("mariadb", "partitions"): 0,
    ("mariadb", "partitions that go, and the partitioning"): 0,
    ("mariadb", "a table is made anew in other types"): 0,
    ("sqlite", "a table is made anew in other types"): 0,
    ("postgresql18", "a table is made anew in other types"): 0,
    ("mysql", "an account takes another one's place"): 0,
    ("mariadb", "an account takes another one's place"): 0,
    ("postgresql18", "tables come and go in a publication"): 0,
    ("mariadb", "system versioning"): 0,
    ("mariadb", "sequences"): 0,
    ("mariadb", "a table is copied and exchanged"): 0,
    ("mysql", "comments of every kind"): 0,
    ("mysql", "columns change type and order"): 0,
    ("mysql", "names that need quotes"): 0,
    ("mysql", "triggers with bodies"): 0,
    ("mysql", "roles"): 0,
    ("mysql", "a temporary table in between"): 0,
    ("mariadb", "accounts and grants"): 0,
}


@pytest.mark.parametrize(("engine", "name"), CASES)
def test_every_point(engine: str, name: str, labs: Labs) -> None:
    number, case = next((n, one) for n, one in enumerate(cases(engine)) if one.name == name)
    tally = crash(labs(engine), case, number)
    assert not tally.wrong, tally.wrong[0]
    assert sum(tally.refused.values()) == CASES[engine, name], tally.refused


@pytest.mark.parametrize("name", ["names are exchanged", "columns are exchanged by name"])
def test_exchanged_names_of_which_nobody_knows_what_was_before(name: str, labs: Labs) -> None:
    """Without the migrations before it, nothing says whether three renames that exchange two names have run."""
    lab = labs("sqlite")
    case = next(one for one in cases("sqlite") if one.name == name)
    Run(lab, case).fresh(3)
    with pytest.raises(CannotResume, match="looks the same before operation 0 and after operation 2"):
        resumed(lab, case.up)
    assert resumed(lab, case.up, base=case.setup).resumed.text


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_a_view_that_is_renamed_as_a_table(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.execute("CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t")
    text = "CREATE VIEW v AS SELECT a FROM t;\nRENAME TABLE v TO w;\nALTER TABLE t ADD COLUMN b int;\n"
    with pytest.raises(CannotResume, match="operation 1 gives the view v another name as if it were a table"):
        resumed(lab, text)
