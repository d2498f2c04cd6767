"""CREATE statements to actions."""

from __future__ import annotations

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.accounts import read_accounts
from partway.sql.characteristics import made
from partway.sql.columns import read_column
from partway.sql.constraints import read_constraint
from partway.sql.context import Context, if_not_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.made import traits
from partway.sql.objects import IN_TABLE, ROUTINES, read_object
from partway.sql.of_server import made_accounts, server
from partway.sql.operators import BY_METHOD, made_operands, read_operator, read_transform, with_method
from partway.sql.partitions import read_bounds
from partway.sql.policies import DEFAULTS, policy
from partway.sql.routines import routine
from partway.sql.sequence_options import sequence_options
from partway.sql.table_said import said_of_mysql, said_of_sqlite

_SINGLE = frozenset(
    [
        "TEMP",
        "TEMPORARY",
        "GLOBAL",
        "LOCAL",
        "UNLOGGED",
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "VECTOR",
        "RECURSIVE",
        "VIRTUAL",
        "CONSTRAINT",
        "TRUSTED",
        "PROCEDURAL",
        "DEFAULT",
    ]
)


def read_create(cursor: Cursor, context: Context) -> list[Action]:
    """The actions of a CREATE statement; the cursor stands at its first word."""
    cursor.expect("CREATE")
    or_replace_at = cursor.end
    guard: Guard | None = None
    first = cursor.i
    if cursor.accept("OR", "REPLACE"):
        guard = Guard(GuardForm.OR_REPLACE, cursor.span(first))
    modifiers = _modifiers(cursor)
    object_ = read_object(cursor)
    if object_ is None:
        raise Unread(f"CREATE {cursor.word()} is not known")
    concurrently = cursor.accept("CONCURRENTLY")
    insert_at = cursor.end
    guard = if_not_exists(cursor) or guard
    traits = {"concurrently"} if concurrently else set()
    if modifiers & {"TEMP", "TEMPORARY"}:
        traits.add("temporary")
    if "VIRTUAL" in modifiers:
        traits.add("virtual")
    create = _Create(cursor, context, object_, modifiers, traits, guard, insert_at, or_replace_at)
    if object_ == "table":
        return [create.table()]
    if object_ == "index":
        return [create.index()]
    return [create.other()]


def _modifiers(cursor: Cursor) -> set[str]:
    """The words between CREATE and the kind of thing, values included (DEFINER = x, ALGORITHM = y)."""
    found: set[str] = set()
    while True:
        word = cursor.word()
        if word == "SPATIAL" and cursor.word(1) == "REFERENCE":
            return found
        if word in _SINGLE:
            # DEFAULT CONVERSION, CONSTRAINT TRIGGER: and not a table that is called so.
            found.add(word)
            cursor.i += 1
        elif word == "OR" or (word == "AGGREGATE" and cursor.word(1) == "FUNCTION"):
            cursor.i += 1
        elif word in ("ALGORITHM", "DEFINER"):
            cursor.i += 2 if cursor.word(1) == "=" else 1
            cursor.i += 1
            while cursor.word() in ("@", ".", "(", ")") or cursor.kind() == 6:
                cursor.i += 2 if cursor.word() in ("@", ".") else 1
        elif word == "SQL" and cursor.word(1) == "SECURITY":
            cursor.i += 3
        elif word in ("ONLINE", "OFFLINE"):
            cursor.i += 1
        else:
            return found


class _Create:
    """One CREATE statement after its kind of thing and guard have been read."""

    def __init__(
        self,
        cursor: Cursor,
        context: Context,
        object_: str,
        modifiers: set[str],
        traits: set[str],
        guard: Guard | None,
        insert_at: int,
        or_replace_at: int,
    ) -> None:
        self.cursor = cursor
        self.context = context
        self.object = object_
        self.modifiers = modifiers
        self.traits = traits
        self.guard = guard
        self.insert_at = insert_at
        self.or_replace_at = or_replace_at

    def action(self, kind: str, target: object, *postconditions: Postcondition) -> Action:
        """The action, spanning the whole statement."""
        return self.context.action(
            kind,
            target,
            self.cursor.span(0, self.cursor.count),
            *postconditions,
            traits=self.traits,
            guard=self.guard,
            insert_at=self.insert_at,
            or_replace_at=self.or_replace_at,
        )

    def table(self) -> Action:
        """CREATE TABLE with its columns, constraints and inline indexes."""
        cursor = self.cursor
        name = cursor.name()
        facts: list[Postcondition] = []
        if cursor.accept("PARTITION", "OF"):
            self.traits.add("partition")
            parent = cursor.name()
            facts.append(exists("partition", name, parent, read_bounds(cursor)))
        elif cursor.accept_any("OF", "LIKE"):
            self.traits.add("like")
            cursor.name()
        elif cursor.word() == "(" and cursor.word(1) == "LIKE" and cursor.dialect.indexes_in_table:
            self.traits.add("like")
            cursor.skip_parentheses()
        if cursor.word() == "(" and cursor.word(1) not in ("SELECT", "WITH"):
            facts += self._body(name)
        if cursor.find("AS", "SELECT", "WITH") >= 0 and self._selects():
            self.traits.add("as-select")
        if cursor.find("INHERITS") >= 0:
            self.traits.add("like")
        if cursor.find("PARTITION") >= 0 and not cursor.dialect.indexes_in_table:
            self.traits.add("partitioned")
        return self.action("create-table", name, exists("table", name, None, self._table_shape()), *facts)

    def _table_shape(self) -> tuple[tuple[str, str], ...]:
        """What the text says of the table as a whole."""
        cursor = self.cursor
        if cursor.dialect.indexes_in_table:
            return said_of_mysql(cursor)
        if cursor.dialect.types_are_hints:
            return said_of_sqlite(cursor, virtual="virtual" in self.traits)
        parted = (("partitioned", "yes"),) if "partitioned" in self.traits else ()
        return (*parted, *((("persistence", "u"),) if "UNLOGGED" in self.modifiers else ()))

    def _selects(self) -> bool:
        at = self.cursor.find("AS", "SELECT")
        if at < 0:
            return False
        words = [token[3] for token in self.cursor.tokens[at : at + 3]]
        return words[0] == "SELECT" or any(
            word in ("SELECT", "WITH", "TABLE", "VALUES", "EXECUTE") for word in words[1:]
        )

    def _body(self, table: Name) -> list[Postcondition]:
        cursor = self.cursor
        close = cursor.closing(cursor.i)
        cursor.i += 1
        facts: list[Postcondition] = []
        for first, last in cursor.pieces(close):
            part = cursor.part(first, last)
            if (constraint := read_constraint(part, table)) is not None:
                if constraint.object in ("constraint", "index"):
                    facts.append(constraint.fact)
            elif part.word() == "LIKE":
                self.traits.add("like")
            elif part.kind():
                try:
                    facts += read_column(part, table).postconditions
                except Unread:
                    continue  # half typed: the other columns can still be read
        cursor.i = min(close + 1, cursor.count)
        return facts

    def index(self) -> Action:
        """CREATE INDEX, named or not; an unnamed one can be written only where ON follows at once."""
        cursor = self.cursor
        if cursor.word() == "ON" and cursor.kind(1):
            index = Name("")
            self.traits.add("unnamed")
        else:
            index = cursor.name()
        attributes = [("unique", "yes")] if "UNIQUE" in self.modifiers else []
        if self.modifiers & {"FULLTEXT", "SPATIAL"}:
            attributes.append(("method", "fulltext" if "FULLTEXT" in self.modifiers else "spatial"))
        if cursor.accept("USING"):
            attributes.append(("method", cursor.identifier().lower()))
        cursor.expect("ON")
        cursor.accept("ONLY")
        table = cursor.name()
        if cursor.accept("USING"):
            attributes.append(("method", cursor.identifier().lower()))
        first = cursor.i
        columns = cursor.names_in_parentheses()
        if cursor.i > first:
            said = cursor.said(first + 1, cursor.i - 1)
            plain = ", ".join(columns or ())
            attributes.append(("columns", plain or said))
            if plain and said != plain:
                attributes.append(("keys", said))
        if cursor.accept("INCLUDE"):
            attributes.append(("include", ", ".join(cursor.names_in_parentheses() or ())))
        where = cursor.find("WHERE")
        if where >= 0:
            attributes.append(("predicate", cursor.said(where + 1, cursor.count)))
        if "concurrently" in self.traits:
            attributes.append(("valid", "yes"))
        schema = index.schema or table.schema
        in_table = cursor.dialect.indexes_in_table
        fact = exists("index", Name(index.name, None if in_table else schema), table, tuple(attributes))
        shown = index if index.name else table
        return self.action("create-index", shown, fact)

    def other(self) -> Action:
        """CREATE of anything else, by the shape its name takes."""
        cursor, object_ = self.cursor, self.object
        if object_ in BY_METHOD or object_ in ("operator", "transform"):
            return self._by_more()
        if self.modifiers & {"CONSTRAINT"} and object_ == "trigger":
            self.traits.add("constraint")
        facts: list[Postcondition] = []
        table: Name | None = None
        if object_ == "cast":
            name = Name(_parenthesised(cursor))
        elif object_ == "user-mapping":
            cursor.accept("FOR")
            name = Name(cursor.identifier())
            if cursor.accept("SERVER"):
                table = Name(cursor.identifier())
        elif object_ == "schema" and cursor.accept("AUTHORIZATION"):
            name = Name(cursor.identifier())
        elif object_ == "spatial-reference-system":
            name = Name(cursor.said(cursor.i, cursor.i + 1))  # a number
        elif object_ == "statistics" and cursor.word() in ("ON", "("):
            self.traits.add("unnamed")
            name = Name("")
        elif object_ == "role" and cursor.dialect.accounts_have_hosts:
            facts += [exists("role", one) for one in read_accounts(cursor)]
            facts += made_accounts(cursor)
            name = Name(cursor.identifier())
        else:
            name = cursor.name()
        like = self._like(name, table)
        if object_ in ROUTINES and cursor.word() == "(":
            facts.append(routine(cursor, object_, name))
        elif object_ in IN_TABLE:
            table = self._table_of(name, facts)
        elif object_ == "type":
            facts.append(exists("type", name, None, self._type_shape()))
        elif object_ in ("view", "materialized-view"):
            at = cursor.find("AS")
            if at < 0:
                raise Unread("AS expected")
            facts.append(exists(object_, name, None, self._view_shape(at)))
        elif object_ in ("domain", "sequence"):
            facts += (
                self._domain(name)
                if object_ == "domain"
                else [exists(object_, name, None, sequence_options(cursor))]
            )
        if object_ in ("publication", "subscription"):
            self.traits.update(_replication(cursor))
        if object_ == "foreign-table":
            facts.append(exists(object_, name))
            facts += self._body(name) if cursor.word() == "(" else ()
            self.traits.update(["like"] if cursor.find("INHERITS") >= 0 else [])
        target = f"{table}.{name.name}" if table is not None and object_ in IN_TABLE else name
        if not facts:
            facts.append(exists(object_, name, table))
        facts += like
        return self.action(f"create-{object_}", target if str(target) else object_, *facts)

    def _like(self, name: Name, table: Name | None = None) -> list[Postcondition]:
        """What the text says of a thing besides its name, each by itself."""
        if self.object == "server" and self.cursor.dialect.indexes_in_table:
            return server(self.cursor, name, whole=False)
        if self.object in ("database", "schema", "event") and self.cursor.dialect.indexes_in_table:
            return made(self.cursor, self.object, name)
        return traits(self.cursor, self.object, name, table) if name.name else []

    def _by_more(self) -> Action:
        """What more than its name tells apart: operators, their classes and families, transforms."""
        cursor, object_ = self.cursor, self.object
        if object_ == "operator":
            name = read_operator(cursor)
            like = self._like(name)
            return self.action(
                "create-operator", name, exists(object_, name, None, made_operands(cursor)), *like
            )
        if object_ == "transform":
            name, of = read_transform(cursor)
            target = of[0][1] if of else name.name
            return self.action("create-transform", target, exists(object_, name, None, of))
        name = cursor.name()
        at = cursor.find("USING")
        known_as = name if at < 0 else with_method(name, cursor.part(at, cursor.count))
        return self.action(f"create-{object_}", name, exists(object_, known_as))

    def _table_of(self, name: Name, facts: list[Postcondition]) -> Name | None:
        """The table that a trigger, policy or rule is on, and what the text says of it besides."""
        cursor = self.cursor
        first = cursor.i
        at = cursor.find("ON" if self.object != "rule" else "TO")
        if at < 0:
            return None
        cursor.i = at + 1
        table = cursor.name()
        if self.object == "policy":
            whole = dict(DEFAULTS) | policy(cursor)
            facts.append(exists("policy", name, table, tuple(whole.items())))
            return table
        said = cursor.said(first, cursor.count)
        facts.append(exists(self.object, name, table, (("definition", said),) if said else ()))
        return table

    def _view_shape(self, at: int) -> tuple[tuple[str, str], ...]:
        """The query behind AS, at this index."""
        cursor = self.cursor
        if "RECURSIVE" in self.modifiers:
            return ()  # it is kept as another query than it is written
        end = cursor.count
        tail = [token[3] for token in cursor.tokens[end - 3 : end]]
        if tail == ["WITH", "NO", "DATA"]:
            end -= 3
        elif tail[1:] == ["WITH", "DATA"]:
            end -= 2
        said = cursor.said(at + 1, end)
        return (("definition", said),) if said else ()

    def _domain(self, name: Name) -> list[Postcondition]:
        """The domain with its checks, which are written like a column's."""
        cursor = self.cursor
        cursor.accept("AS")
        column, *checks = read_column(cursor, name, name.name).postconditions
        own = [tuple(pair for pair in one.attributes if pair[0] != "columns") for one in checks]
        return [
            exists("domain", name, None, column.attributes),
            *(one._replace(attributes=said) for one, said in zip(checks, own, strict=True)),
        ]

    def _type_shape(self) -> tuple[tuple[str, str], ...]:
        cursor = self.cursor
        if cursor.accept("AS", "ENUM"):
            first = cursor.i
            cursor.skip_parentheses()
            return (("kind", "enum"), ("values", cursor.said(first + 1, cursor.i - 1)))
        if cursor.accept("AS", "RANGE"):
            return (("kind", "range"),)
        if cursor.accept("AS"):
            first = cursor.i
            cursor.skip_parentheses()
            return (("kind", "composite"), ("attributes", cursor.said(first + 1, cursor.i - 1)))
        return (("kind", "base"),) if cursor.word() == "(" else (("kind", "shell"),)


def _parenthesised(cursor: Cursor) -> str:
    first = cursor.i
    cursor.skip_parentheses()
    return cursor.said(first, cursor.i)


def _replication(cursor: Cursor) -> list[str]:
    """A subscription that makes its slot on the publisher, which is what keeps it out of a transaction."""
    words = [token[3] for token in cursor.tokens[cursor.i :]]
    off = any(
        a in ("CREATE_SLOT", "CONNECT") and (c if b == "=" else b).strip("'").lower() in ("false", "off", "0")
        for a, b, c in zip(words, [*words[1:], ""], [*words[2:], "", ""], strict=False)
    )
    return ["no-slot"] if off else []
