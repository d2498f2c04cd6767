"""Constraints that are validated after they were added: what the calls send, and which constraint Rails means."""

from __future__ import annotations

from partway.core.postcondition import Name, exists
from partway.tools.rails import names
from partway.tools.rails.commands import Command
from partway.tools.rails.keys import foreign_key, given
from partway.tools.rails.making import Context, Part, Statement, table_of
from partway.tools.rails.values import UNKNOWN, name_of


def validate_foreign_key(context: Context, command: Command) -> list[Statement]:
    """validate_foreign_key(from_table, to_table = nil, **options)"""
    table = table_of(command.arg(0))
    to = command.arg(1) if command.arg(1) is not None else command.options.get("to_table", UNKNOWN)
    name, fact = foreign_key(context, command, table, to, command.options)
    part = _validated(table, name)
    if given(command.options, "column") is not None or given(command.options, "name") is not None:
        return [[part]]
    # Rails takes the key that refers to that table, of whatever column.
    said = tuple(pair for pair in fact.attributes if pair[0] in ("kind", "references"))
    found = exists("constraint", Name(""), table, (*said, ("valid", "yes")))
    return [[part._replace(facts=(found,))]]


def validate_check_constraint(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 - as all
    """validate_check_constraint(table, name: | expression:)"""
    table = table_of(command.arg(0))
    named = given(command.options, "name")
    name = (
        name_of(named)
        if named is not None
        else names.check_name(str(table), name_of(given(command.options, "expression")))
    )
    return [[_validated(table, name)]]


def validate_constraint(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 - as all
    """validate_constraint(table, name)"""
    return [[_validated(table_of(command.arg(0)), name_of(command.arg(1)))]]


def _validated(table: Name, name: str) -> Part:
    fact = exists("constraint", Name(name), table, (("valid", "yes"),))
    return Part("validate-constraint", f"{table}.{name}", (fact,))
