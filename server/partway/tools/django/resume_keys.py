"""Looks for keys without a name, as texts that guards and resume migrations share."""

from __future__ import annotations

#: What the members of an option are in the database, as Django's editors look for them.
MEMBERS = {
    "unique_together": '{"unique": True, "primary_key": False}',
    "index_together": '{"index": True, "unique": False}',
}


def is_there(editor: str, option: str) -> str:
    """A function that looks for a member of an option, as text: what one of `model`'s has been made of."""
    return f"""\
def is_there(fields):
    columns = [model._meta.get_field(field).column for field in fields]
    kind = {MEMBERS[option]}
    return {editor}._constraint_names(model, columns, **kind)
"""


def lacks_key(editor: str, field: str) -> str:
    """The rest of a condition, as text: `model` has no foreign key for a field that is to have one."""
    return f"""\
and {field}.db_constraint
and not {editor}._constraint_names(model, [{field}.column], foreign_key=True)
"""
