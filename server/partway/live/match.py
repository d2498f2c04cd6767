"""One postcondition against a snapshot: does it hold, and if not, what is there instead. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from partway.core.postcondition import SAYINGS, Name, Postcondition
from partway.dialects import dialect_named
from partway.live.normal.compare import same
from partway.live.routines import argument_types, same_arguments
from partway.live.snapshot.model import Snapshot, Thing
from partway.live.wanted import MEMBERS, RELATIONS, ROUTINES, TYPES


class Holds(StrEnum):
    """How a postcondition stands: it holds; the opposite is true; something else has the name; it was left broken;
    it is there, but whether it is the same cannot be told; nothing can be told."""

    YES = "yes"
    NO = "no"
    DIFFERENT = "different"
    INVALID = "invalid"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class Match(NamedTuple):
    """How a postcondition stands and why, in words. `wanted` and `found` are the shapes side by side, where they
    differ."""

    holds: Holds
    reason: str
    wanted: str = ""
    found: str = ""
    #: Whether the name is another kind of thing's, or another table's: nothing that the operation could replace.
    taken: bool = False
    #: Whether the table that it would be in is not there.
    homeless: bool = False
    #: The table that what has its name is in, where that is another one.
    holder: Name | None = None

    @property
    def there(self) -> bool | None:
        """Whether something has the name; None where nobody knows."""
        return None if self.holds is Holds.UNKNOWN else self.holds is not Holds.NO


#: What is shown to those alone who have rights to it, and is asked of one by one.
_LISTED = frozenset({"package", "package-body", "event"}) | {
    f"event-{trait}"
    for trait in ("status", "completion", "comment", "schedule", "body", "at", "starts", "ends")
}
_LIKE_TABLES = frozenset({"table", "view", "materialized-view", "foreign-table", "sequence"})
#: Attributes that a definition without them says by leaving them out, by kind.
_SILENT: dict[str, tuple[tuple[str, str], ...]] = {"index": (("unique", "no"), ("predicate", ""))}


class Matcher:
    """Matches postconditions against one snapshot. `made` are the tables that the migration itself makes: without a
    schema their names mean the place where new things are made."""

    def __init__(self, snapshot: Snapshot, made: frozenset[Name] = frozenset()) -> None:
        self.snapshot = snapshot
        self.made = made
        self._known: dict[tuple[Postcondition, bool, bool], Match] = {}
        self._exact = False

    def match(self, fact: Postcondition, full: bool = True, exact: bool = False) -> Match:
        """How this fact stands. With `full` it defines the thing, so that what it leaves out is meant to be left
        out; without, it says no more than it says. With `exact` a constraint that is said to be NOT VALID must be."""
        key = (fact, full, exact)
        if key not in self._known:
            self._exact = exact
            self._known[key] = self._match(fact, full)
        return self._known[key]

    def owner(self, table: Name) -> Thing | None:
        """The table (or domain, or type) that a fact's table is."""
        found = self.snapshot.named("table", table, table in self.made)
        if found is not None and found.object != "index":
            return found
        return self.snapshot.named("type", table)

    def columns(self, table: Name) -> list[str] | None:
        """The names of a table's columns in order, None where there is no such table."""
        owner = self.owner(table)
        return (
            None if owner is None else [one.name.name for one in self.snapshot.inside(owner.name, "column")]
        )

    def _match(self, fact: Postcondition, full: bool) -> Match:
        snapshot = self.snapshot
        if fact.object in snapshot.unseen:
            return Match(Holds.UNKNOWN, f"{fact.object} could not be read: {snapshot.unseen[fact.object]}")
        if snapshot.hidden and (fact.object in RELATIONS | MEMBERS or fact.table is not None):
            table = fact.table or fact.name
            if table.name and snapshot.named("table", table) is None:
                return Match(Holds.UNKNOWN, f"{table} is not shown; {snapshot.hidden}")
        if snapshot.hidden and fact.object in _LISTED and not snapshot.answers.get(fact, False):
            return Match(Holds.UNKNOWN, f"{fact.name} is not shown; {snapshot.hidden}")
        for asked in (fact, fact._replace(present=not fact.present)):
            if asked in snapshot.answers:
                there = snapshot.answers[asked]
                if fact.object in SAYINGS:
                    return _so(fact, so=there == fact.present)
                if fact.present and not there and not full:
                    # It only says what a thing is like, which is there.
                    return Match(Holds.DIFFERENT, _there(fact, there=there))
                return Match(Holds.YES if there == fact.present else Holds.NO, _there(fact, there=there))
        inside = fact.object in MEMBERS or fact.object in ("enum-value", "attribute")
        if fact.table is not None and inside:
            return self._member(fact, full)
        if fact.object in ROUTINES:
            return self._routine(fact)
        if fact.object in RELATIONS | TYPES:
            return self._named(fact, full)
        if fact.object == "trigger":
            return self._trigger_alone(fact)
        return Match(Holds.UNKNOWN, f"the catalog is not asked about a {fact.object}")

    def _member(self, fact: Postcondition, full: bool) -> Match:
        """What lives in a table, or an index that the text names with its table."""
        owner = self.owner(fact.table) if fact.table is not None else None
        if owner is None:
            said = self._answer(fact, None, f"there is no {_container(fact)} {fact.table}", full)
            return said._replace(homeless=True)
        if not fact.name.name:
            return self._nameless(fact, owner)
        if fact.object == "partition":
            return self._partition(fact, owner)
        name = self._stored_name(fact)
        thing = self.snapshot.member(owner.name, fact.object, name)
        if thing is None and fact.object == "index" and fact.present and not self._in_table:
            # The name may be taken by another table's index, or by another kind of thing.
            schema = owner.name.schema
            other = self.snapshot.named("index", Name(fact.name.name, schema))
            if other is not None:
                on = f" on {other.table}" if other.table is not None else ""
                return Match(
                    Holds.DIFFERENT,
                    f"{fact.name.name} is the name of a {_kind(other)}{on}",
                    _shape(fact),
                    f"{_kind(other)} {other.name}{on}",
                    taken=True,
                    holder=other.table,
                )
        return self._answer(fact, thing, _there(fact, there=thing is not None), full)

    @property
    def _in_table(self) -> bool:
        return dialect_named(self.snapshot.dialect).indexes_in_table

    def _stored_name(self, fact: Postcondition) -> str:
        """The name that the server gives: a primary key of MySQL is called PRIMARY whatever is said."""
        if fact.object == "constraint" and self._in_table and ("kind", "primary key") in fact.attributes:
            return "PRIMARY"
        return fact.name.name

    def _nameless(self, fact: Postcondition, owner: Thing) -> Match:
        """A constraint or index without a name: any that is as it is said to be."""
        things = self.snapshot.inside(owner.name, fact.object)
        kind = next((value for key, value in fact.attributes if key == "kind"), "")
        doubt = False
        for thing in things:
            if kind and thing.attributes.get("kind") != kind:
                continue
            verdicts = [verdict for _, verdict in self._compared(fact, thing, full=fact.present)]
            if False in verdicts:
                if kind == "primary key" and fact.present:
                    return self._answer(fact, thing, "", full=True)  # a table has one
                continue
            if None not in verdicts:
                return self._answer(fact, thing, _there(fact, there=True), full=fact.present)
            doubt = True
        if doubt:
            return Match(Holds.UNKNOWN, f"whether {_shape(fact)} is on {owner.name} cannot be told")
        what = f"{kind or 'such'} {fact.object}"
        return self._answer(fact, None, f"{owner.name} has no {what} like this", full=True)

    def _partition(self, fact: Postcondition, owner: Thing) -> Match:
        own = self.snapshot.named("table", fact.name, fact.name in self.made)
        names = {
            self.snapshot.table_key(one.name.name): one
            for one in self.snapshot.inside(owner.name, "partition")
        }
        thing = names.get(self.snapshot.table_key(fact.name.name))
        if thing is not None and own is not None and thing.name.schema and thing.name != own.name:
            thing = None
        if thing is not None and thing.attributes.get("detaching") == "yes" and not fact.present:
            return Match(Holds.INVALID, f"{fact.name} is half detached: FINALIZE it")
        return self._answer(fact, thing, _there(fact, there=thing is not None), full=False)

    def _routine(self, fact: Postcondition) -> Match:
        thing = self.snapshot.named(fact.object, fact.name)
        of_name = [
            one
            for one in self.snapshot.things
            if one.object in ROUTINES
            and self.snapshot.key(one.name.name) == self.snapshot.key(fact.name.name)
            and (
                one.name.schema == fact.name.schema
                or (not fact.name.schema and one.name.schema in self.snapshot.path)
            )
        ]
        arguments = next((value for key, value in fact.attributes if key == "arguments"), None)
        if of_name and arguments is not None and "arguments" in of_name[0].attributes:
            wanted = argument_types(arguments, self.snapshot.dialect)
            if wanted is None:
                return Match(Holds.UNKNOWN, f"which {fact.object} {fact.name} is meant cannot be told")
            thing = next(
                (one for one in of_name if same_arguments(wanted, one.attributes.get("arguments") or "")),
                None,
            )
        elif of_name:
            thing = of_name[0]
        return self._answer(fact, thing, _there(fact, there=thing is not None), full=True)

    def _trigger_alone(self, fact: Postcondition) -> Match:
        """A trigger that is named without its table."""
        thing = next(
            (
                one
                for one in self.snapshot.things
                if one.object == "trigger"
                and self.snapshot.key(one.name.name) == self.snapshot.key(fact.name.name)
            ),
            None,
        )
        return self._answer(fact, thing, _there(fact, there=thing is not None), full=False)

    def _named(self, fact: Postcondition, full: bool) -> Match:
        """What is found by its own name, in a schema."""
        made = fact.name in self.made or (fact.present and full and fact.object != "index")
        thing = self.snapshot.named(fact.object, fact.name, made)
        if thing is not None and not full and {thing.object, fact.object} <= _LIKE_TABLES:
            fact = fact._replace(object=thing.object)  # what is said of a table may be said of a view
        if thing is not None and thing.object != fact.object:
            if not fact.present:
                return Match(
                    Holds.YES, f"{fact.name} is a {_kind(thing)}, so there is no {fact.object} of that name"
                )
            return Match(
                Holds.DIFFERENT,
                f"{fact.name} is the name of a {_kind(thing)}",
                _shape(fact),
                f"{_kind(thing)} {thing.name}",
                taken=True,
            )
        return self._answer(fact, thing, _there(fact, there=thing is not None), full)

    def _answer(self, fact: Postcondition, thing: Thing | None, reason: str, full: bool) -> Match:
        """The match of a fact with the thing of its name, if there is one."""
        if thing is None:
            return Match(Holds.NO if fact.present else Holds.YES, reason)
        if not fact.present:
            if thing.attributes.get("valid") == "no" and thing.object == "index":
                return Match(Holds.INVALID, f"{thing.object} {thing.name.name} is there and INVALID")
            return Match(Holds.NO, reason)
        compared = self._compared(fact, thing, full)
        wrong = [key for key, verdict in compared if verdict is False]
        if wrong == ["valid"] and found_valid(thing) == "no":
            word = "INVALID" if fact.object == "index" else "NOT VALID"
            return Match(Holds.INVALID, f"{fact.object} {fact.path} is there and {word}")
        wrong = [key for key in wrong if key != "valid"] or wrong
        if wrong:
            wanted = "; ".join(f"{key} {_value(fact, key)}" for key in wrong)
            found = "; ".join(f"{key} {_found(thing, key)}" for key in wrong)
            reason = f"{fact.object} {fact.path} is there with {found}, not {wanted}"
            return Match(Holds.DIFFERENT, reason, wanted, found)
        doubt = [key for key, verdict in compared if verdict is None]
        if doubt:
            reason = f"{fact.object} {fact.path} is there; whether its {' and '.join(doubt)} is the same cannot be told"
            return Match(Holds.LIKELY, reason)
        return Match(Holds.YES, reason)

    def _compared(self, fact: Postcondition, thing: Thing, full: bool) -> list[tuple[str, bool | None]]:
        said = dict(fact.attributes)
        if full and said.get("columns"):
            for key, value in _SILENT.get(fact.object, ()):
                said.setdefault(key, value)
            if fact.object == "index" and "keys" not in said:
                said["keys"] = said["columns"]
        found = thing.attributes
        dialect = self.snapshot.dialect
        out: list[tuple[str, bool | None]] = []
        for key, value in said.items():
            if key == "valid" and value == "no" and not self._exact:
                continue  # validated since
            out.append((key, same(fact.object, key, value, found, dialect)))
        return out


def found_valid(thing: Thing) -> str:
    """Whether an index or constraint is valid, yes or no."""
    return thing.attributes.get("valid") or "yes"


def _container(fact: Postcondition) -> str:
    return "type" if fact.object in ("enum-value", "attribute") else "table"


def _kind(thing: Thing) -> str:
    kind = thing.attributes.get("kind")
    if thing.object == "type" and kind:
        return f"{kind} type" if kind != "row type of a table" else "table, whose row type it is"
    return thing.object.replace("-", " ")


def _shape(fact: Postcondition) -> str:
    attributes = "; ".join(f"{key} {value}" for key, value in fact.attributes)
    return f"{fact.object} {fact.path}" + (f" ({attributes})" if attributes else "")


def _value(fact: Postcondition, key: str) -> str:
    said = dict(fact.attributes)
    return (
        said.get(key, said.get("columns", "") if key == "keys" else "no" if key == "unique" else "none")
        or "none"
    )


def _found(thing: Thing, key: str) -> str:
    return thing.attributes.get(key) or (thing.attributes.get("columns") if key == "keys" else "") or "none"


def _so(fact: Postcondition, *, so: bool) -> Match:
    """Something that is said of a thing, and is so or is not."""
    words = (
        f"the {_WORDS[fact.object]} {fact.name.name}{f' on {fact.table}' if fact.table is not None else ''}"
    )
    said = f"{words} is {'' if so else 'not '}as it is said"
    return Match(Holds.YES if so else Holds.DIFFERENT, said)


_WORDS = {
    "comment": "comment on",
    "ownership": "owner of",
    "access": "privilege",
    "membership": "membership",
    "default-access": "default privilege",
    "setting": "setting",
}


def _there(fact: Postcondition, *, there: bool) -> str:
    words = fact.object.replace("-", " ")
    name = fact.path if fact.table is not None else str(fact.name)
    value = next((value for key, value in fact.attributes if key == "value"), None)
    if value is not None:
        return f"{words} {name} is {value if there else f'not {value}'}"
    return f"{words} {name} {'is there' if there else 'is not there'}"
