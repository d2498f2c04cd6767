"""Rows that are made where they are missing: `get_or_create` and `update_or_create`, of which a second run finds what
the first one has made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from partway.tools.django.settled_changes import Found
from partway.tools.django.settled_rows import NotPlain, Rows, compared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

MAKES: Final = frozenset(("get_or_create", "update_or_create"))


def call_of(rows: Rows, node: Node) -> Node | None:
    """The call that makes a row where it is missing: the expression, or the pair whose first part it takes."""
    if node.type == "subscript" and rows.tree.said(node).endswith("[0]"):
        node = node.child_by_field_name("value") or node
    function = node.child_by_field_name("function") if node.type == "call" else None
    method = function.child_by_field_name("attribute") if function is not None else None
    return node if method is not None and rows.tree.said(method) in MAKES else None


def make(rows: Rows, found: Found, node: Node, conditions: Sequence[Callable[[], set[str] | None]]) -> bool:
    """Note a row that is made where it is missing; whether it is the same one whichever rows are being looped over.
    Raises NotPlain."""
    function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    owner = function.child_by_field_name("object") if function is not None else None
    chosen = rows.chosen(owner) if owner is not None else None
    if (
        function is None
        or given is None
        or chosen is None
        or chosen.nulls
        or chosen.asked
        or "." not in chosen.model
    ):
        raise NotPlain
    keys: set[str] = set()
    named: set[str] = set()
    steady = True
    for one in given.named_children:
        if one.type == "comment":
            continue
        column, value = rows.keyword(one)
        if column == "defaults":
            _defaults(rows, found, value, updates=rows.tree.said(function).endswith(".update_or_create"))
            continue
        if "__" in column:
            raise NotPlain
        read = _read(rows, value)
        steady = steady and rows.values.constant(value) == set()
        named.add(rows.tree.said(value).removesuffix(".pk").removesuffix(".id"))
        keys.add(compared(column))
        found.asked.update(map(compared, read))
    for condition in conditions:
        names = condition()
        if names is None:
            raise NotPlain
        found.asked.update(map(compared, names))
    # A row that is made may let others be chosen next time, but not those that it is made for.
    chosen_rows = {one.name for one in rows.loops if one.chosen.nulls or one.chosen.asked}
    if not keys or not chosen_rows <= named:
        raise NotPlain
    found.asked |= keys
    found.make(chosen.model, frozenset(keys), (one.chosen.model for one in rows.loops))
    return steady


def _defaults(rows: Rows, found: Found, value: Node, *, updates: bool) -> None:
    """What a row is given besides; where it updates, the row that is there as well."""
    if not rows.values.is_pure(value):
        raise NotPlain
    if not updates:
        return
    if value.type != "dictionary":
        raise NotPlain
    for pair in value.named_children:
        key, given = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if pair.type == "comment":
            continue
        if key is None or given is None or key.type != "string":
            raise NotPlain
        found.asked.update(map(compared, _read(rows, given)))
        found.changes.append((compared(rows.tree.said(key).strip("\"'")), frozenset()))


def _read(rows: Rows, value: Node) -> set[str]:
    """The columns that a value is made of, of rows that are being looped over."""
    in_hand = {one.name for one in rows.loops}
    read = set() if rows.tree.said(value) in in_hand else rows.values.made_of(value, in_hand)
    if read is None or (rows.values.constant(value) or set()):  # F, which is no value of Python's
        raise NotPlain
    return read
