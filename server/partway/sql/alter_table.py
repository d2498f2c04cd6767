"""ALTER TABLE to actions: one for each of its comma-separated parts."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.core.source import Span
from partway.sql.columns import read_column
from partway.sql.constraints import read_constraint
from partway.sql.context import Context, column, if_exists, if_not_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import NUMBER, QUOTED, WORD
from partway.sql.table_options import read_option


def read_alter_table(cursor: Cursor, context: Context, object_: str = "table") -> list[Action]:
    """The actions of ALTER TABLE (or FOREIGN TABLE, or what takes the same actions) after those words."""
    insert_at = cursor.end
    guard = if_exists(cursor)
    cursor.accept("ONLY")
    if cursor.accept("ALL", "IN", "TABLESPACE"):
        return [context.action("set-tablespace", cursor.identifier(), cursor.span(0, cursor.count))]
    table = cursor.name()
    cursor.accept("*")
    cursor.accept_any("WAIT", "NOWAIT")
    alter = _Alter(context, table, guard, object_, insert_at)
    actions: list[Action] = []
    for first, last in cursor.pieces():
        part = cursor.part(first, last)
        if actions and actions[-1].kind.endswith("-partition") and part.kind(1) == 0:
            continue  # DROP PARTITION p0, p1: another name of the list, not another action
        actions += alter.part(part)
    if not actions:
        raise Unread("an action expected")
    return actions


class _Alter:
    """The table being altered, and one method for each first word of an action."""

    def __init__(
        self, context: Context, table: Name, guard: Guard | None, object_: str, insert_at: int
    ) -> None:
        self.context = context
        self.table = table
        self.guard = guard
        self.object = object_
        self.insert_at = insert_at

    def part(self, cursor: Cursor) -> list[Action]:
        """The actions of one comma-separated part."""
        reader: Callable[[_Alter, Cursor], list[Action]] | None = _READERS.get(cursor.word())
        found = reader(self, cursor) if reader is not None else None
        if found:
            return found
        kind = read_option(cursor)
        if kind is None:
            raise Unread(f"{cursor.word()} is not known in ALTER TABLE")
        guard = self.guard if kind == "set-schema" else None
        return [self.action(kind, self.table, cursor, guard=guard)] if kind else []

    def action(
        self,
        kind: str,
        target: object,
        cursor: Cursor,
        *facts: Postcondition,
        traits: set[str] | frozenset[str] = frozenset(),
        guard: Guard | None = None,
        insert_at: int | None = None,
    ) -> Action:
        """An action that spans its part of the statement."""
        span = Span(cursor.tokens[_first(cursor)][1], cursor.tokens[cursor.count - 1][2])
        return self.context.action(
            kind, target, span, *facts, traits=traits, guard=guard, insert_at=insert_at
        )

    def member(self, name: str) -> str:
        """A column, constraint or index of this table, as a target."""
        return f"{self.table}.{name}"

    def add(self, cursor: Cursor) -> list[Action]:
        """ADD COLUMN / CONSTRAINT / INDEX / PARTITION / SYSTEM VERSIONING."""
        begin = cursor.i
        cursor.i += 1
        if cursor.accept("PARTITION"):
            guard = if_not_exists(cursor)
            return [self.action("add-partition", self.table, _from(cursor, begin), guard=guard)]
        if cursor.accept("SYSTEM", "VERSIONING"):
            return [self.action("add-system-versioning", self.table, _from(cursor, begin))]
        if cursor.word() != "COLUMN":
            at = cursor.i
            constraint = read_constraint(cursor, self.table)
            if constraint is not None and constraint.object in ("constraint", "index"):
                guard = _guard_within(cursor, at)
                insert_at = _constraint_insertion(cursor, at)
                kind = "add-constraint" if constraint.object == "constraint" else "create-index"
                traits = set(constraint.traits)
                if kind == "create-index":
                    traits.add("in-table")
                target = self.member(constraint.name) if constraint.name else str(self.table)
                if kind == "create-index":
                    target = constraint.name or str(self.table)
                whole = _from(cursor, begin)
                return [
                    self.action(
                        kind, target, whole, constraint.fact, traits=traits, guard=guard, insert_at=insert_at
                    )
                ]
            if constraint is not None:
                return [self.action("add-period", self.table, _from(cursor, begin))]
        cursor.accept("COLUMN")
        insert_at = cursor.end
        guard = if_not_exists(cursor)
        if cursor.word() == "(":  # MySQL: ADD COLUMN (a INT, b INT)
            close = cursor.closing(cursor.i)
            inner = cursor.part(cursor.i + 1, close)
            actions = []
            for first, last in inner.pieces(close):
                part = cursor.part(first, last)
                if (constraint := read_constraint(part, self.table)) is not None:
                    actions.append(
                        self.action(
                            "create-index",
                            constraint.name or self.table,
                            part,
                            constraint.fact,
                            traits=constraint.traits,
                        )
                    )
                else:
                    actions += self._column(part, guard, None)
            return actions
        return self._column(cursor, guard, insert_at, begin)

    def _column(
        self, cursor: Cursor, guard: Guard | None, insert_at: int | None, begin: int | None = None
    ) -> list[Action]:
        begin = cursor.i if begin is None else begin
        read = read_column(cursor, self.table)
        traits = {"unnamed-constraint"} if read.unnamed else set()
        if read.key:
            traits.add(read.key.replace(" ", "-"))
        whole = _from(cursor, begin)
        return [
            self.action(
                "add-column",
                self.member(read.name),
                whole,
                *read.postconditions,
                traits=traits,
                guard=guard,
                insert_at=insert_at,
            )
        ]

    def drop(self, cursor: Cursor) -> list[Action]:
        """DROP COLUMN / CONSTRAINT / INDEX / KEY / PRIMARY KEY / FOREIGN KEY / CHECK / PARTITION / PERIOD."""
        begin = cursor.i
        cursor.i += 1
        table, object_ = self.table, "column"
        if cursor.accept("PRIMARY", "KEY"):
            guard = if_exists(cursor)
            fact = absent("constraint", Name(""), table, (("kind", "primary key"),))
            return [
                self.action(
                    "drop-constraint", table, _from(cursor, begin), fact, traits={"primary-key"}, guard=guard
                )
            ]
        if cursor.accept("SYSTEM", "VERSIONING"):
            return [self.action("drop-system-versioning", table, _from(cursor, begin))]
        if cursor.accept("PERIOD", "FOR"):
            return [self.action("drop-period", table, _from(cursor, begin))]
        traits: set[str] = set()
        if cursor.accept("FOREIGN", "KEY"):
            object_, traits = "constraint", {"foreign-key"}
        elif cursor.accept("CONSTRAINT"):
            object_ = "constraint"
        elif cursor.word() == "CHECK" and cursor.count > cursor.i + 1:
            cursor.i += 1
            object_, traits = "constraint", {"check"}
        elif cursor.word() in ("INDEX", "KEY") and cursor.dialect.indexes_in_table:
            cursor.i += 1
            object_ = "index"
        elif cursor.word() == "PARTITION" and cursor.count > cursor.i + 1:
            cursor.i += 1
            object_ = "partition"
        else:
            cursor.accept("COLUMN")
        insert_at = cursor.end
        guard = if_exists(cursor)
        name = cursor.identifier()
        if object_ == "index":
            traits.add("in-table")
        target = name if object_ == "index" else self.member(name)
        if object_ == "partition":
            return [
                self.action("drop-partition", table, _from(cursor, begin), guard=guard, insert_at=insert_at)
            ]
        fact = absent(
            object_, Name(name), table, (("kind", "foreign key"),) if "foreign-key" in traits else ()
        )
        return [
            self.action(
                f"drop-{object_}",
                target,
                _from(cursor, begin),
                fact,
                traits=traits,
                guard=guard,
                insert_at=insert_at,
            )
        ]

    def alter(self, cursor: Cursor) -> list[Action]:
        """ALTER [COLUMN] name ..., ALTER CONSTRAINT / CHECK / INDEX name ..."""
        begin = cursor.i
        cursor.i += 1
        if cursor.word() in ("CONSTRAINT", "CHECK") and cursor.count > cursor.i + 2:
            cursor.i += 1
            name = cursor.identifier()
            return [self.action("alter-constraint", self.member(name), _from(cursor, begin))]
        if cursor.word() == "INDEX" and cursor.dialect.indexes_in_table:
            cursor.i += 1
            name = cursor.identifier()
            return [self.action("alter-index", name, _from(cursor, begin))]
        cursor.accept("COLUMN")
        guard = if_exists(cursor)
        name = cursor.identifier()
        trait, attributes, inner = _column_change(cursor, name)
        facts = [column(self.table, name, *attributes)] if attributes else []
        return [
            self.action(
                "alter-column",
                self.member(name),
                _from(cursor, begin),
                *facts,
                traits={trait},
                guard=inner or guard,
            )
        ]

    def modify(self, cursor: Cursor) -> list[Action]:
        """MODIFY [COLUMN] name definition (MySQL)."""
        begin = cursor.i
        cursor.i += 1
        cursor.accept("COLUMN")
        guard = if_exists(cursor)
        read = read_column(cursor, self.table)
        traits = {"definition"} | ({read.key.replace(" ", "-")} if read.key else set())
        return [
            self.action(
                "alter-column",
                self.member(read.name),
                _from(cursor, begin),
                *read.postconditions,
                traits=traits,
                guard=guard,
            )
        ]

    def change(self, cursor: Cursor) -> list[Action]:
        """CHANGE [COLUMN] old new definition (MySQL)."""
        begin = cursor.i
        cursor.i += 1
        cursor.accept("COLUMN")
        insert_at = cursor.end
        guard = if_exists(cursor)
        old = cursor.identifier()
        read = read_column(cursor, self.table)
        whole = _from(cursor, begin)
        if cursor.dialect.key(old).lower() == read.name.lower():
            return [
                self.action(
                    "alter-column",
                    self.member(old),
                    whole,
                    *read.postconditions,
                    traits={"definition"},
                    guard=guard,
                )
            ]
        facts = (column(self.table, old, present=False), *read.postconditions)
        return [
            self.action(
                "rename-column",
                self.member(old),
                whole,
                *facts,
                traits={"change"},
                guard=guard,
                insert_at=insert_at,
            )
        ]

    def rename(self, cursor: Cursor) -> list[Action]:
        """RENAME [COLUMN | CONSTRAINT | INDEX] a TO b, RENAME TO b."""
        begin = cursor.i
        cursor.i += 1
        table = self.table
        if cursor.word() in ("TO", "AS") and cursor.count > cursor.i + 1 and cursor.word(1) != "TO":
            cursor.i += 1
            new = cursor.name()
            new = Name(new.name, new.schema or table.schema)
            facts = (absent(self.object, table), exists(self.object, new))
            guard = self.guard and Guard(GuardForm.IF_EXISTS, self.guard.span)
            return [
                self.action(
                    f"rename-{self.object}",
                    table,
                    _from(cursor, begin),
                    *facts,
                    guard=guard,
                    insert_at=self.insert_at,
                )
            ]
        object_ = {"CONSTRAINT": "constraint", "INDEX": "index", "KEY": "index"}.get(cursor.word(), "column")
        if object_ != "column" or cursor.word() == "COLUMN":
            if cursor.word(1) != "TO":
                cursor.i += 1
            else:
                object_ = "column"
        insert_at = cursor.end
        guard = if_exists(cursor)
        old = cursor.identifier()
        if cursor.done and cursor.dialect.indexes_in_table and object_ == "column":  # RENAME new_name
            facts = (absent("table", table), exists("table", Name(old, table.schema)))
            return [self.action("rename-table", table, _from(cursor, begin), *facts)]
        cursor.expect("TO")
        new_name = cursor.identifier()
        facts = (
            absent(object_, Name(old), table),
            exists(object_, Name(new_name), table),
        )
        target = old if object_ == "index" else self.member(old)
        traits = {"in-table"} if object_ == "index" else set()
        return [
            self.action(
                f"rename-{object_}",
                target,
                _from(cursor, begin),
                *facts,
                traits=traits,
                guard=guard,
                insert_at=insert_at,
            )
        ]

    def validate(self, cursor: Cursor) -> list[Action]:
        """VALIDATE CONSTRAINT name."""
        begin = cursor.i
        cursor.i += 1
        cursor.expect("CONSTRAINT")
        name = cursor.identifier()
        fact = exists("constraint", Name(name), self.table, (("valid", "yes"),))
        return [self.action("validate-constraint", self.member(name), _from(cursor, begin), fact)]

    def attach(self, cursor: Cursor) -> list[Action]:
        """ATTACH PARTITION name ..."""
        begin = cursor.i
        cursor.i += 1
        cursor.expect("PARTITION")
        name = cursor.name()
        fact = exists("partition", name, self.table)
        return [self.action("attach-partition", name, _from(cursor, begin), fact)]

    def detach(self, cursor: Cursor) -> list[Action]:
        """DETACH PARTITION name [CONCURRENTLY | FINALIZE]."""
        begin = cursor.i
        cursor.i += 1
        cursor.expect("PARTITION")
        name = cursor.name()
        traits = {cursor.word().lower()} if cursor.word() in ("CONCURRENTLY", "FINALIZE") else set()
        fact = absent("partition", name, self.table)
        return [self.action("detach-partition", name, _from(cursor, begin), fact, traits=traits)]


_READERS: dict[str, Callable[[_Alter, Cursor], list[Action]]] = {
    "ADD": _Alter.add,
    "ALTER": _Alter.alter,
    "ATTACH": _Alter.attach,
    "CHANGE": _Alter.change,
    "DETACH": _Alter.detach,
    "DROP": _Alter.drop,
    "MODIFY": _Alter.modify,
    "RENAME": _Alter.rename,
    "VALIDATE": _Alter.validate,
}


def _column_change(cursor: Cursor, name: str) -> tuple[str, tuple[tuple[str, str], ...], Guard | None]:
    """What ALTER COLUMN does: the trait of its row, the attributes it sets, the guard inside it."""
    if cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
        using = cursor.find("USING", "COLLATE")
        said = cursor.said(cursor.i, using if using >= 0 else cursor.count)
        using = cursor.find("USING")
        kept = using < 0 or _only_casts(cursor.part(using + 1, cursor.count), name)
        return "type" if kept else "type-using", (("type", said),), None
    if cursor.accept("SET", "NOT", "NULL"):
        return "nullability", (("nullable", "no"),), None
    if cursor.accept("DROP", "NOT", "NULL"):
        return "nullability", (("nullable", "yes"),), None
    if cursor.accept("SET", "DEFAULT"):
        return "default", (("default", cursor.said(cursor.i, cursor.count)),), None
    if cursor.accept("DROP", "DEFAULT"):
        return "default", (("default", ""),), None
    if cursor.accept("ADD", "GENERATED"):
        return "add-identity", (("identity", "yes"),), None
    if cursor.accept("DROP", "IDENTITY"):
        return "drop-identity", (("identity", "no"),), if_exists(cursor)
    if cursor.accept("DROP", "EXPRESSION"):
        return "drop-expression", (("generated", ""),), if_exists(cursor)
    if cursor.word() in ("SET", "RESET", "RESTART") and cursor.count > cursor.i:
        return "option", (), None
    raise Unread(f"{cursor.word()} is not known in ALTER COLUMN")


def _only_casts(cursor: Cursor, column_name: str) -> bool:
    """Whether an expression is the column itself through casts, which a second run repeats to no effect."""
    while cursor.word() == "(" and cursor.closing(cursor.i) == cursor.count - 1:
        cursor = cursor.part(cursor.i + 1, cursor.count - 1)
    words = [token[3] for token in cursor.tokens[cursor.i : cursor.count]]
    if words[:2] == ["CAST", "("]:
        inner = cursor.part(cursor.i + 2, cursor.count - 1)
        return inner.maybe_identifier() == column_name and inner.word() == "AS"
    name = cursor.maybe_identifier()
    rest = cursor.tokens[cursor.i : cursor.count]
    return (
        name == column_name
        and (not rest or rest[0][3] == "::")
        and all(
            kind in (WORD, QUOTED, NUMBER) or word in ("::", "(", ")", ",", ".", "[", "]")
            for kind, _, _, word in rest
        )
    )


def _guard_within(cursor: Cursor, first: int) -> Guard | None:
    for i in range(first, min(cursor.count, first + 8) - 2):
        if [token[3] for token in cursor.tokens[i : i + 3]] == ["IF", "NOT", "EXISTS"]:
            return Guard(GuardForm.IF_NOT_EXISTS, cursor.span(i, i + 3))
        if cursor.tokens[i][3] == "(":
            break
    return None


def _constraint_insertion(cursor: Cursor, first: int) -> int | None:
    """Where MariaDB takes IF NOT EXISTS in ADD CONSTRAINT / INDEX / FOREIGN KEY: after the words for the thing."""
    i = first
    words = [token[3] for token in cursor.tokens[first : first + 4]]
    if words[:1] == ["CONSTRAINT"]:
        if words[2:3] == ["CHECK"]:
            return cursor.tokens[first][2]
        if words[2:3] != [
            "UNIQUE"
        ]:  # for a foreign key it takes a second name with it; see the guard that writes it
            return None
        i = first + 2
    while i < cursor.count and cursor.tokens[i][3] in (
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "INDEX",
        "KEY",
        "FOREIGN",
    ):
        i += 1
    return cursor.tokens[i - 1][2] if i > first else None


def _from(cursor: Cursor, begin: int) -> Cursor:
    """A cursor over the whole part, for its span."""
    return cursor.part(begin, cursor.count)


def _first(cursor: Cursor) -> int:
    return min(cursor.i, cursor.count - 1)
