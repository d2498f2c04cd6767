"""What a field's column is in the database: its type, what it refers to, and the table between two models."""

from __future__ import annotations

from typing import Any, NamedTuple

from partway.core.source import Span
from partway.tools.django.backends import AUTO, Backend
from partway.tools.django.fields import Field, field
from partway.tools.django.models import CONTRIB, Model, State, default_table
from partway.tools.django.names import bare, truncated
from partway.tools.django.values import Call, Unknown

_DEEPEST = 10
_HERE = Span(0, 0)


class Target(NamedTuple):
    """A model that a relation points to; `model` is None where no migration of it could be found."""

    app: str
    name: str
    table: str
    model: Model | None


class Column(NamedTuple):
    """A column as Django defines it. `type` is empty where nobody knows; `references` are a table and its column."""

    name: str
    type: str
    field: Field
    references: tuple[str, str] | None
    collation: str = ""
    counted: bool = False  # counting up is part of the type, as on MySQL


def reference(state: State, model: Model, field: Field) -> tuple[str, str] | None:
    """App and name of the model that a relation points to, None where that cannot be told."""
    return named_model(state, model, field.to)


def named_model(state: State, model: Model, said: Any) -> tuple[str, str] | None:
    """App and name of a model that is written as "app.Model", "Model", "self" or a setting."""
    if isinstance(said, Unknown):
        return state.swapped.get(said.said.rpartition(".")[2]) if "settings." in said.said else None
    if not isinstance(said, str):
        return None
    if said == "self":
        return model.app, model.name
    app, dot, name = said.rpartition(".")
    return (app, name) if dot else (model.app, said)


def target(state: State, model: Model, field: Field) -> Target | None:
    """The model that a relation points to, None where that cannot be told."""
    found = reference(state, model, field)
    if found is None:
        return None
    app, name = found
    known = state.model(app, name)
    if known is None:
        return Target(app, name, default_table(app, name, state.limit), None)
    while known.options.get("proxy") is True:  # a proxy's table is its base's
        base = known.options.get("base")
        above = state.model(*base) if isinstance(base, tuple) else None
        if above is None or above is known:
            break
        known = above
    return Target(known.app, known.name, known.table(state.limit), known)


def target_field(field: Field, pointed: Target) -> Field | None:
    """The field that a foreign key refers to: `to_field`, or the primary key; None where nobody knows."""
    if pointed.model is None:
        if pointed.app in CONTRIB:
            return Field("id", "AutoField", "models.AutoField", {"primary_key": True}, _HERE)
        return None
    named = field.options.get("to_field")
    if isinstance(named, str):
        return pointed.model.fields.get(named)
    return None if isinstance(named, Unknown) else pointed.model.pk


def column(state: State, model: Model, field: Field, backend: Backend) -> Column:
    """A field's column."""
    references = None
    if field.is_foreign_key and (pointed := target(state, model, field)) is not None:
        to = target_field(field, pointed)
        told = not isinstance(field.options.get("to_field"), Unknown)
        references = (pointed.table, to.column if to is not None else "id" if told else "")
    collation = field.options.get("db_collation")
    return Column(
        field.column,
        db_type(state, model, field, backend),
        field,
        references,
        str(collation) if isinstance(collation, str) else "",
        field.kind in AUTO and backend.foreign_keys_are_relations,
    )


def db_type(state: State, model: Model, field: Field, backend: Backend, depth: int = 0) -> str:
    """A column's type, in lower case; empty where nobody knows."""
    if field.is_foreign_key:
        pointed = target(state, model, field)
        to = target_field(field, pointed) if pointed is not None else None
        if pointed is None or to is None or depth > _DEEPEST:
            return ""
        if to.kind in AUTO:
            kind = {"AutoField": "IntegerField", "BigAutoField": "BigIntegerField"}.get(
                to.kind, "SmallIntegerField"
            )
            return backend.types[kind]
        return db_type(state, pointed.model or model, to, backend, depth + 1)
    return plain_type(field, backend)


def plain_type(one: Field, backend: Backend) -> str:
    """The type of a column that refers to nothing."""
    kind = one.kind
    if kind == "ArrayField":
        base = one.options.get("base_field")
        inner = plain_type(field("", base, one.span), backend) if isinstance(base, Call) else ""
        size = one.options.get("size")
        return f"{inner}[{size if isinstance(size, int) else ''}]" if inner else ""
    if kind == "GeneratedField":
        output = one.options.get("output_field")
        return plain_type(field("", output, one.span), backend) if isinstance(output, Call) else ""
    said = backend.types.get(kind, "")
    if "{" not in said:
        return said
    if "max_length" in said:
        length = one.max_length
        if length is None and kind == "CharField":
            return "varchar"
        return said.format(max_length=length) if isinstance(length, int) else ""
    digits, places = one.options.get("max_digits"), one.options.get("decimal_places")
    if isinstance(digits, int) and isinstance(places, int):
        return said.format(max_digits=digits, decimal_places=places)
    return ""


def check(one: Field, backend: Backend) -> str:
    """The condition that a column carries; empty for none."""
    said = backend.checks.get(one.kind, "")
    return said.format(column=f"{backend.quote}{one.column}{backend.quote}") if said else ""


def between(state: State, model: Model, field: Field) -> Model | None:
    """The model of the table that a many-to-many field makes by itself; None where it is told which model that is."""
    if not field.is_many_to_many or field.options.get("through") is not None:
        return None
    table = field.options.get("db_table")
    if not isinstance(table, str) or not table:
        table = truncated(f"{bare(model.table(state.limit))}_{field.name}", state.limit)
    pointed = reference(state, model, field)
    known = state.model(*pointed) if pointed is not None else None
    to = (known.name if known is not None else pointed[1]).lower() if pointed is not None else "?"
    from_ = model.lower
    if pointed is not None and to == from_:
        to, from_ = f"to_{to}", f"from_{from_}"
    shared: dict[str, Any] = {"related_name": f"{model.name}_{field.name}+"}
    if not field.db_constraint:
        shared["db_constraint"] = False
    here = f"{model.app}.{model.name}"
    there = field.to if pointed is None or isinstance(field.to, Unknown) else f"{pointed[0]}.{pointed[1]}"
    fields = [
        Field("id", *_own_key(state, model), {"primary_key": True, "auto_created": True}, field.span),
        Field(from_, "ForeignKey", "models.ForeignKey", {"to": here, **shared}, field.span),
        Field(to, "ForeignKey", "models.ForeignKey", {"to": there, **shared}, field.span),
    ]
    options = {"db_table": table, "unique_together": [(from_, to)]}
    return Model(model.app, f"{model.name}_{field.name}", {one.name: one for one in fields}, options)


def _own_key(state: State, model: Model) -> tuple[str, str]:
    """The key of a table that Django makes up, which migrations do not tell."""
    kind = state.auto_field(model)
    return kind, f"models.{kind}"
