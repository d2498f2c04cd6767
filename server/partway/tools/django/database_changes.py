"""What each operation does to the database: `database_forwards` in Django's own operations."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Guard, GuardForm, Repeat
from partway.core.postcondition import Name, absent, exists
from partway.tools.django import metas
from partway.tools.django.alteration import alter_field
from partway.tools.django.columns import between, target
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.fields import Field
from partway.tools.django.models import Model
from partway.tools.django.state_changes import given_field, model_named
from partway.tools.django.statements import named
from partway.tools.django.values import Call, texts

EXTENSIONS = {
    "BloomExtension": "bloom", "BtreeGinExtension": "btree_gin", "BtreeGistExtension": "btree_gist",
    "CITextExtension": "citext", "CryptoExtension": "pgcrypto", "HStoreExtension": "hstore",
    "TrigramExtension": "pg_trgm", "UnaccentExtension": "unaccent",
}  # fmt: skip

Apply = Callable[[PostgresqlEditor, str, Call], None]


def _create_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = editor.after.model(app, call.text("name", 0))
    if model is None or not model.in_database:
        return
    editor.create_model(model)
    for fields in metas.together(model, "index_together"):
        _make_together(editor, model, fields)


def _make_together(editor: PostgresqlEditor, model: Model, fields: tuple[str, ...]) -> None:
    columns = [metas.column_of(model, name) for name in fields]
    table = model.table(editor.after.limit)
    editor.make(editor.statement("index", model.app, table, columns, suffix="_idx"))


def _delete_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.before, app, call.text("name", 0))
    if model.name and model.in_database:
        editor.delete_model(model)


def _rename_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old = model_named(editor.before, app, call.text("old_name", 0))
    new = editor.after.model(app, call.text("new_name", 1)) or old._replace(name=call.text("new_name", 1))
    if not new.name or not new.in_database:
        return
    editor.rename_table(app, old.table(editor.before.limit), new.table(editor.after.limit))
    for holder, was in list(_pointing(editor, old)):
        is_self = (holder.app, holder.lower) == (old.app, old.lower)
        now = new if is_self else editor.after.model(holder.app, holder.name)
        field = now.fields.get(was.name) if now is not None else None
        if now is not None and field is not None and now.in_database:
            alter_field(editor, now, was, field, holder, renamed_model=True)
    for was in old.fields.values():
        now_field = new.fields.get(was.name)
        if not was.is_many_to_many or now_field is None or _to_itself(editor, old, was):
            continue
        one, other = between(editor.before, old, was), between(editor.after, new, now_field)
        if one is not None and other is not None:
            editor.alter_between(one, other)


def _to_itself(editor: PostgresqlEditor, model: Model, field: Field) -> bool:
    pointed = target(editor.before, model, field)
    return pointed is not None and (pointed.app, pointed.name.lower()) == (model.app, model.lower)


def _pointing(editor: PostgresqlEditor, model: Model) -> list[tuple[Model, Field]]:
    return [
        (holder, field)
        for holder in editor.before.models()
        for field in sorted(holder.fields.values(), key=lambda one: one.is_many_to_many)
        if (field.is_foreign_key or field.is_many_to_many)
        and (field.is_many_to_many or not str(field.options.get("related_name", "")).endswith("+"))
        and (pointed := target(editor.before, holder, field)) is not None
        and (pointed.app, pointed.name.lower()) == (model.app, model.lower)
    ]


def _alter_table(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old = model_named(editor.before, app, call.text("name", 0))
    new = model_named(editor.after, app, call.text("name", 0))
    if not new.name or not new.in_database:
        return
    editor.rename_table(app, old.table(editor.before.limit), new.table(editor.after.limit))
    for field in new.fields.values():
        was = old.fields.get(field.name)
        one = between(editor.before, old, was) if was is not None else None
        other = between(editor.after, new, field)
        if one is not None and other is not None:
            editor.rename_table(app, one.table(editor.before.limit), other.table(editor.after.limit))


def _table_comment(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.after, app, call.text("name", 0))
    if editor.out is not None and model.name and model.in_database and editor.backend.comments:
        editor.out.comment(model.table(editor.after.limit), "", model.options.get("db_table_comment"))


def _unique_together(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old, new = _both(editor, app, call.text("name", 0))
    if not new.name or not new.in_database:
        return
    table = new.table(editor.after.limit)
    before, after = metas.together(old, "unique_together"), metas.together(new, "unique_together")
    but = {one.name for one in metas.constraints(new)} | {
        one.name for one in metas.indexes(new, editor.after.limit)
    }
    for fields in before:
        if fields not in after:
            columns = [metas.column_of(new, name) for name in fields]
            made = editor.later_name(editor.statement("unique", app, table, columns, suffix="_uniq"))
            names = editor.named_keys(app, table, columns, "unique", but=but)
            editor.keep_foreign_index(new, table, fields)
            editor.drop_unique(app, table, made if made in names or len(names) != 1 else names[0])
    for fields in after:
        if fields not in before:
            columns = [metas.column_of(new, name) for name in fields]
            editor.make(editor.statement("unique", app, table, columns, suffix="_uniq"))


def _index_together(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old, new = _both(editor, app, call.text("name", 0))
    if not new.name or not new.in_database:
        return
    table = new.table(editor.after.limit)
    before, after = metas.together(old, "index_together"), metas.together(new, "index_together")
    for fields in before:
        if fields not in after:
            columns = [metas.column_of(new, name) for name in fields]
            made = editor.later_name(editor.statement("index", app, table, columns, suffix="_idx"))
            names = editor.named_keys(app, table, columns, "index")
            editor.keep_foreign_index(new, table, fields)
            editor.drop_index(app, table, made if made in names or len(names) != 1 else names[0])
    for fields in after:
        if fields not in before:
            _make_together(editor, new, fields)


def _both(editor: PostgresqlEditor, app: str, name: str) -> tuple[Model, Model]:
    return model_named(editor.before, app, name), model_named(editor.after, app, name)


def _order_with_respect_to(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old, new = _both(editor, app, call.text("name", 0))
    if not new.name or not new.in_database:
        return
    gone, come = old.fields.get("_order"), new.fields.get("_order")
    if gone is not None and come is None:
        editor.remove_field(old, gone)
    elif come is not None and gone is None:
        editor.add_field(new, come)


def _add_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.after, app, call.text("model_name", 0))
    name = call.text("name", 1)
    if name and model.name and model.in_database:
        editor.add_field(model, given_field(call, name))


def _remove_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.before, app, call.text("model_name", 0)), call.text("name", 1)
    if model.name and name and model.in_database:
        editor.remove_field(model, model.fields.get(name) or Field(name, "", "", {}, call.span))


def _alter_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old_model, model = _both(editor, app, call.text("model_name", 0))
    old, new = old_model.fields.get(call.text("name", 1)), model.fields.get(call.text("name", 1))
    if new is None or not model.in_database:
        return
    if old is not None:
        if call.get("preserve_default", 3) is False:  # the default of the moment
            default = given_field(call, new.name).options.get("default")
            new = new._replace(options={**new.options, "default": default})
        alter_field(editor, model, old, new, old_model)
    elif editor.out is not None:  # what was there before cannot be told
        table = named(model.table(editor.after.limit))
        if new.has_column:
            editor.out.plain("alter-column", f"{table}.{new.column}", traits={"type"})


def _rename_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old_model, model = _both(editor, app, call.text("model_name", 0))
    old_name, new_name = call.text("old_name", 1), call.text("new_name", 2)
    if not model.name or not model.in_database or not old_name or not new_name:
        return
    old, new = old_model.fields.get(old_name), model.fields.get(new_name)
    if old is not None and new is not None:
        alter_field(editor, model, old, new, old_model)
    else:
        editor.rename_column(app, model.table(editor.after.limit), old_name, new_name)


def _add_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.after, app, call.text("model_name", 0))
    index = metas.index(model, call.get("index", 1), editor.after.limit)
    if index is None or not model.name or not model.in_database:
        return
    make_index(editor, model, index, concurrently=call.kind == "AddIndexConcurrently")


def make_index(editor: PostgresqlEditor, model: Model, index: metas.Index, *, concurrently: bool) -> None:
    """CREATE INDEX, where the backend makes such an index at all."""
    if index.expressions and not editor.backend.expression_indexes:
        return
    table = model.table(editor.after.limit)
    one = editor.statement(
        "index", model.app, table, index.columns, index.name, method=index.method, ends=index.ends
    )
    editor.make(one, concurrently=concurrently)


def _remove_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.before, app, call.text("model_name", 0)), call.text("name", 1)
    if not model.name or not model.in_database:
        return
    index = next((one for one in metas.indexes(model, editor.before.limit) if one.name == name), None)
    if index is None or not index.expressions or editor.backend.expression_indexes:
        table = model.table(editor.before.limit)
        editor.keep_foreign_index(model, table, index.fields if index is not None else ())
        editor.drop_index(app, table, name, concurrently=call.kind == "RemoveIndexConcurrently")


def _rename_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.after, app, call.text("model_name", 0))
    new, old = call.text("new_name", 1), call.text("old_name", 2)
    if not model.name or not model.in_database or not new:
        return
    table = model.table(editor.after.limit)
    fields = texts(call.get("old_fields", 3, ()))
    if fields:
        columns = [metas.column_of(model, name) for name in fields]
        names = editor.named_keys(app, table, columns, "index")
        made = editor.later_name(editor.statement("index", app, table, columns, suffix="_idx"))
        old = names[0] if len(names) == 1 else made
    if old == new:
        return
    if fields and editor.out is not None:
        editor.out.again = (
            Repeat.SAME
        )  # Django looks for the index by its columns, and finds it under its new name
    editor.rename_index(app, table, old, new)
    if fields and editor.out is not None:
        editor.out.again = None


def _add_constraint(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.after, app, call.text("model_name", 0))
    constraint = metas.constraint(model, call.get("constraint", 1))
    if constraint is not None and model.name and model.in_database:
        editor.add_constraint(model, constraint, valid=call.kind != "AddConstraintNotValid")


def _remove_constraint(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old, new = _both(editor, app, call.text("model_name", 0))
    name = call.text("name", 1)
    if not old.name or not old.in_database:
        return
    constraint = next(
        (one for one in metas.constraints(old) if one.name == name), metas.Constraint("", name, ())
    )
    editor.remove_constraint(new, constraint)


def _validate(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.before, app, call.text("model_name", 0)), call.text("name", 1)
    if editor.out is not None and model.name and model.in_database:
        table = named(model.table(editor.before.limit))
        fact = exists("constraint", Name(name), table, (("valid", "yes"),))
        editor.out.plain("validate-constraint", f"{table}.{name}", fact)


def _extension(editor: PostgresqlEditor, app: str, call: Call) -> None:  # noqa: ARG001 # one shape for all
    """Django asks pg_extension first, and writes IF NOT EXISTS besides. Elsewhere it does nothing."""
    name = EXTENSIONS.get(call.kind) or call.text("name", 0)
    if editor.out is not None and editor.backend.editor == "postgresql":
        guard = Guard(GuardForm.LOOK, call.span)
        action = editor.out.action(
            "create-extension", name or "?", exists("extension", Name(name)), guard=guard, repeat=Repeat.SAME
        )
        editor.out.send(action)


def _collation(editor: PostgresqlEditor, app: str, call: Call) -> None:  # noqa: ARG001 # one shape for all
    name = call.text("name", 0)
    if editor.out is not None and editor.backend.editor == "postgresql":
        if call.kind == "CreateCollation":
            editor.out.plain("create-collation", name or "?", exists("collation", Name(name)))
        else:
            editor.out.plain("drop-collation", name or "?", absent("collation", Name(name)))


#: What each operation does. Operations that are not here change the state alone.
DATABASE: dict[str, Apply] = {
    "CreateModel": _create_model,
    "DeleteModel": _delete_model,
    "RenameModel": _rename_model,
    "AlterModelTable": _alter_table,
    "AlterModelTableComment": _table_comment,
    "AlterUniqueTogether": _unique_together,
    "AlterIndexTogether": _index_together,
    "AlterOrderWithRespectTo": _order_with_respect_to,
    "AddField": _add_field,
    "RemoveField": _remove_field,
    "AlterField": _alter_field,
    "RenameField": _rename_field,
    "AddIndex": _add_index,
    "AddIndexConcurrently": _add_index,
    "RemoveIndex": _remove_index,
    "RemoveIndexConcurrently": _remove_index,
    "RenameIndex": _rename_index,
    "AddConstraint": _add_constraint,
    "AddConstraintNotValid": _add_constraint,
    "RemoveConstraint": _remove_constraint,
    "ValidateConstraint": _validate,
    "CreateExtension": _extension,
    **dict.fromkeys(EXTENSIONS, _extension),
    "CreateCollation": _collation,
    "RemoveCollation": _collation,
}
#: Operations that change the state alone, on every database.
STATE_ONLY = frozenset(("AlterModelOptions", "AlterModelManagers", "AlterConstraint"))
#: Operations that Django itself refuses inside a transaction.
NOT_IN_TRANSACTION = frozenset(("AddIndexConcurrently", "RemoveIndexConcurrently"))
