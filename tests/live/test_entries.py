"""Groups of entries are what a look at every entry would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partway.core.postcondition import Name, Postcondition, exists
from partway.dialects import dialect_named
from partway.live.entries import COMPANIONS, DEFINED, HOMELESS, NAMELESS, OWNED, REFERRING, Entry
from partway.live.mentions import goes_with
from partway.live.simulation import World

_NAMES = st.sampled_from([Name(""), Name("a"), Name("B"), Name("a", "other"), Name("a", "public")])
_FACTS: st.SearchStrategy[Postcondition] = st.builds(
    exists,
    st.sampled_from(
        [
            "table",
            "column",
            "index",
            "constraint",
            "view",
            "privilege",
            "comment",
            "event-status",
            "role",
            "event",
            "publication",
            "published",
        ]
    ),
    _NAMES,
    st.none() | _NAMES,
    st.sampled_from(
        [
            (),
            (("references", "a (id)"),),
            (("owned-by", "a.id"),),
            (("definition", "SELECT 1"),),
            (("kind", "check"), ("check", "b > 1")),
            (("of", "user-mapping"), ("name", "a")),
        ]
    ),
)


@given(st.lists(st.tuples(st.booleans(), _FACTS), max_size=40), st.integers(0, 40))
def test_groups_follow_every_change(steps: list[tuple[bool, Postcondition]], asked: int) -> None:
    world = World(dialect_named("postgresql"))
    for number, (there, fact) in enumerate(steps):
        if number == asked:
            world.entries.group(OWNED)  # from here on they are kept up to date
        if there:
            world.entries[world.key(fact)] = Entry(fact)
        else:
            world.entries.take(world.key(fact))
    facts = [entry.fact for entry in world.entries.values()]
    for group, belongs in {
        OWNED: lambda fact: "owned-by" in dict(fact.attributes),
        REFERRING: lambda fact: "references" in dict(fact.attributes),
        DEFINED: lambda fact: {"definition", "check"} & dict(fact.attributes).keys(),
        HOMELESS: lambda fact: fact.object == "index" and fact.table is None,
        NAMELESS: lambda fact: fact.table is not None and not fact.name.name,
    }.items():
        found = [entry.fact for _, entry in world.entries.group(group)]
        assert sorted(found, key=repr) == sorted(filter(belongs, facts), key=repr)
    for table in (Name("a"), Name("A"), Name("a", "other")):
        inside = [
            fact for fact in facts if fact.table and world.table_key(fact.table) == world.table_key(table)
        ]
        assert sorted((one.fact for _, one in world.inside(table)), key=repr) == sorted(inside, key=repr)


@given(_FACTS, _FACTS)
def test_whatever_goes_with_another_thing_is_a_companion(fact: Postcondition, gone: Postcondition) -> None:
    if goes_with(fact, gone):
        assert COMPANIONS in World(dialect_named("postgresql")).groups_of(fact)
