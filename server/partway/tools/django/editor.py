"""Django's schema editor: what each change of a model sends to the database, in order, on PostgreSQL.

After django/db/backends/base/schema.py and postgresql/schema.py of Django 5.2; the other backends' editors derive from
this one. Foreign keys and indexes of a new table are deferred: they run at the end of the migration. An editor without
an `out` sends nothing and only keeps account of what lies in the database.
"""

from __future__ import annotations

from partway.core.operation import Repeat
from partway.core.postcondition import Name, absent, exists
from partway.tools.django import metas
from partway.tools.django.backends import AUTO
from partway.tools.django.columns import Column, between, check, column
from partway.tools.django.fields import Field
from partway.tools.django.ledger import Later, Ledger
from partway.tools.django.models import Key, Model
from partway.tools.django.names import bare, engine_name, index_name
from partway.tools.django.statements import Statements, foreign_fact, key_fact, literal, named


class Editor(Ledger):
    """The editor of one migration. `before` and `after` are the states around the operation in hand."""

    #: Whether indexes are dropped IF EXISTS, and can be CONCURRENTLY.
    drops_if_exists = True

    inline_keys = False  # whether CREATE TABLE holds the foreign keys

    def column_keys(self, table: str, column: Column) -> list[Key]:
        """The keys that a column's own definition makes, as the engine names them."""
        field, name = column.field, column.name
        found = []
        if field.primary_key:
            found.append(Key("primary", self.key_name(table, "", "pkey"), (name,)))
        elif field.unique:
            found.append(Key("unique", self.key_name(table, name, "key"), (name,)))
        if field.kind in AUTO and self.backend.editor == "postgresql":
            found.append(Key("sequence", engine_name(table, name, "seq"), (name,)))
        if check(field, self.backend):
            found.append(Key("check", self.key_name(table, name, "check"), (name,)))
        return found

    def key_name(self, table: str, column: str, suffix: str) -> str:
        """What the engine calls a key that a column carries without a name."""
        return engine_name(table, column, suffix)

    # Tables

    def create_model(self, model: Model) -> None:
        """CREATE TABLE, then those of its many-to-many fields; the rest is deferred."""
        table = model.table(self.after.limit)
        self.create_table(model, table)
        for field in list(model.fields.values()):
            through = between(self.after, model, field)
            if through is not None:
                self.create_model(through)

    def create_table(self, model: Model, table: str, repeat: Repeat | None = None) -> None:
        """CREATE TABLE under this name, and what belongs to it later."""
        self.after.change(model.app).keys[table] = ()
        for fields in metas.together(model, "unique_together"):
            self.put_off(
                "unique", model, table, [metas.column_of(model, name) for name in fields], suffix="_uniq"
            )
        columns = [column(self.after, model, field, self.backend) for field in model.columns()]
        for one in columns:
            self.keep(model.app, table, *self.column_keys(table, one))
            if one.field.is_foreign_key and one.field.db_constraint:
                if self.inline_keys:
                    self.keep(model.app, table, Key("foreign", "", (one.name,)))
                else:
                    self.put_off("foreign", model, table, [one.name], references=one.references)
        parameters = not self.inline_keys and any(one.field.has_db_default for one in columns)
        inside = []
        for constraint in metas.constraints(model):
            if not self.supports(constraint):
                continue
            if parameters or constraint.as_index or "nulls_distinct" in constraint.needs:
                self.put_off(_made_as(constraint), model, table, constraint.columns, name=constraint.name)
            else:
                inside.append(constraint)
                self.keep(
                    model.app, table, Key(constraint.kind or "check", constraint.name, constraint.columns)
                )
        if self.out is not None:
            name = named(table)
            facts = [self.out.key(name, one.kind, one.name, one.columns) for one in inside if one.kind]
            self.out.create_table(table, columns, facts, repeat)
            self.comments(model, table)
        for field in model.columns():
            self.put_off_indexes(model, table, field)
        for index in metas.indexes(model, self.after.limit):
            if not index.expressions or self.backend.expression_indexes:
                self.put_off(
                    "index",
                    model,
                    table,
                    index.columns,
                    name=index.name,
                    method=index.method,
                    ends=index.ends,
                )

    def comments(self, model: Model, table: str) -> None:
        """COMMENT ON for the table and its columns."""
        if self.out is None:
            return
        if model.options.get("db_table_comment"):
            self.out.comment(table, "", model.options["db_table_comment"])
        for field in model.columns():
            if field.options.get("db_comment"):
                self.out.comment(table, field.column, field.options["db_comment"])

    def delete_model(self, model: Model) -> None:
        """DROP TABLE, those of its many-to-many fields first."""
        for field in list(model.fields.values()):
            through = between(self.before, model, field)
            if through is not None:
                self.delete_model(through)
        self.drop_table(model.app, model.table(self.before.limit))

    def drop_table(self, app: str, table: str, repeat: Repeat | None = None) -> None:
        """DROP TABLE; what was deferred for it is dropped too."""
        if self.out is not None:
            self.out.plain("drop-table", named(table), absent("table", named(table)), repeat=repeat)
        self.forget_table(app, table)

    def forget_table(self, app: str, table: str) -> None:
        """A table is gone."""
        self.after.change(app).keys.pop(table, None)
        self.deferred = [one for one in self.deferred if one.table != table and not _refers(one, table)]

    def rename_table(self, app: str, old: str, new: str, repeat: Repeat | None = None) -> None:
        """RENAME TO; nothing where the name stays."""
        if old == new or (not self.backend.transactional and old.lower() == new.lower()):
            return
        if self.out is not None:
            facts = (absent("table", named(old)), exists("table", named(new)))
            traits = {"statement"} if self.out.in_table else ()
            self.out.plain("rename-table", named(old), *facts, traits=traits, repeat=repeat)
        part = self.after.change(app)
        part.keys[new] = part.keys.pop(old, ())
        for one in self.deferred:
            if one.table == old:
                one.table = new
            if one.references is not None and one.references[0] == old:
                one.references = (new, one.references[1])

    # Columns

    def add_field(self, model: Model, field: Field) -> None:
        """ADD COLUMN, or the table of a many-to-many field."""
        through = between(self.after, model, field)
        if through is not None:
            self.create_model(through)
        if not field.has_column:
            return
        table = model.table(self.after.limit)
        one = column(self.after, model, field, self.backend)
        foreign = None
        if field.is_foreign_key and field.db_constraint and one.references is not None:
            foreign = self.foreign_name(table, field.column, one.references)
        default = field.default
        dropped = default is not None and not field.has_db_default and not self.keeps_default(one)
        if self.out is not None:
            self.out.add_column(table, one, literal(default), foreign, None)
            if foreign is not None:
                self.set_constraints()
            if dropped:
                self.out.alter_column(table, one.name, ("default", (("default", ""),)))
            if field.options.get("db_comment") and self.backend.comments and not self.out.in_table:
                self.out.comment(table, one.name, field.options["db_comment"])
        self.keep(model.app, table, *self.column_keys(table, one))
        if foreign is not None:
            self.keep(model.app, table, *self.foreign_keys(foreign, one.name))
        self.put_off_indexes(model, table, field)

    def remove_field(self, model: Model, field: Field) -> None:
        """DROP COLUMN, its foreign keys first; or the table of a many-to-many field."""
        through = between(self.before, model, field)
        if through is not None:
            self.delete_model(through)
        if not field.has_column:
            return
        table = model.table(self.before.limit)
        if field.is_foreign_key:
            self.looks(yes=True)
            for name in self.named_keys(model.app, table, [field.column], "foreign"):
                self.drop_foreign(model.app, table, name)
            self.looks(yes=False)
        self.drop_column(model.app, table, field.column)

    def drop_column(self, app: str, table: str, name: str) -> None:
        """DROP COLUMN, and with it what it carries and what was deferred for it."""
        if self.out is not None:
            fact = absent("column", Name(name), named(table))
            self.out.plain("drop-column", f"{named(table)}.{name}", fact)
        part = self.after.change(app)
        part.keys[table] = tuple(key for key in part.keys.get(table, ()) if name not in key.columns)
        self.deferred = [
            one
            for one in self.deferred
            if not (one.table == table and name in one.columns) and one.references != (table, name)
        ]

    def rename_column(self, app: str, table: str, old: str, new: str) -> None:
        """RENAME COLUMN."""
        if self.out is not None:
            facts = (absent("column", Name(old), named(table)), exists("column", Name(new), named(table)))
            self.out.plain("rename-column", f"{named(table)}.{old}", *facts)
        part = self.after.change(app)
        part.keys[table] = tuple(
            key._replace(columns=tuple(new if one == old else one for one in key.columns))
            for key in part.keys.get(table, ())
        )
        for one in self.deferred:
            if one.table == table:
                one.columns = [new if name == old else name for name in one.columns]
            if one.references == (table, old):
                one.references = (table, new)

    # Keys

    def foreign_name(
        self, table: str, name: str, references: tuple[str, str], suffix: str | None = None
    ) -> str:
        """What Django calls a foreign key."""
        if suffix is None:
            suffix = f"_fk_{bare(references[0])}_{references[1]}"
        return index_name(table, [name], suffix, self.backend.limit)

    def foreign_keys(self, name: str, column: str) -> list[Key]:
        """What a foreign key makes in the database."""
        return [Key("foreign", name, (column,))]

    def set_constraints(self) -> None:
        """SET CONSTRAINTS ... IMMEDIATE, without which the same transaction could not change data."""
        if self.out is not None:
            self.out.plain("set", "constraints")

    def drop_foreign(self, app: str, table: str, name: str) -> None:
        """DROP CONSTRAINT of a foreign key."""
        self.set_constraints()
        if self.out is not None:
            self.out.drop_constraint(table, name)
        self.forget(app, table, name, "foreign")

    def drop_unique(self, app: str, table: str, name: str) -> None:
        """DROP CONSTRAINT of a unique one."""
        if self.out is not None:
            self.out.drop_constraint(table, name)
        self.forget(app, table, name)

    def drop_check(self, app: str, table: str, name: str) -> None:
        """DROP CONSTRAINT of a check."""
        if self.out is not None:
            self.out.drop_constraint(table, name)
        self.forget(app, table, name)

    def drop_index(
        self, app: str, table: str, name: str, *, concurrently: bool = False, perhaps: bool = False
    ) -> None:
        """DROP INDEX."""
        if self.out is not None:
            own = self.drops_if_exists
            self.out.drop_index(
                table, name, concurrently=concurrently and own, if_exists=own, perhaps=perhaps
            )
        self.forget(app, table, name)
        self.deferred = [one for one in self.deferred if one.table != table or self.later_name(one) != name]

    def should_index(self, model: Model, field: Field) -> bool:  # noqa: ARG002 # as all editors have it
        """Whether the column gets an index of its own."""
        return field.db_index and not field.unique

    def put_off_indexes(self, model: Model, table: str, field: Field) -> None:
        """The indexes that a field asks for."""
        if self.should_index(model, field):
            self.put_off("index", model, table, [field.column])
        if like := self.likes(model, field):
            self.put_off("index", model, table, [field.column], suffix="_like", ends=(like,))

    def likes(self, model: Model, field: Field) -> str:
        """The operator class of the second index that the column gets, for LIKE; empty for none."""
        if not (field.db_index or field.unique):
            return ""
        one = column(self.after, model, field, self.backend).type
        if "[" in one:
            return ""
        return next((f" {kind}_pattern_ops" for kind in ("varchar", "text") if one.startswith(kind)), "")

    def keeps_default(self, column: Column) -> bool:  # noqa: ARG002 # as all editors have it
        """Whether the default of a new column is not dropped again."""
        return False

    def supports(self, constraint: metas.Constraint) -> bool:
        """Whether the backend makes such a constraint at all."""
        backend, needs = self.backend, constraint.needs
        return not (
            ("condition" in needs and not backend.partial_indexes)
            or ("include" in needs and not backend.covering_indexes)
            or ("expressions" in needs and not backend.expression_indexes)
            or ("nulls_distinct" in needs and not backend.nulls_distinct)
            or ("deferrable" in needs and not backend.deferrable_unique)
            or ("exclude" in needs and backend.editor != "postgresql")
        )

    def send(self, out: Statements, one: Later, name: str, concurrently: bool) -> None:
        """Send a statement that makes a key."""
        table = named(one.table)
        if one.kind in ("index", "unique-index"):
            unique = one.kind == "unique-index"
            out.create_index(
                one.table,
                name,
                one.columns,
                one.ends,
                unique=unique,
                method=one.method,
                concurrently=concurrently,
            )
        elif one.kind == "foreign":
            if one.references is None:
                out.plain("add-constraint", f"{table}.?", traits={"foreign-key"})
            else:
                fact = foreign_fact(table, name, one.columns[0], one.references)
                out.add_constraint(one.table, name, fact, "foreign-key")
        else:
            out.add_constraint(one.table, name, key_fact(table, name, one.kind, one.columns), one.kind)


def _refers(one: Later, table: str) -> bool:
    return one.references is not None and one.references[0] == table


def _made_as(constraint: metas.Constraint) -> str:
    return "unique-index" if constraint.as_index else constraint.kind or "check"
