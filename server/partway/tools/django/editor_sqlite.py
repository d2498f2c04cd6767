"""The schema editor on SQLite, which makes a table anew where ALTER TABLE cannot change it."""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.postcondition import Name, Postcondition, absent
from partway.tools.django import metas
from partway.tools.django.alteration import Change, pointing_at
from partway.tools.django.columns import Column, target
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.fields import Field
from partway.tools.django.ledger import Later
from partway.tools.django.metas import Constraint
from partway.tools.django.models import Model
from partway.tools.django.names import bare
from partway.tools.django.statements import Statements, key_fact, named
from partway.tools.django.values import Call


class SqliteEditor(PostgresqlEditor):
    """Foreign keys stand in CREATE TABLE; constraints and most changes make the table anew."""

    drops_if_exists = False

    inline_keys = True

    def key_name(self, table: str, column: str, suffix: str) -> str:  # noqa: ARG002 # as all editors have it
        """They have names that nobody uses."""
        return ""

    def set_constraints(self) -> None:
        """Nothing of the kind is sent."""

    def likes(self, model: Model, field: Field) -> str:  # noqa: ARG002 # as all editors have it
        """LIKE uses the index that is there."""
        return ""

    def comments(self, model: Model, table: str) -> None:
        """There are none."""

    def drop_unique(self, app: str, table: str, name: str) -> None:
        """Unique constraints of Meta are indexes here."""
        self.drop_index(app, table, name)

    def send(self, out: Statements, one: Later, name: str, concurrently: bool) -> None:  # noqa: ARG002 # as all editors have it
        """Every key is an index."""
        if one.kind in ("index", "unique", "unique-index"):
            out.create_index(one.table, name, one.columns, one.ends, unique=one.kind != "index")

    def remake(self, model: Model, table: str | None = None, altered: str = "", kept: str = "") -> None:
        """Make the table anew as the model has it: create, copy, drop, rename, then its indexes."""
        table = table or model.table(self.after.limit)
        new = f"new__{bare(table)}"
        self.looks(yes=True)  # a second run makes it anew once more
        indexes = [
            absent("index", Name(key.name), named(table))
            for key in self.keys(model.app, table)
            if key.kind in ("index", "unique") and key.name
        ]  # they go with the table
        self.create_table(self._reordered(model, altered, kept), new)
        if self.out is not None:
            self.out.plain("insert", named(new), traits={"from-select"})
            self.out.draft.remade.append((self.out.span, tuple(self._different(model, table))))
            self.out.plain("drop-table", named(table), *indexes, absent("table", named(table)))
        self.forget_table(model.app, table)
        self.rename_table(model.app, new, table)
        waiting, self.deferred = self.deferred, []
        for one in waiting:
            self.make(one)
        self.looks(yes=False)

    def _different(self, model: Model, table: str) -> Iterator[Postcondition]:
        """What a table made anew has, or lacks, that was otherwise."""
        old = self.before.model(model.app, model.name)
        if old is None:
            return
        was, now = ({field.column for field in one.columns()} for one in (old, model))
        for column in sorted(was ^ now):
            yield Postcondition("column", Name(column), column in now, named(table))
        kinds = {one.name: one.kind for side in (old, model) for one in metas.constraints(side)}
        had, has = ({one.name for one in metas.constraints(side)} for side in (old, model))
        for name in sorted(had ^ has):
            yield key_fact(named(table), name, kinds[name], ())._replace(present=name in has)

    def _reordered(self, model: Model, altered: str, kept: str) -> Model:
        """The altered field goes to the end, on the way back to the beginning; those that refer to the table itself
        go behind all others, but for one."""

        def place(field: Field) -> int:
            pointed = target(self.after, model, field) if field.is_foreign_key else None
            own = pointed is not None and (pointed.app, pointed.name.lower()) == (model.app, model.lower)
            if field.name == altered and not own:
                return -1 if self.back else 1
            return 2 if own and field.name != kept else 0

        return model._replace(
            fields={field.name: field for field in sorted(model.fields.values(), key=place)}
        )

    def add_field(self, model: Model, field: Field) -> None:
        """ADD COLUMN takes neither keys nor NOT NULL nor a default that goes again."""
        if not field.has_column:
            super().add_field(model, field)
        elif (
            field.primary_key
            or field.unique
            or not field.null
            or field.default is not None
            or isinstance(field.options.get("db_default"), Call)
        ):
            self.remake(model, altered=field.name)
        else:
            super().add_field(model, field)

    def foreign_name(
        self, table: str, name: str, references: tuple[str, str], suffix: str | None = None
    ) -> str:
        """Foreign keys have no names."""
        return "" if suffix is None else super().foreign_name(table, name, references, suffix)

    def remove_field(self, model: Model, field: Field) -> None:
        """DROP COLUMN takes no column with a key."""
        keyed = (
            field.primary_key
            or field.unique
            or field.db_index
            or (field.is_foreign_key and field.db_constraint)
        )
        if field.has_column and keyed:
            after = self.after.model(model.app, model.name)
            if after is not None:
                self.remake(after, model.table(self.before.limit))
        else:
            super().remove_field(model, field)

    def alter_column(self, change: Change) -> None:
        """RENAME COLUMN where nothing else changes, else the table is made anew, and those that refer to it."""
        old, new = change.old, change.new
        keyed = (old.is_foreign_key and old.db_constraint) or (new.is_foreign_key and new.db_constraint)
        if (
            old.column != new.column
            and not keyed
            and self._definition(change.before) == self._definition(change.after)
        ):
            self.rename_column(change.model.app, change.table, old.column, new.column)
            return
        self.remake(change.model, change.table, *(("", new.name) if change.renamed_model else (new.name, "")))
        if new.unique and change.retyped:
            done = {change.model.lower}
            for holder, _ in pointing_at(self.after, change.model, new):
                if holder.lower not in done:
                    done.add(holder.lower)
                    self.remake(holder)

    def _definition(self, one: Column) -> tuple[object, ...]:
        field = one.field
        return (
            one.type,
            field.null,
            field.unique,
            field.primary_key,
            one.collation,
            field.options.get("db_default"),
        )

    def alter_between(self, old: Model, new: Model) -> None:
        """The table between two models is made anew, or copied to one of another name."""
        before, after = old.table(self.before.limit), new.table(self.after.limit)
        if before == after:
            self.remake(new)
            return
        self.create_table(new, after)
        if self.out is not None:
            self.out.plain("insert", named(after), traits={"from-select"})
        self.drop_table(old.app, before)

    def rename_index(self, app: str, table: str, old: str, new: str) -> None:
        """Dropped and made anew."""
        columns = next((key.columns for key in self.keys(app, table) if key.name == old), ())
        self.drop_index(app, table, old)
        self.make(self.statement("index", app, table, columns, name=new))

    def add_constraint(self, model: Model, constraint: Constraint, *, valid: bool = True) -> None:
        """A unique one with conditions is an index; for others the table is made anew."""
        if constraint.kind == "unique" and (constraint.as_index or "deferrable" in constraint.needs):
            super().add_constraint(model, constraint, valid=valid)
        else:
            self.remake(model)

    def remove_constraint(self, model: Model, constraint: Constraint) -> None:
        """As they are added."""
        if constraint.kind == "unique" and (constraint.as_index or "deferrable" in constraint.needs):
            super().remove_constraint(model, constraint)
        else:
            self.remake(model)
