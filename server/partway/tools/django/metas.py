"""Indexes and constraints of a model's Meta: what their calls say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from partway.tools.django.models import Model
from partway.tools.django.names import meta_index_name
from partway.tools.django.values import Call, texts

#: Index classes that are a method of their own, with the suffix of their made-up names.
_METHODS = {
    "GinIndex": "gin", "GistIndex": "gist", "SpGistIndex": "spgist", "BrinIndex": "brin", "HashIndex": "hash",
    "BTreeIndex": "btree", "BloomIndex": "bloom", "OpClass": "",
}  # fmt: skip


class Index(NamedTuple):
    """An index of a Meta: its name, its columns (empty for expressions), and its method."""

    name: str
    columns: tuple[str, ...]
    method: str
    expressions: bool
    fields: tuple[str, ...]
    ends: tuple[str, ...] = ()  # what stands behind each column: its operator class, its order


class Constraint(NamedTuple):
    """A constraint of a Meta. `kind` is "check", "unique", "exclude", or "" for one that nobody knows; `as_index` says
    that it is made as a unique index; `needs` are what a backend must be able to do for it."""

    kind: str
    name: str
    columns: tuple[str, ...]
    as_index: bool = False
    needs: frozenset[str] = frozenset()
    text: str = ""
    fields: tuple[str, ...] = ()


def column_of(model: Model, field: str) -> str:
    """The column of a field by its name; the name itself where the model does not tell."""
    known = model.fields.get(field)
    return known.column if known is not None else field


def index(model: Model, said: Any, limit: int) -> Index | None:
    """The index that a call makes; None where it is no call."""
    if not isinstance(said, Call):
        return None
    method = _METHODS.get(said.kind, "")
    names = texts(said.get("fields", default=()))
    expressions = bool(said.arguments)
    ordered = [(column_of(model, name.lstrip("-")), name.startswith("-")) for name in names]
    name = said.text("name")
    if not name and ordered:
        name = meta_index_name(model.table(limit), ordered, method or "idx")
    classes = [f" {one}" for one in texts(said.get("opclasses", default=()))]
    classes += [""] * (len(ordered) - len(classes))
    ends = tuple(one + (" desc" if down else "") for one, (_, down) in zip(classes, ordered, strict=False))
    return Index(
        name,
        tuple(column for column, _ in ordered),
        method,
        expressions,
        tuple(n.lstrip("-") for n in names),
        ends,
    )


def constraint(model: Model, said: Any) -> Constraint | None:
    """The constraint that a call makes; None where it is no call."""
    if not isinstance(said, Call):
        return None
    name = said.text("name")
    if said.kind == "CheckConstraint":
        text = getattr(said.get("condition", default=said.get("check")), "said", "")
        return Constraint("check", name, (), text=text)
    if said.kind == "ExclusionConstraint":
        return Constraint("exclude", name, (), needs=frozenset(("exclude",)))
    if said.kind != "UniqueConstraint":
        return Constraint("", name, ())
    needs = set()
    if said.get("condition") is not None:
        needs.add("condition")
    if said.get("include"):
        needs.add("include")
    if said.arguments:
        needs.add("expressions")
    if said.get("nulls_distinct") is not None:
        needs.add("nulls_distinct")
    if said.get("deferrable") is not None:
        needs.add("deferrable")
    fields = texts(said.get("fields", default=()))
    columns = tuple(column_of(model, field) for field in fields)
    as_index = bool(needs & {"condition", "include", "expressions"}) or bool(said.get("opclasses"))
    return Constraint("unique", name, columns, as_index, frozenset(needs), fields=fields)


def together(model: Model, option: str) -> list[tuple[str, ...]]:
    """The sets of fields of `unique_together` or `index_together`, which also takes one set alone."""
    said = model.options.get(option)
    if not isinstance(said, list | tuple | set) or not said:
        return []
    if all(isinstance(item, str) for item in said):
        return [tuple(said)]
    return [texts(item) for item in said if texts(item)]


def indexes(model: Model, limit: int) -> Iterator[Index]:
    """The indexes of its Meta."""
    said = model.options.get("indexes")
    for one in said if isinstance(said, list | tuple) else ():
        found = index(model, one, limit)
        if found is not None:
            yield found


def constraints(model: Model) -> Iterator[Constraint]:
    """The constraints of its Meta."""
    said = model.options.get("constraints")
    for one in said if isinstance(said, list | tuple) else ():
        found = constraint(model, one)
        if found is not None:
            yield found
