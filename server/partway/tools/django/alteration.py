"""AlterField: from an old field to a new one, in the order of BaseDatabaseSchemaEditor._alter_field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from partway.core.operation import Repeat
from partway.core.postcondition import Name, exists
from partway.tools.django import metas
from partway.tools.django.backends import AUTO
from partway.tools.django.columns import Column, between, check, column, reference, target
from partway.tools.django.fields import Field
from partway.tools.django.models import Model, State
from partway.tools.django.names import index_name
from partway.tools.django.statements import key_fact, literal, named

if TYPE_CHECKING:
    from partway.tools.django.editor_postgresql import PostgresqlEditor as Editor

_DEEPEST = 5
_RELATIONS = frozenset(("ForeignKey", "OneToOneField", "ManyToManyField"))


class Change(NamedTuple):
    """A field before and after, with its columns. `model` is the one after."""

    model: Model
    table: str
    old: Field
    new: Field
    before: Column
    after: Column
    renamed_model: bool = False  # the change is that the model which it refers to has another name

    @property
    def retyped(self) -> bool:
        """Whether the column has another type, or one that nobody knows beside one that is known."""
        one, other = self.before, self.after
        return (one.type, one.collation, one.counted) != (other.type, other.collation, other.counted)

    @property
    def doubtful(self) -> bool:
        """Whether only the field's own class could tell if the column's type changes."""
        return not (self.before.type and self.after.type) and self.retyped


def should_alter(editor: Editor, earlier: Model, model: Model, old: Field, new: Field) -> bool:
    """Whether the change reaches the database, as _field_should_be_altered says."""
    if not old.has_column and not new.has_column and not (old.is_many_to_many and new.is_many_to_many):
        return False
    if old.column != new.column:
        return True
    if old.compared() != new.compared():
        return True
    if old.is_many_to_many or (old.is_foreign_key and new.is_foreign_key):
        one, other = target(editor.before, earlier, old), target(editor.after, model, new)
        if old.is_many_to_many:
            return _key(reference(editor.before, earlier, old)) != _key(reference(editor.after, model, new))
        return one is not None and other is not None and one.table != other.table
    return False


def alter_field(
    editor: Editor,
    model: Model,
    old: Field,
    new: Field,
    earlier: Model | None = None,
    *,
    renamed_model: bool = False,
) -> None:
    """Alter a field of a model, which is the one after the operation; `earlier` is the one before."""
    earlier = earlier or editor.before.model(model.app, model.name) or model
    if not should_alter(editor, earlier, model, old, new):
        return
    if old.is_many_to_many or new.is_many_to_many:
        one, other = between(editor.before, earlier, old), between(editor.after, model, new)
        if one is not None and other is not None:
            editor.alter_between(one, other)
        return
    if not old.has_column or not new.has_column:
        return
    change = Change(
        model,
        model.table(editor.after.limit),
        old,
        new,
        column(editor.before, earlier, old, editor.backend),
        column(editor.after, model, new, editor.backend),
        renamed_model,
    )
    editor.alter_column(change)


def _key(pointed: tuple[str, str] | None) -> tuple[str, str] | None:
    return (pointed[0], pointed[1].lower()) if pointed is not None else None


def alter_between(editor: Editor, old: Model, new: Model) -> None:
    """As _alter_many_to_many does it where tables can be altered."""
    editor.rename_table(new.app, old.table(editor.before.limit), new.table(editor.after.limit))
    one, other = list(old.fields.values()), list(new.fields.values())
    table = new.table(editor.after.limit)
    for number in (2, 1):  # the other model's column first
        was, now = one[number], other[number]
        before = column(editor.before, old, was, editor.backend)
        after = column(editor.after, new, now, editor.backend)
        if before.name != after.name or before.references != after.references:
            editor.alter_column(Change(new, table, was, now, before, after))


def alter_column(editor: Editor, change: Change) -> None:
    """A field with a column, on a database whose tables can be altered."""
    model, table, old, new = change.model, change.table, change.old, change.new
    app = model.app
    became_key = not old.primary_key and new.primary_key
    editor.looks(yes=True)  # all that goes first is what the database is found to have
    refer = _drop_foreign(editor, change)
    _drop_unique(editor, change)
    incoming = list(_drop_incoming(editor, change))
    _drop_index(editor, change)
    differs = editor.check_differs(change)
    if differs:
        _drop_check(editor, change)
    editor.looks(yes=False)
    if old.column != new.column:
        editor.rename_column(app, table, old.column, new.column)
    needs_default = editor.change_column(change)
    if old.primary_key and not new.primary_key:
        editor.drop_primary(app, table)
    if new.unique and not new.primary_key and (not old.unique or old.primary_key):
        editor.make(editor.statement("unique", app, table, [new.column], suffix="_uniq"))
    if (not old.db_index or old.unique) and new.db_index and not new.unique:
        editor.make(editor.statement("index", app, table, [new.column]))
    dropped = list(incoming)
    if became_key:
        editor.add_primary(app, table, new.column)
        incoming += pointing_at(editor.after, model, new)
    for other, field in incoming:
        after = column(editor.after, other, field, editor.backend)
        editor.retype(other.table(editor.after.limit), after)
    if (
        new.is_foreign_key
        and new.db_constraint
        and (refer or not old.is_foreign_key or not old.db_constraint)
    ):
        one = editor.statement("foreign", app, table, [new.column], references=change.after.references)
        editor.looks(yes=refer)
        editor.make(one)
    editor.looks(yes=True)
    for other, field in dropped:
        if field.db_constraint:
            there, to = other.table(editor.after.limit), (table, new.column)
            one = editor.statement("foreign", other.app, there, [field.column], suffix="_fk", references=to)
            editor.make(one)
    editor.looks(yes=False)
    if differs and (condition := check(new, editor.backend)):
        name = index_name(table, [new.column], "_check", editor.backend.limit)
        editor.keep_check(app, table, name, new.column, condition)
    if needs_default and editor.out is not None:
        editor.out.alter_column(table, new.column, ("default", (("default", ""),)))
    editor.after_change(change)


def _drop_foreign(editor: Editor, change: Change) -> bool:
    """Take away the column's own foreign keys, which are made anew; whether there were any."""
    old, app, table = change.old, change.model.app, change.table
    if not (old.is_foreign_key and old.db_constraint):
        return False
    names = editor.named_keys(app, table, [old.column], "foreign")
    for name in names:
        editor.drop_foreign(app, table, name)
    return bool(names)


def _drop_unique(editor: Editor, change: Change) -> None:
    old, new, app, table = change.old, change.new, change.model.app, change.table
    if old.unique and (not new.unique or (new.primary_key and not old.primary_key)):
        but = {one.name for one in metas.constraints(change.model)}
        for name in editor.named_keys(app, table, [old.column], "unique", but=but):
            editor.drop_unique(app, table, name)


def _drop_incoming(editor: Editor, change: Change) -> Iterator[tuple[Model, Field]]:
    """Take away the foreign keys that refer to a key whose type changes."""
    old, new = change.old, change.new
    if not change.retyped or not ((old.primary_key and new.primary_key) or (old.unique and new.unique)):
        return
    for other, field in list(pointing_at(editor.after, change.model, new)):
        there = other.table(editor.after.limit)
        for name in editor.named_keys(other.app, there, [field.column], "foreign"):
            editor.drop_foreign(other.app, there, name)
        yield other, field


def _drop_index(editor: Editor, change: Change) -> None:
    old, new, app, table = change.old, change.new, change.model.app, change.table
    if old.db_index and not old.unique and (not new.db_index or new.unique):
        but = {one.name for one in metas.indexes(change.model, editor.after.limit)}
        for name in editor.named_keys(app, table, [old.column], "index", but=but):
            editor.drop_index(app, table, name, perhaps=not new.unique and new.may_index)


def _drop_check(editor: Editor, change: Change) -> None:
    old, app, table = change.old, change.model.app, change.table
    if check(old, editor.backend):
        but = {one.name for one in metas.constraints(change.model)}
        for name in editor.named_keys(app, table, [old.column], "check", but=but):
            editor.drop_check(app, table, name)


def changes_of(change: Change) -> tuple[list[tuple[str, tuple[tuple[str, str], ...]]], bool, bool]:
    """What ALTER COLUMN has to do, without nullability; whether a default is set for a while; and whether rows without
    a value are filled."""
    old, new, found = change.old, change.new, []
    auto = old.kind in AUTO, new.kind in AUTO
    if change.retyped or auto[0] != auto[1]:
        said: tuple[tuple[str, str], ...] = (("type", change.after.type),) if change.after.type else ()
        found.append(("type", said))
    if new.has_db_default:
        if not old.has_db_default or old.options["db_default"] != new.options["db_default"]:
            found.append(("default", _default(new.options["db_default"])))
    elif old.has_db_default:
        found.append(("default", (("default", ""),)))
    narrowed = old.null and not new.null
    temporary = False
    if narrowed and not new.has_db_default:
        default = new.default
        temporary = default is not None and default != old.default
        if temporary:
            found.append(("default", _default(default)))
    filled = narrowed and ("default" in new.options or new.has_db_default)
    return found, temporary, filled


def _default(value: object) -> tuple[tuple[str, str], ...]:
    said = literal(value)
    return (("default", said),) if said else ()


def pointing_at(state: State, model: Model, field: Field, depth: int = 0) -> Iterator[tuple[Model, Field]]:
    """The foreign keys that refer to a field, of tables between models too."""
    found: list[tuple[str, Model, Field]] = []
    names = state.names(model)
    for other, one in _may_refer(state, model, names):
        through = between(state, other, one) if one.is_many_to_many else None
        inside = list(through.fields.values())[1:] if through is not None else [one]
        holder = through or other
        found += [
            (str(each.options.get("related_name") or holder.lower), holder, each)
            for each in inside
            if each.is_foreign_key and _refers_to(state, holder, each, model, field)
        ]
    for _, holder, each in sorted(found, key=lambda item: item[0]):
        yield holder, each
        if each.primary_key and depth < _DEEPEST:
            yield from pointing_at(state, holder, each, depth + 1)


def _may_refer(state: State, model: Model, names: frozenset[str]) -> Iterator[tuple[Model, Field]]:
    """The relations that can be to a model with these names: a quick look before the whole one."""
    for other in state.models():
        for one in other.fields.values():
            if one.kind not in _RELATIONS:
                continue
            said = one.options.get("to")
            # Tables between two models refer to that of the field too.
            own = one.kind == "ManyToManyField" and other.app == model.app and other.lower == model.lower
            may = not isinstance(said, str) or said == "self" or said.rpartition(".")[2].lower() in names
            if (own or may) and other.in_database:
                yield other, one


def _refers_to(state: State, holder: Model, each: Field, model: Model, field: Field) -> bool:
    pointed = target(state, holder, each)
    if pointed is None or (pointed.app, pointed.name.lower()) != (model.app, model.lower):
        return False
    named_field = each.options.get("to_field")
    return field.primary_key if named_field is None else named_field == field.name


def check_statement(editor: Editor, table: str, name: str, condition: str) -> None:
    """ADD CONSTRAINT ... CHECK for the condition of a column."""
    if editor.out is not None:
        fact = key_fact(named(table), name, "check", (), ("expression", f"({condition})"))
        editor.out.add_constraint(table, name, fact, "check")


def nullability(column: Column) -> tuple[str, tuple[tuple[str, str], ...]]:
    """SET NOT NULL or DROP NOT NULL."""
    return "nullability", nullable(column.field)


def nullable(field: Field) -> tuple[tuple[str, str], ...]:
    """What is known of whether the column takes NULL."""
    return (("nullable", "yes" if field.null else "no"),) if field.tells_null else ()


def identity(editor: Editor, table: str, name: str, trait: str) -> None:
    """ADD GENERATED AS IDENTITY, or DROP IDENTITY."""
    if editor.out is not None:
        said = "yes" if trait == "add-identity" else "no"
        fact = exists("column", Name(name), named(table), (("identity", said),))
        again = Repeat.SAME if trait == "drop-identity" else None  # it says IF EXISTS
        editor.out.plain("alter-column", f"{named(table)}.{name}", fact, traits={trait}, repeat=again)
