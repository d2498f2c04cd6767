"""Statements that a schema editor sends: each becomes an operation of the migration, with what it leaves behind.

Kinds, targets and postconditions are those that the SQL reader gives for the statement itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from partway.core.operation import CONDITIONAL, Action, Guard, InTransaction, Repeat
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.core.source import Span
from partway.tools.django.backends import AUTO, Backend
from partway.tools.django.columns import Column, check
from partway.tools.django.names import bare
from partway.tools.django.values import Unknown
from partway.tools.draft import Draft

_LATER = "runs at the end of the migration, after all other operations"


def named(table: str) -> Name:
    """A table's name as the database stores it."""
    schema, dot, name = table.rpartition('"."')
    return Name(name.strip('"'), schema.strip('"')) if dot else Name(bare(table))


class Statements:
    """Writes statements into a draft. `span`, `words` and `guard` are those of the operation that sends them; `later`
    says that they run at the end of the migration."""

    def __init__(self, draft: Draft, backend: Backend) -> None:
        self.draft = draft
        self.backend = backend
        self.in_table = backend.foreign_keys_are_relations  # MySQL: indexes and keys are parts of their table
        self.span = Span(0, 0)
        self.words = ""
        self.guard: Guard | None = None
        self.later = False
        self.again: Repeat | None = None  # what a second run does, where the tool looks before it acts
        self.refused = False  # the tool itself refuses the operation in a transaction

    def action(
        self,
        kind: str,
        target: object,
        *facts: Postcondition,
        traits: Iterable[str] = (),
        repeat: Repeat | None = None,
        guard: Guard | None = None,
    ) -> Action:
        """One thing that a statement does."""
        return self.draft.action(
            kind,
            target,
            self.span,
            *facts,
            traits=traits,
            words=self.words,
            repeat=repeat or self.again,
            guard=guard or self.guard,
            in_transaction=InTransaction.REFUSED if self.refused else None,
        )

    def send(self, *actions: Action) -> None:
        """One statement with these parts."""
        self.draft.add(list(actions), self.span, (_LATER,) if self.later else ())

    def plain(
        self,
        kind: str,
        target: object,
        *facts: Postcondition,
        traits: Iterable[str] = (),
        repeat: Repeat | None = None,
    ) -> None:
        """A statement that does one thing."""
        self.send(self.action(kind, target, *facts, traits=traits, repeat=repeat))

    def create_table(
        self,
        table: str,
        columns: Iterable[Column],
        keys: Iterable[Postcondition],
        repeat: Repeat | None = None,
    ) -> None:
        """CREATE TABLE with its columns and the constraints in it."""
        name = named(table)
        facts = [exists("table", name)]
        for column in columns:
            facts += self.column(name, column, inline=not self.in_table and self.backend.editor == "sqlite")
        self.plain("create-table", name, *facts, *keys, repeat=repeat)

    def column(
        self, table: Name, column: Column, *, inline: bool = False, default: str = ""
    ) -> list[Postcondition]:
        """What a column's definition leaves behind; `inline` where its foreign key is in it."""
        field = column.field
        said: list[tuple[str, str]] = []
        if column.type:
            said.append(("type", column.type))
        if default := default or self.db_default(column):
            said.append(("default", default))
        if field.kind == "GeneratedField":
            said.append(("generated", "yes"))
        elif field.tells_null:
            said.append(("nullable", "yes" if field.null and not field.primary_key else "no"))
        if field.kind in AUTO:
            said.append(("identity", "yes"))
        comment = field.options.get("db_comment")
        if self.in_table and isinstance(comment, str) and comment:
            said.append(("comment", literal(comment)))
        if column.collation:
            said.append(("collation", column.collation))
        facts = [exists("column", Name(column.name), table, tuple(said))]
        if field.primary_key:
            facts.append(key_fact(table, "", "primary key", [column.name]))
        elif field.unique:
            facts.append(key_fact(table, "", "unique", [column.name]))
        if condition := check(field, self.backend):
            facts.append(key_fact(table, "", "check", (), ("expression", f"({condition})")))
        if inline and column.references is not None and field.db_constraint:
            facts.append(foreign_fact(table, "", column.name, column.references))
        return facts

    def add_column(
        self, table: str, column: Column, default: str, foreign: str | None, repeat: Repeat | None
    ) -> None:
        """ADD COLUMN; `foreign` is the name of the foreign key in it, None for none."""
        name = named(table)
        field = column.field
        facts = self.column(name, column, inline=self.backend.editor == "sqlite", default=default)
        traits = {"unnamed-constraint"} if len(facts) > 1 and not field.primary_key else set()
        if field.primary_key:
            traits.add("primary-key")
        elif field.unique:
            traits.add("unique")
        key: list[Action] = []
        if foreign is not None and column.references is not None:
            fact = foreign_fact(name, foreign, column.name, column.references)
            if self.in_table:
                key = [self.action("add-constraint", f"{name}.{foreign}", fact, traits={"foreign-key"})]
            else:
                facts.append(fact)
        target = f"{name}.{column.name}"
        self.send(self.action("add-column", target, *facts, traits=traits, repeat=repeat), *key)

    def db_default(self, column: Column) -> str:
        """The database's own default, where it is plain."""
        if column.type.startswith(("decimal", "numeric")) and self.backend.editor == "sqlite":
            return ""  # written as a cast
        return literal(column.field.options.get("db_default", Unknown("")))

    def create_index(
        self,
        table: str,
        name: str,
        columns: Iterable[str],
        ends: tuple[str, ...] = (),
        *,
        unique: bool = False,
        method: str = "",
        concurrently: bool = False,
    ) -> None:
        """CREATE [UNIQUE] INDEX."""
        said: list[tuple[str, str]] = [("unique", "yes")] if unique else []
        if method:
            said.append(("method", method))
        if listed := list(columns):
            said.append(("columns", ", ".join(listed)))
            said.append(("keys", self.keys(listed, ends)))
        if concurrently:
            said.append(("valid", "yes"))
        facts = [exists("index", Name(name), named(table), tuple(said))] if name else []
        self.plain("create-index", name or "?", *facts, traits={"concurrently"} if concurrently else ())

    def key(self, table: Name, kind: str, name: str, columns: Iterable[str]) -> Postcondition:
        """A constraint in CREATE TABLE; a unique one is an index on MySQL."""
        listed = list(columns)
        if kind != "unique" or not self.in_table:
            return key_fact(table, name, kind, listed)
        said = (("columns", ", ".join(listed)), ("unique", "yes"), ("keys", self.keys(listed)))
        return exists("index", Name(name), table, said)

    def keys(self, columns: list[str], ends: tuple[str, ...] = ()) -> str:
        """The keys of an index as its statement has them."""
        quote = self.backend.quote
        behind = (*ends, *[""] * (len(columns) - len(ends)))
        return ", ".join(
            f"{quote}{one.lower()}{quote}{end}" for one, end in zip(columns, behind, strict=False)
        )

    def drop_index(
        self,
        table: str,
        name: str,
        *,
        concurrently: bool = False,
        if_exists: bool = False,
        perhaps: bool = False,
    ) -> None:
        """DROP INDEX, on PostgreSQL always with IF EXISTS; `perhaps` where only a run tells whether it runs."""
        facts = [absent("index", Name(name), named(table))] if name else []
        traits = {"concurrently"} if concurrently else set()
        if perhaps:
            traits.add(CONDITIONAL)
        self.plain(
            "drop-index", name or "?", *facts, traits=traits, repeat=Repeat.SAME if if_exists else None
        )

    def add_constraint(self, table: str, name: str, fact: Postcondition, *traits: str) -> None:
        """ADD CONSTRAINT."""
        self.plain("add-constraint", f"{named(table)}.{name or '?'}", fact, traits=traits)

    def drop_constraint(self, table: str, name: str, *traits: str, repeat: Repeat | None = None) -> None:
        """DROP CONSTRAINT, or DROP FOREIGN KEY."""
        foreign = (("kind", "foreign key"),) if "foreign-key" in traits else ()
        facts = [absent("constraint", Name(name), named(table), foreign)] if name else []
        self.plain("drop-constraint", f"{named(table)}.{name or '?'}", *facts, traits=traits, repeat=repeat)

    def comment(self, table: str, column: str, said: object) -> None:
        """COMMENT ON a table or column, on MySQL an option of the table."""
        text = (("comment", literal(said or "")),)
        if column:
            fact = exists("column", Name(column), named(table), text)
        else:
            fact = exists("table", named(table), attributes=text)
        kind = "set-table-option" if self.in_table else "comment"
        self.plain(kind, f"{named(table)}.{column}" if column else named(table), fact)

    def alter_column(
        self, table: str, column: str, *changes: tuple[str, tuple[tuple[str, str], ...]]
    ) -> None:
        """ALTER COLUMN, or MODIFY: the trait of each change with what it sets."""
        name = named(table)
        self.send(
            *(
                self.action(
                    "alter-column",
                    f"{name}.{column}",
                    exists("column", Name(column), name, said),
                    traits={trait},
                )
                for trait, said in changes
            )
        )


def key_fact(
    table: Name, name: str, kind: str, columns: Iterable[str], *more: tuple[str, str]
) -> Postcondition:
    """The postcondition that a table has this constraint."""
    listed = ", ".join(columns)
    said = (("kind", kind), *((("columns", listed),) if listed else ()), *more)
    return exists("constraint", Name(name), table, said)


def foreign_fact(table: Name, name: str, column: str, references: tuple[str, str]) -> Postcondition:
    """The postcondition that a column refers to another table's. Where nobody knows to which of its columns, nobody
    knows what Django calls that either."""
    to, to_column = references
    if not to_column:
        return key_fact(table, "", "foreign key", [column])
    return key_fact(table, name, "foreign key", [column], ("references", f"{named(to)} ({to_column})"))


def literal(value: object) -> str:
    """A default as SQL would have it, where that is plain; empty else."""
    if isinstance(value, bool) or value is None or isinstance(value, Unknown):
        return {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and len(value) < 200:
        return "'" + value.replace("'", "''") + "'"
    return ""
