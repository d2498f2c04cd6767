"""The schema editor on MySQL and MariaDB: a statement for each change, indexes that come with foreign keys."""

from __future__ import annotations

from collections.abc import Iterable

from partway.core.operation import Repeat
from partway.core.postcondition import Name, absent
from partway.tools.django.alteration import Change, changes_of, nullable
from partway.tools.django.backends import AUTO, LIMITED
from partway.tools.django.columns import Column, column
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.fields import Field
from partway.tools.django.ledger import Later
from partway.tools.django.models import Key, Model
from partway.tools.django.statements import Statements, named

_INDEXES = ("index", "implied", "unique", "primary")


class MysqlEditor(PostgresqlEditor):
    """One statement for each change, and each commits."""

    drops_if_exists = False

    def key_name(self, table: str, column: str, suffix: str) -> str:  # noqa: ARG002 # as all editors have it
        """A column's unique index is called as the column. Its check has a number on MySQL, and Django gives it one on
        MariaDB, where it has none."""
        if suffix == "pkey":
            return "PRIMARY"
        return "" if suffix == "check" else column

    def keep(self, app: str, table: str, *keys: Key) -> None:
        """A foreign key makes an index only where none begins with its column, and loses it to one that does."""
        for key in keys:
            begins = self.beginning(app, table, key.columns[:1]) if key.kind in _INDEXES else []
            if key.kind == "implied" and begins:
                continue
            for one in begins:
                if one.kind == "implied":
                    self.forget(app, table, one.name, "implied")
            super().keep(app, table, key)

    def beginning(self, app: str, table: str, column: tuple[str, ...]) -> list[Key]:
        """The indexes that begin with a column."""
        return [key for key in self.keys(app, table) if key.kind in _INDEXES and key.columns[:1] == column]

    def named_keys(
        self, app: str, table: str, columns: list[str], *kinds: str, but: Iterable[str] = ()
    ) -> list[str]:
        """Those that came with a foreign key are indexes like others."""
        more = ("implied",) if "index" in kinds else ()
        return super().named_keys(app, table, columns, *kinds, *more, but=but)

    def keep_foreign_index(self, model: Model, table: str, fields: Iterable[str]) -> None:
        """The index that is about to go may be the only one that a foreign key can use: then it gets one of its own."""
        first = next(iter(fields), "")
        field = model.fields.get(first)
        if field is None or field.kind != "ForeignKey":
            return
        begins = self.beginning(model.app, table, (field.column,))
        if len(begins) == 1:
            self.looks(yes=True)
            self.make(self.statement("index", model.app, table, [field.column]))
            self.looks(yes=False)

    def foreign_keys(self, name: str, column: str) -> list[Key]:
        """An index comes with it."""
        return [Key("foreign", name, (column,)), Key("implied", name, (column,))]

    def set_constraints(self) -> None:
        """There are no deferred ones."""

    def likes(self, model: Model, field: Field) -> str:  # noqa: ARG002 # as all editors have it
        """LIKE uses the index that is there."""
        return ""

    def should_index(self, model: Model, field: Field) -> bool:
        """Not for foreign keys, whose own index does, nor for columns that take none."""
        if not super().should_index(model, field) or (field.kind == "ForeignKey" and field.db_constraint):
            return False
        return column(self.after, model, field, self.backend).type not in LIMITED

    def keeps_default(self, column: Column) -> bool:
        """MySQL cannot drop the default of a long column, and an empty one is not written."""
        if column.type not in LIMITED:
            return False
        return column.field.default in ("", b"") or self.backend.names_checks == "mysql"

    def drop_foreign(self, app: str, table: str, name: str) -> None:
        """DROP FOREIGN KEY, which leaves the index."""
        if self.out is not None:
            self.out.drop_constraint(table, name, "foreign-key")
        self.forget(app, table, name, "foreign")

    def drop_unique(self, app: str, table: str, name: str) -> None:
        """DROP INDEX in ALTER TABLE."""
        if self.out is not None:
            fact = absent("index", Name(name), named(table))
            self.out.plain("drop-index", name or "?", fact, traits={"in-table"})
        self.forget(app, table, name)

    def drop_check(self, app: str, table: str, name: str) -> None:
        """DROP CHECK on MySQL, DROP CONSTRAINT IF EXISTS on MariaDB."""
        if self.out is not None:
            if self.backend.names_checks == "mariadb":
                self.out.drop_constraint(table, name, repeat=Repeat.SAME)
            else:
                self.out.drop_constraint(table, name, "check")
        self.forget(app, table, name)

    def comments(self, model: Model, table: str) -> None:
        """Those of columns stand in their definitions."""
        if self.out is not None and model.options.get("db_table_comment"):
            self.out.comment(table, "", model.options["db_table_comment"])

    def send(self, out: Statements, one: Later, name: str, concurrently: bool) -> None:
        """ADD CONSTRAINT ... UNIQUE makes an index here."""
        if one.kind == "unique":
            fact = out.key(named(one.table), "unique", name, one.columns)
            out.plain("create-index", name or "?", fact, traits={"in-table", "unique"})
        else:
            super().send(out, one, name, concurrently)

    def check_differs(self, change: Change) -> bool:
        """MySQL's conditions name their column, so that a renamed one needs another."""
        renamed = self.backend.names_checks == "mysql" and change.old.column != change.new.column
        return super().check_differs(change) or (renamed and change.old.kind in self.backend.checks)

    def change_column(self, change: Change) -> bool:
        """MODIFY for type and nullability, each by itself."""
        out, table, name = self.out, change.table, change.new.column
        changes, temporary, filled = changes_of(change)
        comment = change.old.options.get("db_comment") != change.new.options.get("db_comment")
        if comment and not any(trait == "type" for trait, _ in changes):
            changes.insert(0, ("type", (("type", change.after.type),) if change.after.type else ()))
        if temporary and self.keeps_default(change.after):
            changes = [one for one in changes if one[0] != "default"]
            temporary = False
        if out is None:
            return temporary
        for trait, said in changes:
            if trait == "type":
                auto = (("identity", "yes"),) if change.new.kind in AUTO else ()
                null = nullable(change.old) if change.new.tells_null else ()  # another MODIFY may follow
                out.alter_column(table, name, ("definition", (*said, *null, *auto)))
            else:
                out.alter_column(table, name, (trait, said))
        if change.old.null != change.new.null:
            if filled:
                out.plain("update", named(table), repeat=Repeat.SAME)
            out.alter_column(table, name, self._nullable(change.after))
        return temporary

    def _nullable(self, column: Column) -> tuple[str, tuple[tuple[str, str], ...]]:
        said: list[tuple[str, str]] = [("type", column.type)] if column.type else []
        return "definition", (*said, *nullable(column.field))

    def retype(self, table: str, column: Column) -> None:
        """MODIFY of a column that refers to one whose type has changed."""
        if self.out is not None:
            self.out.alter_column(table, column.name, self._nullable(column))

    def after_change(self, change: Change) -> None:
        """Nothing is left to do."""

    def drop_primary(self, app: str, table: str) -> None:
        """DROP PRIMARY KEY."""
        if self.out is not None:
            fact = absent("constraint", Name(""), named(table), (("kind", "primary key"),))
            self.out.plain("drop-constraint", named(table), fact, traits={"primary-key"})
        self.forget(app, table, "PRIMARY")
