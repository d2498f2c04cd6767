"""Things that are dropped and made again just as they were: the catalog looks the same before and after."""

from __future__ import annotations

import pytest

from partway.finishing import Assumed
from partway.live.state import Standing
from partway.tools.resuming import CannotResume
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.live.helper import stand
from tests.resume.sql.crash import ends_as, resumed

SETUP = "CREATE TABLE items (id INTEGER PRIMARY KEY, label VARCHAR(20)); CREATE INDEX i ON items (label);"
WIDER = SETUP.replace("(label);", "(label, id);")
DROP = {"sqlite": "DROP INDEX i", "postgresql18": "DROP INDEX i", "mariadb": "DROP INDEX i ON items"}
ENGINES = list(DROP)


def statements(engine: str) -> list[str]:
    """The migration's."""
    made = "CREATE INDEX i ON items (label)"
    return ["CREATE TABLE log (id INTEGER)", DROP[engine], made, "ALTER TABLE items ADD COLUMN size INTEGER"]


def stopped(lab: Lab, count: int, setup: str = SETUP) -> Standing:
    """How the migration stands where it stopped after so many statements, with what was before."""
    ran = statements(lab.name)
    lab.fresh()
    lab.script(setup)
    lab.execute(*ran[:count])
    return stand(lab, ";\n".join(ran), before=setup)


@pytest.mark.parametrize("engine", ENGINES)
def test_whether_it_was_dropped_and_made_again_cannot_be_told(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    points = [stopped(lab, count).point for count in range(5)]
    assert points == [(-1, 0), (0, 3), (1, 2), (0, 3), (3, 4)]
    state = stopped(lab, 1).states[1]
    assert (state.state, state.reason) == (
        "unknown",
        "the database looks the same before it and after what undoes it",
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_an_earlier_migration_tells_that_it_was_something_else(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    points = [stopped(lab, count, WIDER).point for count in range(5)]
    assert points == [(-1, 0), (0, 1), (1, 2), (2, 3), (3, 4)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [1, 3])
def test_the_resume_does_both_once_more(engine: str, count: int, labs: Labs) -> None:
    """Nothing is lost by that."""
    lab = labs(engine)
    stopped(lab, 4)
    wanted = lab.dump()
    stopped(lab, count)
    text = resumed(lab, ";\n".join(statements(engine)) + ";\n", base=SETUP).resumed.text
    assert DROP[engine] in text
    assert not ends_as(lab, text, wanted)


@pytest.mark.parametrize("engine", ENGINES)
def test_where_rows_would_be_lost_a_person_says_it(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    table = "CREATE TABLE items (id INTEGER PRIMARY KEY, label VARCHAR(20))"
    sql = ["CREATE TABLE log (id INTEGER)", "DROP TABLE items", table, "ALTER TABLE log ADD COLUMN x INTEGER"]
    for count in (1, 3):
        lab.fresh()
        lab.execute(table, *sql[:count])
        text = ";\n".join(sql) + ";\n"
        assert stand(lab, text, before=f"{table};").point == (0, 3)
        with pytest.raises(
            CannotResume, match=r"whether operation 1, drop-table items, ran shows nowhere"
        ) as why:
            resumed(lab, text, base=f"{table};\n")
        assert "--assume-applied 1 or --assume-pending 1" in why.value.advice


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_what_the_migration_made_itself_was_not_something_else(engine: str, labs: Labs) -> None:
    """Of two events that are just the same, the one that is there may be the first or the second; by another schedule
    they are told apart."""
    event = "CREATE EVENT tidy ON SCHEDULE EVERY {} DAY DISABLE DO DELETE FROM log"
    lab = labs(engine)
    for second, before in ((1, 5), (2, 3)):
        ran = [
            "CREATE TABLE log (id int)",
            event.format(1),
            "ALTER TABLE log ADD COLUMN x int",
            "DROP EVENT tidy",
            event.format(second),
        ]
        lab.fresh()
        lab.execute(*ran[:3])
        assert stand(lab, ";\n".join(ran)).point == (2, before)


TABLE = "CREATE TABLE items (id INTEGER PRIMARY KEY, label VARCHAR(20))"
MADE_ANEW = {
    "table": ["DROP TABLE items", TABLE],
    "column": ["ALTER TABLE items DROP COLUMN label", "ALTER TABLE items ADD COLUMN label VARCHAR(20)"],
}


def unknown_before(made: list[str]) -> list[str]:
    """A migration of what no earlier one tells."""
    return ["CREATE TABLE log (id INTEGER)", *made, "ALTER TABLE log ADD COLUMN x INTEGER"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("made", MADE_ANEW.values(), ids=MADE_ANEW)
def test_where_no_earlier_migration_tells_it_was_something_else(
    engine: str, made: list[str], labs: Labs
) -> None:
    """People do that to change a thing; but the reason says that it may not be so."""
    lab = labs(engine)
    for count, states in ((1, None), (3, ["applied", "applied", "applied", "pending"])):
        lab.fresh()
        lab.execute(TABLE, *unknown_before(made)[:count])
        found = stand(lab, ";\n".join(unknown_before(made)))
        assert found.point == (2, 3)
        doubted = [one.reason.endswith("this may not have run") for one in found.states]
        assert doubted == [False, True, True, False]
        assert states is None or [one.state for one in found.states] == states


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("made", MADE_ANEW.values(), ids=MADE_ANEW)
def test_no_resume_takes_rows_for_new_that_may_be_the_old_ones(
    engine: str, made: list[str], labs: Labs
) -> None:
    lab = labs(engine)
    sql = unknown_before(made)
    text = ";\n".join(sql) + ";\n"
    row = "INSERT INTO items VALUES (1, 'one')"
    lab.fresh()
    lab.execute(TABLE, row, sql[0])
    with pytest.raises(CannotResume, match=r"whether operation 1, drop-\w+ items.*, ran shows nowhere"):
        resumed(lab, text)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("made", MADE_ANEW.values(), ids=MADE_ANEW)
@pytest.mark.parametrize("count", [1, 3])
def test_without_rows_the_old_one_is_as_good(engine: str, made: list[str], count: int, labs: Labs) -> None:
    lab = labs(engine)
    sql = unknown_before(made)
    lab.fresh()
    lab.execute(TABLE, *sql)
    wanted = lab.dump()
    lab.fresh()
    lab.execute(TABLE, *sql[:count])
    assert not ends_as(lab, resumed(lab, ";\n".join(sql) + ";\n").resumed.text, wanted)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_change_of_rows_in_between_is_not_taken_to_have_run(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    sql = [
        "CREATE TABLE log (id INTEGER)",
        DROP[engine],
        "UPDATE items SET label = label || label"
        if engine != "mariadb"
        else "UPDATE items SET label = concat(label, label)",
        "CREATE INDEX i ON items (label)",
        "ALTER TABLE log ADD COLUMN x INTEGER",
    ]
    text = ";\n".join(sql) + ";\n"
    row = "INSERT INTO items VALUES (1, 'one')"
    between = frozenset((1, 2, 3))
    for count, said in ((1, Assumed(pending=between)), (4, Assumed(applied=between))):
        lab.fresh()
        lab.script(SETUP)
        lab.execute(row, *sql)
        wanted = lab.dump()
        lab.fresh()
        lab.script(SETUP)
        lab.execute(row, *sql[:count])
        with pytest.raises(CannotResume, match=r"operation 1, drop-index i, ran shows nowhere"):
            resumed(lab, text)
        with pytest.raises(CannotResume, match=r"operation 2, update items, ran shows nowhere"):
            resumed(lab, text, assumed=Assumed(applied=frozenset((1,))))
        assert not ends_as(lab, resumed(lab, text, assumed=said).resumed.text, wanted)
