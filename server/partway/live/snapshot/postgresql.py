"""PostgreSQL's catalog to a Snapshot: one query for each kind of thing, none for kinds that nobody names.

Nothing here waits for a table that another session has locked: what would (`pg_get_expr`, `pg_get_viewdef`) is not
asked of locked tables. https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import condition
from partway.live.sessions.postgresql import PostgresqlSession
from partway.live.sessions.session import Row, Session
from partway.live.snapshot import postgresql_queries as queries
from partway.live.snapshot.definitions import attributes
from partway.live.snapshot.model import Snapshot, Thing
from partway.live.unreachable import Reason, Unreachable
from partway.live.wanted import Wanted

_DIALECT = "postgresql"
_RELATIONS = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "materialized-view",
    "i": "index",
    "I": "index",
    "S": "sequence",
    "f": "foreign-table",
    "c": "type",
}
#: When an identity column's number is given: for an INSERT that says another one, too, or only where it says none.
_GIVEN = {"a": "always", "d": "by default"}
#: When a constraint is checked that says nothing of it.
_CHECKED: Mapping[str, str | None] = {"deferrable": "no", "deferred": "no", "enforced": "yes"}
_CONSTRAINTS = {
    "p": "primary key",
    "u": "unique",
    "f": "foreign key",
    "c": "check",
    "x": "exclude",
    "n": "not null",
}
_ROUTINES = {"f": "function", "w": "function", "p": "procedure", "a": "aggregate"}
_TYPES = {"e": "enum", "c": "composite", "r": "range", "m": "multirange", "b": "base", "p": "shell", "d": ""}


def take(session: Session, wanted: Wanted) -> Snapshot:
    """The snapshot of what is wanted. Raises Unreachable."""
    return _Taking(cast(PostgresqlSession, session)).take(wanted)


class _Taking:
    def __init__(self, session: PostgresqlSession) -> None:
        self.session = session
        self.things: list[Thing] = []
        self.unseen: dict[str, str] = {}
        self.names: dict[int, Name] = {}
        self.locked: list[int] = []

    def take(self, wanted: Wanted) -> Snapshot:
        session = self.session
        path = list(session.path)
        oids = self._relations(wanted.relations, path)
        type_oids = self._types(wanted.types, path)
        tables = [oid for oid, kind in oids.items() if kind in "rpfvm"]
        views = [oid for oid, kind in oids.items() if kind in "vm" and oid not in self.locked]
        if tables and "column" in wanted.members:
            self._columns(tables)
        if oids and "index" in wanted.members:
            self._indexes(list(oids))
        if "constraint" in wanted.members and (tables or type_oids):
            self._constraints(tables, type_oids)
        if views:
            self._views(views)
        sequences = [oid for oid, kind in oids.items() if kind == "S"]
        if sequences:
            self._sequences(sequences)
        for kind, query, said in (
            ("trigger", queries.TRIGGERS, queries.TRIGGER_ATTRIBUTES),
            ("policy", queries.POLICIES, queries.POLICY_ATTRIBUTES),
            ("rule", queries.RULES, queries.TRIGGER_ATTRIBUTES),
        ):
            if tables and kind in wanted.members:
                self._in_tables(kind, query, said, tables)
        if wanted.routines:
            self._routines(wanted.routines, path)
        answers = self._answers(wanted.others)
        return Snapshot(
            _DIALECT,
            session.server,
            session.database,
            session.path,
            tuple(self.things),
            answers,
            self.unseen,
            locked=tuple(self.names[oid] for oid in self.locked if oid in self.names),
            round_trips=session.round_trips,
        )

    def _ask(self, kind: str, sql: str, **parameters: object) -> list[Row]:
        """The rows, or none and a note where this kind cannot be read."""
        try:
            return self.session.ask(sql, parameters)
        except Unreachable as error:
            if error.reason not in (Reason.RIGHTS, Reason.LOCKED):
                raise
            self.unseen[kind] = str(error)
            self.session.again()
            return []

    def _relations(self, names: Sequence[Name], path: list[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        if not names:
            return found
        detach = "inhdetachpending" if self.session.server >= (14,) else "false"
        rows = self._ask(
            "table",
            queries.RELATIONS.replace("{detach}", detach),
            schemas=[name.schema for name in names],
            names=[name.name for name in names],
            path=path,
        )
        for oid, schema, name, kind, locked, parent_schema, parent, detaching, *more in rows:
            if oid in found or kind not in _RELATIONS:
                continue
            found[oid] = kind
            named = self.names[oid] = Name(name, schema)
            if locked:
                self.locked.append(oid)
            if kind in "iIc":
                continue  # indexes come with their tables', composite types with types
            said = dict(zip(queries.RELATION_ATTRIBUTES, more, strict=True))
            self.things.append(Thing(_RELATIONS[kind], named, None, said))
            if parent is not None:
                part: dict[str, str | None] = {"bounds": said.pop("bounds")}
                part |= {"detaching": "yes"} if detaching else {}
                self.things.append(Thing("partition", named, Name(parent, parent_schema), part))
        return found

    def _types(self, names: Sequence[Name], path: list[str]) -> list[int]:
        if not names:
            return []
        rows = self._ask(
            "type",
            queries.TYPES,
            schemas=[name.schema for name in names],
            names=[name.name for name in names],
            path=path,
        )
        for oid, schema, name, kind, relation, labels, base, not_null, default in rows:
            named = self.names[oid] = Name(name, schema)
            if kind == "d":
                said: dict[str, str | None] = {"type": base, "nullable": "no" if not_null else "yes"}
                said["default"] = default or ""
                self.things.append(Thing("domain", named, None, said))
            elif kind == "c" and relation != "c":
                self.things.append(Thing("type", named, None, {"kind": "row type of a table"}))
            else:
                values = ", ".join("'" + label.replace("'", "''") + "'" for label in labels or ())
                said = {"kind": _TYPES.get(kind, kind), "values": values}
                self.things.append(Thing("type", named, None, said))
                self.things += [Thing("enum-value", Name(label), named) for label in labels or ()]
        composite = [row[0] for row in rows if row[3] == "c" and row[4] == "c"]
        if composite:
            parts: dict[int, list[str]] = {}
            for oid, name, type_ in self._ask("type", queries.ATTRIBUTES, types=composite):
                self.things.append(Thing("attribute", Name(name), self.names[oid], {"type": type_}))
                parts.setdefault(oid, []).append(f"{name} {type_}")
            whole = {self.names[oid]: ", ".join(said) for oid, said in parts.items()}
            self.things = [
                thing._replace(attributes={**thing.attributes, "attributes": whole[thing.name]})
                if thing.object == "type" and thing.name in whole
                else thing
                for thing in self.things
            ]
        return [row[0] for row in rows]

    def _columns(self, tables: list[int]) -> None:
        rows = self._ask("column", queries.COLUMNS, tables=tables, locked=self.locked)
        for (
            table,
            name,
            type_,
            not_null,
            has_default,
            default,
            identity,
            generated,
            comment,
            collation,
            statistics,
            stored,
            compression,
            options,
        ) in rows:
            expression = default if has_default else ""
            said = {
                "type": type_,
                "nullable": "no" if not_null else "yes",
                "default": "" if generated else expression,
                "identity": "yes" if identity else "no",
                "given": _GIVEN.get(identity),
                "generated": expression if generated else "",
                "comment": comment or "",
                "collation": collation or "",
                "statistics": statistics,
                "storage": stored,
                "compression": compression,
                "options": options,
            }
            self.things.append(Thing("column", Name(name), self.names[table], said))

    def _indexes(self, oids: list[int]) -> None:
        for schema, name, table_schema, table, definition, unique, valid, options, tablespace in self._ask(
            "index", queries.INDEXES, oids=oids
        ):
            said = attributes(definition, _DIALECT, "index")
            said |= {"options": options, "tablespace": tablespace}
            said |= {"unique": "yes" if unique else "no", "valid": "yes" if valid else "no"}
            said["definition"] = definition
            said.setdefault("predicate", "")
            self.things.append(Thing("index", Name(name, schema), Name(table, table_schema), said))

    def _constraints(self, tables: list[int], types: list[int]) -> None:
        for table, name, kind, definition, valid in self._ask(
            "constraint", queries.CONSTRAINTS, tables=tables, types=types
        ):
            if kind not in _CONSTRAINTS or table not in self.names:
                continue
            said = attributes(f"ALTER TABLE t ADD CONSTRAINT c {definition}", _DIALECT, "constraint")
            said = {**_CHECKED, **said}
            said |= {"kind": _CONSTRAINTS[kind], "valid": "yes" if valid else "no", "definition": definition}
            self.things.append(Thing("constraint", Name(name), self.names[table], said))

    def _views(self, views: list[int]) -> None:
        definitions: dict[int, str] = dict(self._ask("view", queries.VIEWS, views=views))
        for number, thing in enumerate(self.things):
            if thing.object in ("view", "materialized-view"):
                definition = next(
                    (
                        definitions[oid]
                        for oid in views
                        if oid in definitions and self.names[oid] == thing.name
                    ),
                    None,
                )
                self.things[number] = thing._replace(
                    attributes={**thing.attributes, "definition": definition}
                )

    def _sequences(self, sequences: list[int]) -> None:
        rows = self._ask("sequence", queries.SEQUENCES, sequences=sequences)
        said = {
            self.names[oid]: dict(zip(queries.SEQUENCE_ATTRIBUTES, more, strict=True)) for oid, *more in rows
        }
        self.things = [
            thing._replace(attributes={**thing.attributes, **said[thing.name]})
            if thing.object == "sequence" and thing.name in said
            else thing
            for thing in self.things
        ]

    def _in_tables(self, kind: str, query: str, attributes: Sequence[str], tables: list[int]) -> None:
        rows = self._ask(kind, query, tables=tables, locked=self.locked)
        for table, name, *more in rows:
            said = dict(zip(attributes, more, strict=True))
            self.things.append(Thing(kind, Name(name), self.names[table], said))

    def _routines(self, names: Sequence[Name], path: list[str]) -> None:
        rows = self._ask(
            "function",
            queries.ROUTINES,
            schemas=[name.schema for name in names],
            names=[name.name for name in names],
            path=path,
        )
        for schema, name, kind, *more in rows:
            said = dict(zip(queries.ROUTINE_ATTRIBUTES, more, strict=True))
            self.things.append(Thing(_ROUTINES.get(kind, "function"), Name(name, schema), None, said))

    def _answers_one_by_one(self, asked: list[tuple[Postcondition, str]]) -> dict[Postcondition, bool]:
        """The facts of which the server takes the question: a name can be such that it does not."""
        found: dict[Postcondition, bool] = {}
        for fact, sql in asked:
            self.session.again()
            try:
                rows = self._ask("other", f"SELECT {sql.replace('%', '%%')}")
            except Unreachable as error:
                if error.reason is not Reason.OTHER:
                    raise
            else:
                if rows and rows[0][0] is not None:
                    found[fact] = bool(rows[0][0])
        self.session.again()
        return found

    def _answers(self, others: Iterable[Postcondition]) -> dict[Postcondition, bool]:
        """Every other fact in one query, as guards ask for them."""
        asked = [(fact, sql) for fact in others if (sql := condition(_DIALECT, fact)) is not None]
        if not asked:
            return {}
        try:
            rows = self._ask("other", "SELECT " + ", ".join(sql.replace("%", "%%") for _, sql in asked))
        except Unreachable as error:
            if error.reason is not Reason.OTHER:
                raise
            return self._answers_one_by_one(asked)
        told = zip(asked, rows[0] if rows else (), strict=False)
        return {fact: bool(held) for (fact, _), held in told if held is not None}
