"""What a migration's operations do on the way back: `database_backwards` in Django's own operations, last one first."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Guard, Repeat
from partway.core.postcondition import Name, absent
from partway.tools.django import metas
from partway.tools.django.alteration import alter_field
from partway.tools.django.database_changes import DATABASE, EXTENSIONS, make_index
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.forwards import Done, Report
from partway.tools.django.models import Model, State
from partway.tools.django.state_changes import model_named
from partway.tools.django.values import Call

#: Operations that go back by doing the same with the states exchanged.
_SAME = frozenset(
    (
        "AlterModelTable", "AlterModelTableComment", "AlterUniqueTogether", "AlterIndexTogether",
        "AlterOrderWithRespectTo", "AlterField",
    )
)  # fmt: skip
#: Operations that go back by a call of their own `database_forwards`, with names exchanged or not.
_FORWARDS_AGAIN = _SAME | {"RenameModel", "RenameIndex"}


def irreversible(done: list[Done]) -> bool:
    """Whether Django refuses to take these operations back: then it runs none of them."""
    return any(
        (one.call.kind == "RunSQL" and one.call.get("reverse_sql", 1) is None)
        or (one.call.kind == "RunPython" and one.call.get("reverse_code", 1) is None)
        for one in done
        if isinstance(one.call, Call)
    )


def take_back(app: str, done: list[Done], state: State, editor: PostgresqlEditor, report: Report) -> State:
    """Take operations back, from the state after them; the state in which the database is then."""
    editor.back = True
    for one in reversed(done):
        said = one.said
        if not isinstance(one.call, Call):
            report.opaque(said, one.why)
            continue
        guard = _guard(one)
        kind = one.call.kind
        if kind in ("RunSQL", "RunPython"):
            (report.run_sql if kind == "RunSQL" else report.run_python)(one.call, guard, back=True)
            continue
        editor.before, editor.after = one.after, _with_keys(one.before, state)
        if isinstance(said, Call):
            report.begin(said, guard)
        apply = DATABASE.get(kind) if kind in _SAME else _BACKWARDS.get(kind)
        if apply is not None:
            apply(editor, app, one.call)
        state = editor.after.settled()
    return state


def _guard(done: Done) -> Guard | None:
    if not isinstance(done.call, Call) or done.guard is None:
        return None
    return done.guard if done.looks_back or done.call.kind in _FORWARDS_AGAIN else None


def _with_keys(models: State, keys: State) -> State:
    """The models of one state over what lies in the database by another one."""
    state = models.copy()
    for app, part in keys.parts.items():
        known = state.parts.get(app)
        if known is None or known.keys is not part.keys:
            own = state.change(app)
            own.keys.clear()
            own.keys.update(part.keys)
    return state


def _create_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.before, app, call.text("name", 0))
    if model.name and model.in_database:
        editor.delete_model(model)


def _delete_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = editor.after.model(app, call.text("name", 0))
    if model is not None and model.in_database:
        editor.create_model(model)


def _rename_model(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old, new = call.text("old_name", 0), call.text("new_name", 1)
    DATABASE["RenameModel"](editor, app, Call(call.name, (), {"old_name": new, "new_name": old}, call.span))


def _add_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.before, app, call.text("model_name", 0)), call.text("name", 1)
    field = model.fields.get(name)
    if field is not None and model.in_database:
        editor.remove_field(model, field)


def _remove_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.after, app, call.text("model_name", 0)), call.text("name", 1)
    field = model.fields.get(name)
    if field is not None and model.in_database:
        editor.add_field(model, field)


def _rename_field(editor: PostgresqlEditor, app: str, call: Call) -> None:
    old_model, model = _both(editor, app, call)
    old = old_model.fields.get(call.text("new_name", 2))
    new = model.fields.get(call.text("old_name", 1))
    if old is not None and new is not None and model.in_database:
        alter_field(editor, model, old, new, old_model)


def _both(editor: PostgresqlEditor, app: str, call: Call) -> tuple[Model, Model]:
    name = call.text("model_name", 0)
    return model_named(editor.before, app, name), model_named(editor.after, app, name)


def _add_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.before, app, call.text("model_name", 0))
    index = metas.index(model, call.get("index", 1), editor.before.limit)
    if index is not None:
        options = {"model_name": model.name, "name": index.name}
        kind = "RemoveIndexConcurrently" if call.kind.endswith("Concurrently") else "RemoveIndex"
        DATABASE[kind](editor, app, Call(kind, (), options, call.span))


def _remove_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.after, app, call.text("model_name", 0)), call.text("name", 1)
    found = next((one for one in metas.indexes(model, editor.after.limit) if one.name == name), None)
    if found is not None and model.in_database:
        make_index(editor, model, found, concurrently=call.kind.endswith("Concurrently"))


def _rename_index(editor: PostgresqlEditor, app: str, call: Call) -> None:
    if call.get("old_fields", 3) is None:
        old, new = call.text("old_name", 2), call.text("new_name", 1)
        options = {"model_name": call.text("model_name", 0), "new_name": old, "old_name": new}
        DATABASE["RenameIndex"](editor, app, Call("RenameIndex", (), options, call.span))


def _add_constraint(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model = model_named(editor.before, app, call.text("model_name", 0))
    made = metas.constraint(model, call.get("constraint", 1))
    if made is not None:
        options = {"model_name": model.name, "name": made.name}
        DATABASE["RemoveConstraint"](editor, app, Call("RemoveConstraint", (), options, call.span))


def _remove_constraint(editor: PostgresqlEditor, app: str, call: Call) -> None:
    model, name = model_named(editor.after, app, call.text("model_name", 0)), call.text("name", 1)
    found = next((one for one in metas.constraints(model) if one.name == name), None)
    if found is not None and model.in_database:
        editor.add_constraint(model, found)


def _create_extension(editor: PostgresqlEditor, app: str, call: Call) -> None:  # noqa: ARG001 # one shape for all
    name = EXTENSIONS.get(call.kind) or call.text("name", 0)
    if editor.out is not None and editor.backend.editor == "postgresql":
        editor.out.plain("drop-extension", name or "?", absent("extension", Name(name)), repeat=Repeat.SAME)


def _collation(editor: PostgresqlEditor, app: str, call: Call) -> None:
    other = "RemoveCollation" if call.kind == "CreateCollation" else "CreateCollation"
    DATABASE[other](editor, app, call.named(other))


_BACKWARDS: dict[str, Callable[[PostgresqlEditor, str, Call], None]] = {
    "CreateModel": _create_model,
    "DeleteModel": _delete_model,
    "RenameModel": _rename_model,
    "AddField": _add_field,
    "RemoveField": _remove_field,
    "RenameField": _rename_field,
    "AddIndex": _add_index,
    "AddIndexConcurrently": _add_index,
    "RemoveIndex": _remove_index,
    "RemoveIndexConcurrently": _remove_index,
    "RenameIndex": _rename_index,
    "AddConstraint": _add_constraint,
    "AddConstraintNotValid": _add_constraint,
    "RemoveConstraint": _remove_constraint,
    "CreateExtension": _create_extension,
    **dict.fromkeys(EXTENSIONS, _create_extension),
    "CreateCollation": _collation,
    "RemoveCollation": _collation,
}
