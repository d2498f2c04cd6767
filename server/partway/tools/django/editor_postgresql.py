"""The schema editor on PostgreSQL: one ALTER TABLE for all changes of a column, and indexes for LIKE."""

from __future__ import annotations

from collections.abc import Iterable

from partway.core.operation import Repeat
from partway.core.postcondition import Name, absent, exists
from partway.tools.django.alteration import (
    Change,
    alter_between,
    alter_column,
    changes_of,
    check_statement,
    identity,
    nullability,
)
from partway.tools.django.backends import AUTO
from partway.tools.django.columns import Column
from partway.tools.django.editor import Editor
from partway.tools.django.metas import Constraint
from partway.tools.django.models import Key, Model
from partway.tools.django.names import index_name
from partway.tools.django.statements import key_fact, named

_TEXTS = ("varchar", "text", "citext")


class PostgresqlEditor(Editor):
    """As `Editor` for what comes and goes; this is how a column changes."""

    def alter_column(self, change: Change) -> None:
        """AlterField of a column."""
        alter_column(self, change)

    def alter_between(self, old: Model, new: Model) -> None:
        """AlterField of a many-to-many field, and what RenameModel does to one."""
        alter_between(self, old, new)

    def check_differs(self, change: Change) -> bool:
        """Whether the column's own condition is another one, its name aside."""
        checks = self.backend.checks
        return checks.get(change.old.kind) != checks.get(change.new.kind)

    def change_column(self, change: Change) -> bool:
        """ALTER COLUMN; whether a default stays behind that has to go."""
        table, name, out = change.table, change.new.column, self.out
        if self.leaves_text(change):
            self.drop_index(change.model.app, table, self.like_name(table, change.old.column))
        old_auto, new_auto = change.old.kind in AUTO, change.new.kind in AUTO
        changes, temporary, filled = changes_of(change)
        if old_auto and not new_auto and change.new.kind:
            identity(self, table, name, "drop-identity")
        comment = change.old.options.get("db_comment") != change.new.options.get("db_comment")
        if comment and not any(trait == "type" for trait, _ in changes):
            changes.insert(0, ("type", (("type", change.after.type),) if change.after.type else ()))
        null = [nullability(change.after)] if change.old.null != change.new.null else []
        if out is not None and (together := changes if filled else changes + null):
            out.alter_column(table, name, *together)
        if out is not None and filled and null:
            self.fill(table)
            out.alter_column(table, name, *null)
        if new_auto and not old_auto and change.old.kind:
            identity(self, table, name, "add-identity")
        if out is not None and old_auto and new_auto and change.old.kind != change.new.kind:
            for sequence in self.named_keys(change.model.app, table, [change.old.column], "sequence"):
                out.plain("alter-sequence", sequence)
        if out is not None and comment:
            out.comment(table, name, change.new.options.get("db_comment"))
        return temporary

    def fill(self, table: str) -> None:
        """UPDATE of the rows without a value, then SET CONSTRAINTS."""
        if self.out is not None:
            self.out.plain("update", named(table), repeat=Repeat.SAME)
            self.set_constraints()

    def leaves_text(self, change: Change) -> bool:
        """Whether an indexed column is no text any more, and its index for LIKE has to go first."""
        old, new = change.before.type, change.after.type
        indexed = change.old.db_index or change.old.unique
        return bool(indexed and new) and any(
            old.startswith(one) and not new.startswith(one) for one in _TEXTS
        )

    def like_name(self, table: str, column: str) -> str:
        """The name of a column's index for LIKE."""
        return index_name(table, [column], "_like", self.backend.limit)

    def after_change(self, change: Change) -> None:
        """The index for LIKE comes and goes last."""
        old, new, app, table = change.old, change.new, change.model.app, change.table
        indexed = old.db_index or old.unique
        gained = (not indexed and new.db_index) or (not old.unique and new.unique) or self.leaves_text(change)
        if gained and (like := self.likes(change.model, new)):
            self.make(self.statement("index", app, table, [new.column], suffix="_like", ends=(like,)))
        if old.unique and not (new.db_index or new.unique):
            self.drop_index(app, table, self.like_name(table, old.column))

    def retype(self, table: str, column: Column) -> None:
        """The type of a column that refers to one whose type has changed."""
        if self.out is not None:
            self.out.alter_column(
                table, column.name, ("type", (("type", column.type),) if column.type else ())
            )

    def keep_foreign_index(self, model: Model, table: str, fields: Iterable[str]) -> None:
        """An index on these fields is about to go: foreign keys do without."""

    def drop_primary(self, app: str, table: str) -> None:
        """DROP CONSTRAINT of the primary key."""
        for key in self.keys(app, table):
            if key.kind == "primary":
                if self.out is not None:
                    self.out.drop_constraint(table, key.name)
                self.forget(app, table, key.name, "primary")

    def add_primary(self, app: str, table: str, column: str) -> None:
        """ADD CONSTRAINT ... PRIMARY KEY."""
        name = index_name(table, [column], "_pk", self.backend.limit)
        if self.out is not None:
            fact = key_fact(named(table), name, "primary key", [column])
            self.out.add_constraint(table, name, fact, "primary-key")
        self.keep(app, table, Key("primary", name, (column,)))

    def keep_check(self, app: str, table: str, name: str, column: str, condition: str) -> None:
        """ADD CONSTRAINT ... CHECK of a column's own condition."""
        check_statement(self, table, name, condition)
        self.keep(app, table, Key("check", name, (column,)))

    def rename_index(self, app: str, table: str, old: str, new: str) -> None:
        """ALTER INDEX ... RENAME TO."""
        if self.out is not None:
            within = named(table) if self.out.in_table else None
            facts = (
                absent("index", Name(old), within),
                exists("index", Name(new), within),
            )
            self.out.plain("rename-index", old, *facts, traits={"in-table"} if self.out.in_table else ())
        part = self.after.change(app)
        part.keys[table] = tuple(
            key._replace(name=new) if key.name == old else key for key in part.keys.get(table, ())
        )

    def add_constraint(self, model: Model, constraint: Constraint, *, valid: bool = True) -> None:
        """ADD CONSTRAINT, or CREATE UNIQUE INDEX for one with conditions."""
        if not self.supports(constraint):
            return
        table = model.table(self.after.limit)
        kind = "unique-index" if constraint.as_index else constraint.kind or "check"
        if valid:
            self.make(self.statement(kind, model.app, table, constraint.columns, constraint.name))
            return
        self.keep(model.app, table, Key(kind, constraint.name, constraint.columns))
        if self.out is not None:
            fact = key_fact(named(table), constraint.name, kind, constraint.columns, ("valid", "no"))
            self.out.add_constraint(table, constraint.name, fact, kind, "not-valid")

    def remove_constraint(self, model: Model, constraint: Constraint) -> None:
        """DROP CONSTRAINT, or DROP INDEX; `model` is the one after."""
        if not self.supports(constraint):
            return
        table = model.table(self.after.limit)
        if constraint.kind == "unique":
            self.keep_foreign_index(model, table, constraint.fields)
        if constraint.as_index:
            self.drop_index(model.app, table, constraint.name)
        elif constraint.kind == "unique":
            self.drop_unique(model.app, table, constraint.name)
        else:
            self.drop_check(model.app, table, constraint.name)
