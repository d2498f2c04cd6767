"""SQLite's catalog to a Snapshot. SQLite keeps the statements themselves, so the reader of migrations reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import condition
from partway.live.sessions.session import Session
from partway.live.snapshot.definitions import facts
from partway.live.snapshot.model import Snapshot, Thing
from partway.live.wanted import Wanted

_DIALECT = "sqlite"
_SCHEMA = """
SELECT type, name, tbl_name, sql FROM main.sqlite_master
WHERE lower(name) IN ({names}) OR lower(tbl_name) IN ({names})
"""
_COLUMNS = """
SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
FROM main.sqlite_master AS m, pragma_table_xinfo(m.name) AS x
WHERE m.type IN ('table', 'view') AND lower(m.name) IN ({names})
ORDER BY m.name, x.cid
"""


def take(session: Session, wanted: Wanted) -> Snapshot:
    """The snapshot of what is wanted. Raises Unreachable."""
    things: list[Thing] = []
    names = dict.fromkeys(name.name.lower() for name in wanted.relations if name.schema in (None, "main"))
    # Triggers are named without their table when they are dropped.
    names |= dict.fromkeys(fact.name.name.lower() for fact in wanted.others if fact.object == "trigger")
    if names:
        bound: Mapping[str, object] = {f"n{number}": name for number, name in enumerate(names)}
        marks = ", ".join(f":{key}" for key in bound)
        said: dict[str, dict[str, dict[str, str | None]]] = {}
        for kind, name, table, sql in session.ask(_SCHEMA.replace("{names}", marks), bound):
            things += _things(kind, name, table, sql or "", said)
        for table, name, type_, not_null, default, key, hidden in session.ask(
            _COLUMNS.replace("{names}", marks), bound
        ):
            written = said.get(table, {}).get(name.lower(), {})
            attributes: dict[str, str | None] = {
                "type": type_,
                "nullable": "no" if not_null else "yes",
                "default": default or "",
                "identity": written.get("identity") or "no",
                "generated": (written.get("generated") or "") if hidden in (2, 3) else "",
                "key": "yes" if key else "no",
                "collation": written.get("collation") or "",
            }
            things.append(Thing("column", Name(name), Name(table, "main"), attributes))
    return Snapshot(
        _DIALECT,
        session.server,
        "main",
        ("main",),
        tuple(things),
        _answers(session, wanted.others),
        exact_tables=False,
        round_trips=session.round_trips,
    )


def _answers(session: Session, others: Iterable[Postcondition]) -> dict[Postcondition, bool]:
    """Every other fact in one query."""
    asked = [
        (fact, sql)
        for fact in others
        if fact.object == "pragma" and (sql := condition(_DIALECT, fact)) is not None
    ]
    if not asked:
        return {}
    (row,) = session.ask("SELECT " + ", ".join(sql for _, sql in asked))
    return {fact: bool(held) for (fact, _), held in zip(asked, row, strict=True)}


def _things(
    kind: str, name: str, table: str, sql: str, said: dict[str, dict[str, dict[str, str | None]]]
) -> list[Thing]:
    """What one row of sqlite_master holds; what it says of columns goes to `said`."""
    here = Name(name, "main")
    on = Name(table, "main")
    if kind == "index":
        if not sql:
            return []  # it serves a constraint of its table
        attributes: dict[str, str | None] = {"unique": "no", "predicate": "", "valid": "yes"}
        attributes |= next(
            (dict(fact.attributes) for fact in facts(sql, _DIALECT) if fact.object == "index"), {}
        )
        return [Thing("index", here, on, attributes | {"valid": "yes"})]
    if kind == "trigger":
        return [Thing("trigger", here, on, {"definition": sql})]
    if kind == "view":
        return [Thing("view", here, None, {"definition": sql})]
    shape: dict[str, str | None] = {"definition": sql, "strict": "no", "without-rowid": "no", "module": ""}
    things = [Thing("table", here, None, shape)]
    for fact in facts(sql, _DIALECT):
        attributes = dict(fact.attributes)
        if fact.object == "table":
            shape |= attributes
        elif fact.object == "column":
            said.setdefault(name, {})[fact.name.name.lower()] = attributes
        elif fact.object == "constraint":
            things.append(Thing("constraint", fact.name, here, attributes | {"valid": "yes"}))
    return things
