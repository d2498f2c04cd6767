"""From an operation's postconditions to the condition on which it is to run."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Catalog, Lookup, attribute
from partway.sql.guards.naming import object_name

#: One look into the catalog, and whether its row must be missing for the statement to run.
Term = tuple[Lookup, bool]


def terms(actions: Sequence[Action], catalog: Catalog) -> list[Term] | None:
    """What to ask before running these actions; None when the catalog cannot tell.

    The statement runs unless every postcondition holds: what was done halfway, or by somebody else in another way, then
    fails as loudly as it would have without a guard. Each term is the failing of one postcondition; OR joins them.
    """
    found: list[Term] = []
    for action in actions:
        facts = _told(action)
        if not facts or not (action.kind.startswith(_TELLING) or "add-identity" in action.traits):
            return None
        renames = any(not p.present for p in facts)
        # What is to be there first: that it is missing is the usual reason to run.
        for p in sorted(facts, key=lambda p: not p.present):
            if is_replaced(p, actions):
                continue
            lookup = catalog.lookup(p, found=renames)
            if lookup is None:
                return None
            if (lookup, p.present) not in found:
                found.append((lookup, p.present))
    return found


def is_replaced(p: Postcondition, actions: Sequence[Action]) -> bool:
    """Whether these actions of one statement take the same thing away and make it anew: as it is there before and
    after, it tells nothing."""
    own = _keys(p)
    both = {
        q.present for action in actions for q in action.postconditions if not set(own).isdisjoint(_keys(q))
    }
    return len(both) == 2


def _keys(p: Postcondition) -> list[tuple[str, Name, str]]:
    """What an object goes by: its name, and for a primary key also none and the one that PostgreSQL gives it."""
    names = [p.name.name]
    if p.table is not None and attribute(p, "kind") == "primary key":
        names += ["", object_name(p.table.name, "", "pkey")]
    return [(p.object, p.table or Name(p.name.schema or ""), name) for name in names]


#: Kinds after which something is there, or not, that was not before. What other kinds leave is no sign of their run.
_TELLING = ("create-", "add-", "drop-", "rename-", "attach-", "detach-")


def _told(action: Action) -> list[Postcondition]:
    """What tells that the action was done. A nameless constraint inside ADD COLUMN came with its column."""
    if "add-identity" in action.traits:
        return [p._replace(object="identity") for p in action.postconditions]
    facts = [p for p in action.postconditions if p.object != "constraint" or p.name.name]
    facts = facts or list(action.postconditions)
    if "domain" in action.kind or "domain" in action.traits:
        return [p._replace(object="domain-constraint") if p.object == "constraint" else p for p in facts]
    return facts


def layout(asked: Sequence[Term], unit: str, opening: str = "") -> list[str]:
    """The condition over several lines: `NOT EXISTS (`, the query indented by `unit`, `) OR EXISTS (`, ..., `)`."""
    lines: list[str] = []
    for number, (lookup, missing) in enumerate(asked):
        test = "NOT EXISTS (" if missing else "EXISTS ("
        lines.append(f") OR {test}" if number else f"{opening}{test}")
        lines += [unit + line for line in lookup.lines(unit)]
    lines.append(")")
    return lines
