"""What each operation does to the state of the models: `state_forwards` in Django's own operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partway.tools.django.columns import named_model
from partway.tools.django.fields import Field, field
from partway.tools.django.models import Model, State
from partway.tools.django.values import Call, texts

_LISTS = ("indexes", "constraints")


def change_state(state: State, app: str, call: Call) -> None:
    """Take an operation into the state, which is changed in place. What is unknown changes nothing."""
    change = _CHANGES.get(call.kind)
    if change is not None:
        change(state, app, call)


def model_named(state: State, app: str, name: str) -> Model:
    """A model of the app; where no migration told of it, one with nothing but its name."""
    return state.model(app, name) or Model(app, name, {}, {})


def _create_model(state: State, app: str, call: Call) -> None:
    name = call.text("name", 0)
    if not name:
        return
    fields: dict[str, Field] = {}
    listed = call.get("fields", 1)
    for item in listed if isinstance(listed, list | tuple) else ():
        if isinstance(item, list | tuple) and len(item) == 2 and isinstance(item[0], str):
            span = item[1].span if isinstance(item[1], Call) else call.span
            fields[str(item[0])] = field(str(item[0]), item[1], span)
    options = call.get("options", 2)
    said = dict(options) if isinstance(options, dict) else {}
    bases = call.get("bases", 3)
    model = Model(app, name, fields, said)
    for base in bases if isinstance(bases, list | tuple) else ():
        if isinstance(base, str) and said.get("proxy") is True:
            said["base"] = named_model(state, model, str(base))
    if said.get("order_with_respect_to"):
        fields["_order"] = _order(call)
    state.put(model)


def _order(call: Call) -> Field:
    return Field("_order", "IntegerField", "models.OrderWrt", {"default": 0}, call.span)


def _delete_model(state: State, app: str, call: Call) -> None:
    state.change(app).models.pop(call.text("name", 0).lower(), None)


def _rename_model(state: State, app: str, call: Call) -> None:
    old, new = call.text("old_name", 0), call.text("new_name", 1)
    model = state.model(app, old)
    if not old or not new or model is None:
        return
    part = state.change(app)
    part.models.pop(model.lower, None)
    part.models[new.lower()] = model._replace(name=new)
    if old.lower() != new.lower():
        part.renamed.pop(new.lower(), None)
        part.renamed[old.lower()] = new.lower()
    for other in list(part.models.values()):
        fields = {
            name: _repointed(state, other, one, (app, model.lower), f"{app}.{new}")
            for name, one in other.fields.items()
        }
        if any(one is not other.fields[name] for name, one in fields.items()):
            part.models[other.lower] = other._replace(fields=fields)


def _repointed(state: State, model: Model, one: Field, old: tuple[str, str], new: str) -> Field:
    changed = {}
    for option in ("to", "through"):
        said = one.options.get(option)
        if isinstance(said, str) and said != "self":
            pointed = named_model(state, model, str(said))
            if pointed is not None and (pointed[0], pointed[1].lower()) == old:
                changed[option] = new
    return one._replace(options={**one.options, **changed}) if changed else one


def _options(*names: str) -> Callable[[State, str, Call], None]:
    def change(state: State, app: str, call: Call) -> None:
        model = model_named(state, app, call.text("name", 0))
        if model.name:
            state.put(model.with_options(**{option: call.get(said, 1) for option, said in _pairs(names)}))

    return change


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in names] if len(names) == 1 else [(names[0], names[1])]


def _order_with_respect_to(state: State, app: str, call: Call) -> None:
    model = model_named(state, app, call.text("name", 0))
    said = call.get("order_with_respect_to", 1)
    fields = {name: one for name, one in model.fields.items() if name != "_order"}
    if said:
        fields["_order"] = _order(call)
    if model.name:
        state.put(model._replace(fields=fields).with_options(order_with_respect_to=said))


def _model_options(state: State, app: str, call: Call) -> None:
    """`managed` and `proxy` are in a database's way; of the other options none is."""
    model = model_named(state, app, call.text("name", 0))
    options = call.get("options", 1)
    if model.name and isinstance(options, dict):
        kept = {key: value for key, value in model.options.items() if key != "managed"}
        state.put(model._replace(options={**kept, **{str(key): value for key, value in options.items()}}))


def _put_field(state: State, app: str, call: Call) -> None:
    model, name = model_named(state, app, call.text("model_name", 0)), call.text("name", 1)
    if model.name and name:
        one = given_field(call, name)
        if call.get("preserve_default", 3) is False:  # the default is for the rows that are there, no more
            one = one._replace(options={key: value for key, value in one.options.items() if key != "default"})
        state.put(model.with_field(one))


def given_field(call: Call, name: str) -> Field:
    """The field of an AddField or AlterField."""
    given = call.get("field", 2)
    return field(name, given, given.span if isinstance(given, Call) else call.span)


def _remove_field(state: State, app: str, call: Call) -> None:
    model, name = model_named(state, app, call.text("model_name", 0)), call.text("name", 1)
    if model.name:
        state.put(model._replace(fields={key: one for key, one in model.fields.items() if key != name}))


def _rename_field(state: State, app: str, call: Call) -> None:
    model = model_named(state, app, call.text("model_name", 0))
    old, new = call.text("old_name", 1), call.text("new_name", 2)
    if not model.name or not old or not new:
        return
    fields = dict(model.fields)
    one = fields.pop(old, None)
    if one is not None:
        fields[new] = one._replace(name=new)
    options = dict(model.options)
    for option in ("unique_together", "index_together"):
        said = options.get(option)
        if isinstance(said, list | tuple | set):
            options[option] = [_renamed(item, old, new) for item in said]
    state.put(model._replace(fields=fields, options=options))
    part = state.change(app)
    for other in list(part.models.values()):
        for each in other.fields.values():
            if each.is_foreign_key and each.options.get("to_field") == old:
                pointed = named_model(state, other, each.to)
                if pointed is not None and (pointed[0], pointed[1].lower()) == (app, model.lower):
                    changed = each._replace(options={**each.options, "to_field": new})
                    part.models[other.lower] = part.models[other.lower].with_field(changed)


def _renamed(item: Any, old: str, new: str) -> Any:
    if isinstance(item, str):
        return new if item == old else item
    return tuple(new if name == old else name for name in texts(item))


def _listed(model: Model, option: str) -> list[Any]:
    said = model.options.get(option)
    return list(said) if isinstance(said, list | tuple) else []


def _add(option: str, argument: str) -> Callable[[State, str, Call], None]:
    def change(state: State, app: str, call: Call) -> None:
        model = model_named(state, app, call.text("model_name", 0))
        if model.name:
            state.put(model.with_options(**{option: [*_listed(model, option), call.get(argument, 1)]}))

    return change


def _remove(option: str) -> Callable[[State, str, Call], None]:
    def change(state: State, app: str, call: Call) -> None:
        model, name = model_named(state, app, call.text("model_name", 0)), call.text("name", 1)
        if model.name:
            kept = [item for item in _listed(model, option) if not _is_named(item, name)]
            state.put(model.with_options(**{option: kept}))

    return change


def _is_named(item: Any, name: str) -> bool:
    return isinstance(item, Call) and item.text("name") == name


def _alter_constraint(state: State, app: str, call: Call) -> None:
    model, name = model_named(state, app, call.text("model_name", 0)), call.text("name", 1)
    if model.name:
        kept = [
            call.get("constraint", 2) if _is_named(item, name) else item
            for item in _listed(model, "constraints")
        ]
        state.put(model.with_options(constraints=kept))


def _rename_index(state: State, app: str, call: Call) -> None:
    model, new = model_named(state, app, call.text("model_name", 0)), call.text("new_name", 1)
    if not model.name or not new:
        return
    fields = texts(call.get("old_fields", 3, ()))
    if fields:
        together = model.options.get("index_together")
        kept = (
            [item for item in together if texts(item) != fields]
            if isinstance(together, list | tuple | set)
            else []
        )
        made = Call("models.Index", (), {"fields": list(fields), "name": new}, call.span)
        indexes = [*_listed(model, "indexes"), made]
        state.put(model.with_options(indexes=indexes, index_together=kept))
        return
    old = call.text("old_name", 2)
    state.put(
        model.with_options(
            indexes=[
                Call(item.name, item.arguments, {**item.options, "name": new}, item.span)
                if _is_named(item, old)
                else item
                for item in _listed(model, "indexes")
            ]
        )
    )


_CHANGES: dict[str, Callable[[State, str, Call], None]] = {
    "CreateModel": _create_model,
    "DeleteModel": _delete_model,
    "RenameModel": _rename_model,
    "AlterModelTable": _options("db_table", "table"),
    "AlterModelTableComment": _options("db_table_comment", "table_comment"),
    "AlterUniqueTogether": _options("unique_together"),
    "AlterIndexTogether": _options("index_together"),
    "AlterOrderWithRespectTo": _order_with_respect_to,
    "AlterModelOptions": _model_options,
    "AddField": _put_field,
    "AlterField": _put_field,
    "RemoveField": _remove_field,
    "RenameField": _rename_field,
    "AddIndex": _add("indexes", "index"),
    "AddIndexConcurrently": _add("indexes", "index"),
    "RemoveIndex": _remove("indexes"),
    "RemoveIndexConcurrently": _remove("indexes"),
    "RenameIndex": _rename_index,
    "AddConstraint": _add("constraints", "constraint"),
    "AddConstraintNotValid": _add("constraints", "constraint"),
    "RemoveConstraint": _remove("constraints"),
    "AlterConstraint": _alter_constraint,
}
