"""The catalog of MySQL and MariaDB to a Snapshot: one query of information_schema for each kind of thing.

Each query is a UNION ALL with one arm for each table, since both servers look up a table quickly only where its schema
and name are compared with constants; a list of names makes MariaDB open every table there is.
https://dev.mysql.com/doc/refman/9.7/en/information-schema-optimization.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import condition
from partway.dialects.dialect import Version
from partway.live.sessions.mysql import MysqlSession
from partway.live.sessions.session import Row, Session
from partway.live.snapshot.columns import column, index_columns, table_options
from partway.live.snapshot.model import Snapshot, Thing
from partway.live.snapshot.sequences import counting
from partway.live.unreachable import Reason, Unreachable
from partway.live.wanted import Wanted

#: What escapes can stand in.
_QUOTED = re.compile(r"['\"\\]")
_BODY = re.compile(
    r"\bFOR\s+EACH\s+ROW\s+(?:(?:FOLLOWS|PRECEDES)\s+(?:`(?:[^`]|``)+`|\S+)\s+)?(.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE_COLUMNS = frozenset({"spatial", "rtree", "fulltext"})
#: What information_schema calls a table to what Partway calls it.
_TABLES = {
    "BASE TABLE": "table",
    "SYSTEM VERSIONED": "table",
    "VIEW": "view",
    "SYSTEM VIEW": "view",
    "SEQUENCE": "sequence",
}
#: From which version CHECK constraints are listed.
_CHECKS: dict[str, Version] = {"mysql": (8, 0, 16), "mariadb": (10, 2, 22)}
#: MariaDB has no expressions in indexes, and no column for them.
_INDEX_EXPRESSION: dict[str, tuple[str, Version]] = {
    "mysql": ("expression", (8, 0, 13)),
    "mariadb": ("NULL", ()),
}
#: From which version indexes can be kept from queries, and the column that tells, as yes or no.
_INDEX_VISIBLE: dict[str, tuple[str, Version]] = {
    "mysql": ("is_visible", (8, 0)),
    "mariadb": ("IF(ignored = 'YES', 'NO', 'YES')", (10, 6)),
}
#: From which version there are roles, whose rights are listed elsewhere.
_ROLES: dict[str, Version] = {"mysql": (8, 0), "mariadb": (10, 0, 5)}
_RIGHTS = """
SELECT EXISTS (SELECT 1 FROM information_schema.user_privileges
    WHERE grantee = own.grantee AND privilege_type <> 'USAGE')
  OR EXISTS (SELECT 1 FROM information_schema.schema_privileges
    WHERE grantee = own.grantee AND DATABASE() LIKE table_schema)
  OR COALESCE({role}, 'NONE') <> 'NONE'
FROM (SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@',
  QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))) AS grantee) AS own
"""
_INDEX_ARM = (
    "SELECT table_schema, table_name, index_name, non_unique, column_name, sub_part, collation, index_type,"
    " {expression}, seq_in_index, {visible} FROM information_schema.statistics"
    " WHERE table_schema = {schema} AND table_name = {name}"
)
_CHECK_ARM = {
    "mysql": "SELECT 'check', k.constraint_schema, t.table_name, k.constraint_name, k.check_clause,"
    " NULL, NULL, NULL, t.enforced, NULL FROM information_schema.check_constraints k"
    " JOIN information_schema.table_constraints t ON t.constraint_schema = k.constraint_schema"
    " AND t.constraint_name = k.constraint_name AND t.constraint_type = 'CHECK'"
    " WHERE t.table_schema = {schema} AND t.table_name = {name}",
    "mariadb": "SELECT 'check', constraint_schema, table_name, constraint_name, check_clause, NULL, NULL, NULL,"
    " level, NULL FROM information_schema.check_constraints"
    " WHERE constraint_schema = {schema} AND table_name = {name}",
}
_CONSTRAINT_ARMS = (
    """SELECT 'constraint' AS what, table_schema AS a, table_name AS b, constraint_name AS c, constraint_type AS d,
    NULL AS e, NULL AS f, NULL AS g, NULL AS h, NULL AS i FROM information_schema.table_constraints
    WHERE table_schema = {schema} AND table_name = {name}""",
    """SELECT 'column', table_schema, table_name, constraint_name, column_name, referenced_table_schema,
    referenced_table_name, referenced_column_name, ordinal_position, NULL
    FROM information_schema.key_column_usage WHERE table_schema = {schema} AND table_name = {name}""",
    """SELECT 'actions', constraint_schema, table_name, constraint_name, update_rule, delete_rule, NULL, NULL, NULL,
    NULL FROM information_schema.referential_constraints
    WHERE constraint_schema = {schema} AND table_name = {name}""",
)
_ROUTINE_ARMS = (
    """SELECT 'routine' AS what, routine_schema AS a, routine_name AS b, routine_type AS c, routine_definition AS d,
    dtd_identifier AS e, routine_comment AS f, security_type AS g, sql_data_access AS h, is_deterministic AS i,
    NULL AS j FROM information_schema.routines WHERE routine_schema = {schema} AND routine_name = {name}""",
    """SELECT 'parameter', specific_schema, specific_name, routine_type, parameter_mode, parameter_name,
    dtd_identifier, NULL, NULL, NULL, ordinal_position FROM information_schema.parameters
    WHERE specific_schema = {schema} AND specific_name = {name} AND ordinal_position > 0""",
)


def take(session: Session, wanted: Wanted) -> Snapshot:
    """The snapshot of what is wanted. Raises Unreachable."""
    return _Taking(cast(MysqlSession, session)).take(wanted)


class _Taking:
    def __init__(self, session: MysqlSession) -> None:
        self.session = session
        self.things: list[Thing] = []
        self.unseen: dict[str, str] = {}

    def take(self, wanted: Wanted) -> Snapshot:
        session = self.session
        named = wanted.relations
        exact = self._tables(named)
        self.things = counting(session, self.things)
        hidden = "" if self._sees_everything() else f"{session.address.user} sees only what it has rights to"
        tables = [thing.name for thing in self.things if thing.object in ("table", "view")]
        if tables and "column" in wanted.members:
            self._columns(tables)
        if tables and "index" in wanted.members:
            self._indexes(tables)
        if tables and "constraint" in wanted.members:
            self._constraints(tables)
        if tables and "partition" in wanted.members:
            self._partitions(tables)
        if "trigger" in wanted.members:
            self._triggers(named)
        views = [thing.name for thing in self.things if thing.object == "view"]
        if views:
            self._views(views)
        if wanted.routines:
            self._routines(wanted.routines)
        answers = self._answers(wanted.others)
        return Snapshot(
            session.dialect,
            session.server,
            session.database,
            session.path,
            tuple(self.things),
            answers,
            self.unseen,
            hidden=hidden,
            exact_tables=exact,
            round_trips=session.round_trips,
        )

    def _ask(self, kind: str, arm: str | Sequence[str], names: Iterable[Name], tail: str = "") -> list[Row]:
        """The rows of one arm (or several) for each name; none and a note where this kind cannot be read."""
        arms, parameters = [], {}
        for number, name in enumerate(dict.fromkeys(names)):
            schema = "DATABASE()"
            if name.schema:
                parameters[f"s{number}"] = name.schema
                schema = f"%(s{number})s"
            parameters[f"n{number}"] = name.name
            given = (arm,) if isinstance(arm, str) else arm
            arms += [one.replace("{schema}", schema).replace("{name}", f"%(n{number})s") for one in given]
        if not arms:
            return []
        return self._rows(kind, " UNION ALL ".join(arms) + tail, parameters)

    def _rows(self, kind: str, sql: str, parameters: dict[str, Any]) -> list[Row]:
        try:
            return self.session.ask(sql, parameters)
        except Unreachable as error:
            if error.reason not in (Reason.RIGHTS, Reason.LOCKED):
                raise
            self.unseen[kind] = str(error)
            return []

    def _tables(self, names: Sequence[Name]) -> bool:
        rows = self._ask(
            "table",
            "SELECT table_schema, table_name, table_type, engine, table_collation, table_comment,"
            " @@lower_case_table_names, create_options FROM information_schema.tables"
            " WHERE table_schema = {schema} AND table_name = {name}",
            names,
        )
        for schema, name, type_, engine, collation, comment, _, options in rows:
            said = {
                "engine": engine,
                "collation": collation,
                "comment": comment or "",
                "partitioned": "yes" if "partitioned" in (options or "") else "no",
            }
            said |= table_options(options or "")
            self.things.append(Thing(_TABLES.get(type_, "table"), Name(name, schema), None, said))
        return not rows or rows[0][6] == 0

    def _sees_everything(self) -> bool:
        """Whether the account has any right on the whole server or schema: others see only what they may touch."""
        role = "CURRENT_ROLE()" if self.session.server >= _ROLES[self.session.dialect] else "NULL"
        rows = self._rows("rights", _RIGHTS.replace("{role}", role), cast(Any, None))
        return not rows or bool(rows[0][0])

    def _columns(self, tables: Iterable[Name]) -> None:
        rows = self._ask(
            "column",
            "SELECT table_schema, table_name, column_name, column_type, is_nullable, column_default, extra,"
            " generation_expression, column_comment, collation_name, ordinal_position"
            " FROM information_schema.columns WHERE table_schema = {schema} AND table_name = {name}",
            tables,
            " ORDER BY 1, 2, 11",
        )
        for schema, table, name, *said in rows:
            attributes = column(self.session.dialect, *said[:7])
            self.things.append(Thing("column", Name(name), Name(table, schema), attributes))

    def _indexes(self, tables: Iterable[Name]) -> None:
        source, since = _INDEX_EXPRESSION[self.session.dialect]
        expression = source if self.session.server >= since else "NULL"
        source, since = _INDEX_VISIBLE[self.session.dialect]
        visible = source if self.session.server >= since else "'YES'"
        rows = self._ask(
            "index",
            _INDEX_ARM.replace("{expression}", expression).replace("{visible}", visible),
            tables,
            " ORDER BY 1, 2, 3, 10",
        )
        found: dict[tuple[str, str, str], list[Row]] = {}
        for row in rows:
            found.setdefault(row[:3], []).append(row)
        for (schema, table, name), parts in found.items():
            said = index_columns([(part[4], part[5], part[6], part[8]) for part in parts])
            said["unique"] = "no" if int(parts[0][3]) else "yes"
            said["method"] = parts[0][7].lower()
            if said["method"] in _WHOLE_COLUMNS:
                said["keys"] = said["columns"]  # the prefix length shown is of no meaning
            said |= {"valid": "yes", "predicate": "", "visible": parts[0][10].lower()}
            self.things.append(Thing("index", Name(name), Name(table, schema), said))

    def _constraints(self, tables: Iterable[Name]) -> None:
        arms = list(_CONSTRAINT_ARMS)
        if self.session.server >= _CHECKS[self.session.dialect]:
            arms.append(_CHECK_ARM[self.session.dialect])
        found: dict[tuple[str, str, str], dict[str, str | None]] = {}
        columns: dict[tuple[str, str, str], list[tuple[int, str, str]]] = {}
        for what, schema, table, name, *values in self._ask("constraint", arms, tables):
            key = (schema, table, name)
            said = found.setdefault(key, {"valid": "yes"})
            if what == "constraint":
                said["kind"] = values[0].lower()
            elif what == "check":
                said |= {"kind": "check", "expression": _mended(values[0])}
                said["enforced"] = "no" if values[4] == "NO" else "yes"
            elif what == "actions":
                said |= {"on-update": values[0].lower(), "on-delete": values[1].lower()}
            else:
                columns.setdefault(key, []).append((int(values[4]), values[0], values[3] or ""))
                if values[2]:
                    said["references"] = f"{values[1]}.{values[2]}"
        for key, said in found.items():
            parts = sorted(columns.get(key, ()))
            if parts:
                said["columns"] = ", ".join(part[1] for part in parts)
            if "references" in said:
                said["references"] = f"{said['references']} ({', '.join(part[2] for part in parts)})"
            schema, table, name = key
            self.things.append(Thing("constraint", Name(name), Name(table, schema), said))

    def _partitions(self, tables: Iterable[Name]) -> None:
        rows = self._ask(
            "partition",
            "SELECT table_schema, table_name, partition_name, partition_description, partition_method,"
            " partition_expression FROM information_schema.partitions"
            " WHERE table_schema = {schema} AND table_name = {name} AND partition_name IS NOT NULL",
            tables,
        )
        if "partition" in self.unseen:
            return
        names: dict[Name, dict[str, str | None]] = {}
        by: dict[Name, str] = {}
        for schema, table, name, description, method, expression in rows:
            names.setdefault(Name(table, schema), {})[name] = description
            by[Name(table, schema)] = f"{method.lower()} ({expression or ''})"
        for number, thing in enumerate(self.things):
            if thing.object == "table":
                own = names.get(thing.name, {})
                said = {
                    **thing.attributes,
                    "partition-by": by.get(thing.name, ""),
                    "partitions": str(len(own)),
                }
                self.things[number] = thing._replace(attributes=said)
        for owner, own in names.items():
            for name, description in own.items():
                self.things.append(Thing("partition", Name(name), owner, {"values": description}))

    def _triggers(self, tables: Iterable[Name]) -> None:
        rows = self._ask(
            "trigger",
            "SELECT event_object_schema, event_object_table, trigger_name, action_timing, event_manipulation,"
            " action_statement FROM information_schema.triggers"
            " WHERE event_object_schema = {schema} AND event_object_table = {name}",
            tables,
        )
        for schema, table, name, timing, event, said in rows:
            statement = said if not _QUOTED.search(said) else self._written(schema, name) or said
            definition = f"{timing} {event} ON t FOR EACH ROW {statement}"
            self.things.append(Thing("trigger", Name(name), Name(table, schema), {"definition": definition}))

    def _written(self, schema: str, name: str) -> str:
        """What a trigger runs, as it was written: MySQL lists it with the escapes in its strings resolved."""
        quoted = ".".join(f"`{part.replace('`', '``')}`" for part in (schema, name))
        rows = self._rows("trigger", f"SHOW CREATE TRIGGER {quoted}", cast(Any, None))
        match = _BODY.search(rows[0][2] or "") if rows else None
        return match[1] if match is not None else ""

    def _views(self, views: Iterable[Name]) -> None:
        rows = self._ask(
            "view",
            "SELECT table_schema, table_name, view_definition FROM information_schema.views"
            " WHERE table_schema = {schema} AND table_name = {name}",
            views,
        )
        definitions = {Name(name, schema): definition or None for schema, name, definition in rows}
        for number, thing in enumerate(self.things):
            if thing.object == "view":
                said = {**thing.attributes, "definition": definitions.get(thing.name)}
                self.things[number] = thing._replace(attributes=said)

    def _routines(self, names: Iterable[Name]) -> None:
        rows = self._ask("function", _ROUTINE_ARMS, names)
        taken: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        for what, schema, name, kind, *values in rows:
            if what == "parameter":
                mode, parameter, type_, _, _, _, place = values
                taken.setdefault((schema, name, kind), []).append(
                    (int(place), f"{mode} `{parameter}` {type_}")
                )
        for what, schema, name, kind, *values in rows:
            if what != "routine":
                continue
            body, result, comment, security, data, deterministic, _ = values
            own = sorted(taken.get((schema, name, kind), ()))
            said = {"body": body, "result": result or "", "comment": comment or ""}
            said |= {"security": security, "data": data, "deterministic": deterministic.lower()}
            said["parameters"] = ", ".join(one for _, one in own)
            self.things.append(Thing(kind.lower(), Name(name, schema), None, said))

    def _answers(self, others: Iterable[Postcondition]) -> dict[Postcondition, bool]:
        """Every other fact in one query, as guards ask for them; what the server itself leaves open is no answer."""
        dialect = self.session.dialect
        asked = [(fact, sql) for fact in others if (sql := condition(dialect, fact)) is not None]
        told = self._told([sql for _, sql in asked], "") if asked else ()
        if asked and not told:
            # Of some kinds the account may not ask, or this version has no list: of the others it is told one by one.
            told = tuple((self._told([sql], fact.object) or (None,))[0] for fact, sql in asked)
        return {fact: bool(held) for (fact, _), held in zip(asked, told, strict=True) if held is not None}

    def _told(self, asked: Sequence[str], kind: str) -> Row:
        """What the server says of these conditions; nothing, and a note of the kind, where it does not."""
        try:
            return self.session.ask("SELECT " + ", ".join(asked))[0]
        except Unreachable as error:
            if error.reason not in (Reason.RIGHTS, Reason.LOCKED, Reason.OTHER):
                raise
            if kind:
                self.unseen[kind] = str(error)
            return ()


def _mended(expression: str) -> str:
    """A check's expression. MySQL shows the bytes of what is beyond ASCII as if each were a letter."""
    try:
        return expression.encode("latin-1").decode()
    except UnicodeError:
        return expression


#: For readers of this module: what `take` looks like to those that choose one by dialect.
Take = Callable[[Session, Wanted], Snapshot]
