"""The way back of each call of `change`, as ActiveRecord's recorder makes it (migration/command_recorder.rb)."""

from __future__ import annotations

from collections.abc import Callable

from partway.tools.rails.commands import Command, Irreversible
from partway.tools.rails.values import UNKNOWN

#: Calls with an opposite that takes the same arguments.
_STRAIGHT = {
    "create_table": "drop_table",
    "create_join_table": "drop_join_table",
    "add_column": "remove_column",
    "add_columns": "remove_columns",
    "add_index": "remove_index",
    "add_timestamps": "remove_timestamps",
    "add_reference": "remove_reference",
    "add_belongs_to": "remove_belongs_to",
    "add_foreign_key": "remove_foreign_key",
    "add_check_constraint": "remove_check_constraint",
    "add_exclusion_constraint": "remove_exclusion_constraint",
    "add_unique_constraint": "remove_unique_constraint",
    "enable_extension": "disable_extension",
    "create_enum": "drop_enum",
    "create_schema": "drop_schema",
    "create_virtual_table": "drop_virtual_table",
    "enable_index": "disable_index",
}
_BACK = {inverse: call for call, inverse in _STRAIGHT.items()}
_UNKNOWN_WHY = "{} is not automatically reversible"


def inverse(command: Command, rails: tuple[int, ...]) -> Command:
    """The call that takes this one back in this version of Rails. Raises Irreversible where it has none."""
    if "if_not_exists" in command.options and rails and rails < (8, 0) and _has_key(command):
        raise Irreversible(
            command, "before Rails 8.0 the way back looks for a foreign key by if_not_exists, and finds none"
        )
    if command.name == "drop_table":
        return _drop_table(command, rails)._replace(inverted=True)
    special = _SPECIAL.get(command.name)
    if special is not None:
        return special(command)._replace(inverted=True)
    name = _STRAIGHT.get(command.name) or _BACK.get(command.name)
    if name is None:
        raise Irreversible(command, _UNKNOWN_WHY.format(command.name))
    return command._replace(name=name, inverted=True)


def _has_key(command: Command) -> bool:
    """Whether a call makes a foreign key by itself."""
    if command.name in ("add_reference", "add_belongs_to"):
        return bool(command.options.get("foreign_key"))
    return command.name == "add_foreign_key"


def _without(command: Command, *options: str) -> dict[str, object]:
    return {key: value for key, value in command.options.items() if key not in options}


def _create_table(command: Command) -> Command:
    return command._replace(name="drop_table", options=_without(command, "if_not_exists"))


def _drop_table(command: Command, rails: tuple[int, ...]) -> Command:
    # Before 8.0 any option will do, and what comes of it is a table without columns.
    options = _without(command, "if_exists") if not rails or rails >= (8, 0) else command.options
    if len(command.args) > 1:
        raise Irreversible(command, "drop_table is only reversible if given a single table name")
    if not options and command.block is None:
        raise Irreversible(
            command, "drop_table is only reversible if given options or a block (can be empty)"
        )
    return command._replace(name="create_table", options=_without(command, "if_exists"))


def _remove_column(command: Command) -> Command:
    if len(command.args) <= 2 and not command.options:
        raise Irreversible(command, "remove_column is only reversible if given a type")
    return command._replace(name="add_column")


def _remove_columns(command: Command) -> Command:
    if "type" not in command.options:
        raise Irreversible(command, "remove_columns is only reversible if given a type")
    return command._replace(name="add_columns")


def _swapped(command: Command, first: int, second: int) -> Command:
    args = list(command.args)
    if len(args) <= second:
        args += [UNKNOWN] * (second + 1 - len(args))
    args[first], args[second] = args[second], args[first]
    return command._replace(args=tuple(args))


def _remove_index(command: Command) -> Command:
    columns = command.args[1] if len(command.args) > 1 else command.options.get("column")
    if columns is None:
        raise Irreversible(command, "remove_index is only reversible if given a :column option")
    return command._replace(
        name="add_index", args=(command.arg(0), columns), options=_without(command, "column", "if_exists")
    )


def _from_to(command: Command) -> Command:
    # The call's own last argument is a hash, or its options are.
    options = command.options
    if "from" not in options or "to" not in options:
        raise Irreversible(command, f"{command.name} is only reversible if given a :from and :to option")
    return command._replace(options={**options, "from": options["to"], "to": options["from"]})


def _change_column_null(command: Command) -> Command:
    args = list(command.args)
    if len(args) > 2:
        args[2] = UNKNOWN if args[2] is UNKNOWN else not args[2]
    return command._replace(args=tuple(args))


def _add_foreign_key(command: Command) -> Command:
    return command._replace(name="remove_foreign_key", options=_without(command, "validate"))


def _remove_foreign_key(command: Command) -> Command:
    to_table = command.args[1] if len(command.args) > 1 else command.options.get("to_table")
    if to_table is None:
        raise Irreversible(command, "remove_foreign_key is only reversible if given a second table")
    return command._replace(
        name="add_foreign_key", args=(command.arg(0), to_table), options=_without(command, "to_table")
    )


def _add_check(command: Command) -> Command:
    return command._replace(
        name="remove_check_constraint",
        options=_renamed(_without(command, "validate"), "if_not_exists", "if_exists"),
    )


def _remove_check(command: Command) -> Command:
    if len(command.args) < 2 and not command.options:
        raise Irreversible(command, "remove_check_constraint is only reversible if given an expression")
    return command._replace(
        name="add_check_constraint", options=_renamed(command.options, "if_exists", "if_not_exists")
    )


def _renamed(options: dict[str, object], old: str, new: str) -> dict[str, object]:
    return {new if key == old else key: value for key, value in options.items()}


def _remove_exclusion(command: Command) -> Command:
    if len(command.args) < 2:
        raise Irreversible(command, "remove_exclusion_constraint is only reversible if given an expression")
    return command._replace(name="add_exclusion_constraint")


def _add_unique(command: Command) -> Command:
    if command.options.get("using_index"):
        raise Irreversible(command, "add_unique_constraint is not reversible if given an using_index")
    return command._replace(name="remove_unique_constraint")


def _remove_unique(command: Command) -> Command:
    if len(command.args) < 2:
        raise Irreversible(command, "remove_unique_constraint is only reversible if given an column_name")
    return command._replace(name="add_unique_constraint")


def _drop_enum(command: Command) -> Command:
    if len(command.args) < 2:
        raise Irreversible(command, "drop_enum is only reversible if given a list of enum values")
    return command._replace(name="create_enum")


def _rename_enum(command: Command) -> Command:
    if "to" in command.options:
        return command._replace(args=(command.options["to"],), options={"to": command.arg(0)})
    return _swapped(command, 0, 1)


def _drop_virtual_table(command: Command) -> Command:
    if len(command.args) < 2:
        raise Irreversible(command, "drop_virtual_table is only reversible if given options")
    return command._replace(name="create_virtual_table")


def _itself(command: Command) -> Command:
    return command


_SPECIAL: dict[str, Callable[[Command], Command]] = {
    "create_table": _create_table,
    "rename_table": lambda command: _swapped(command, 0, 1),
    "remove_column": _remove_column,
    "remove_columns": _remove_columns,
    "rename_index": lambda command: _swapped(command, 1, 2),
    "rename_column": lambda command: _swapped(command, 1, 2),
    "remove_index": _remove_index,
    "change_column_default": _from_to,
    "change_column_comment": _from_to,
    "change_table_comment": _from_to,
    "change_column_null": _change_column_null,
    "add_foreign_key": _add_foreign_key,
    "remove_foreign_key": _remove_foreign_key,
    "add_check_constraint": _add_check,
    "remove_check_constraint": _remove_check,
    "remove_exclusion_constraint": _remove_exclusion,
    "add_unique_constraint": _add_unique,
    "remove_unique_constraint": _remove_unique,
    "drop_enum": _drop_enum,
    "rename_enum": _rename_enum,
    "rename_enum_value": _from_to,
    "drop_virtual_table": _drop_virtual_table,
    "opaque": _itself,
    "irreversible": _itself,
}
