"""What is said of single traits of things that are there, asked of PostgreSQL's catalog: a fact `setting`, whose key
says which trait."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.postcondition import Postcondition
from partway.dialects import strings
from partway.dialects.catalog.lookup import attribute

Literal = Callable[[str], str]

#: The columns of plain traits, by where the thing is kept.
_COLUMNS = {
    "pg_roles": {
        "superuser": "rolsuper",
        "createdb": "rolcreatedb",
        "createrole": "rolcreaterole",
        "inherit": "rolinherit",
        "login": "rolcanlogin",
        "replication": "rolreplication",
        "bypassrls": "rolbypassrls",
        "connection limit": "rolconnlimit",
    },
    "pg_database": {
        "connection limit": "datconnlimit",
        "allow_connections": "datallowconn",
        "is_template": "datistemplate",
    },
    "pg_extension": {"version": "extversion"},
    "pg_foreign_server": {"version": "srvversion"},
}

#: The columns that hold a function's number.
_FUNCTIONS = {
    "pg_foreign_data_wrapper": {"handler": "fdwhandler", "validator": "fdwvalidator"},
}

#: Where the options of foreign data are kept, `name=value` each.
_OPTIONS = {
    "pg_foreign_server": "srvoptions",
    "pg_foreign_data_wrapper": "fdwoptions",
    "pg_user_mappings": "umoptions",
    "pg_attribute": "attfdwoptions",
    "pg_class": "(SELECT ftoptions FROM pg_catalog.pg_foreign_table WHERE ftrelid = pg_class.oid)",
}


def setting(p: Postcondition, source: str, literal: Literal) -> str | None:
    """A condition on the thing's row that is true if it has this trait as it is said."""
    key, value = attribute(p, "key") or "", attribute(p, "value") or ""
    kind, _, name = key.partition(" ")
    if kind in _BY_KIND:
        return _BY_KIND[kind](p, source, literal, name, value)
    column = _COLUMNS.get(source, {}).get(key)
    if column is None:
        return None
    if value in ("yes", "no"):
        return column if value == "yes" else f"NOT {column}"
    return f"{column}::text = {literal(value)}"


def _configuration(p: Postcondition, source: str, literal: Literal, key: str, value: str) -> str:
    """A setting that sessions of a role or in a database begin with: listed as key=value."""
    place = attribute(p, "in")
    database = f"(SELECT oid FROM pg_catalog.pg_database WHERE datname = {literal(place)})" if place else "0"  # noqa: S608 - a literal
    of = (
        f"setrole = oid AND setdatabase = {database}"
        if source == "pg_roles"
        else "setdatabase = oid AND setrole = 0"
    )
    # It is kept under the name that the server gives it, `TimeZone`, whatever is said.
    same = f"starts_with(lower(one), {literal(f'{key}=')})"
    if value:
        same += f" AND substr(one, {len(key) + 2}) = {literal(value[len(key) + 1 :])}"
    there = (
        f"EXISTS (SELECT FROM pg_catalog.pg_db_role_setting, unnest(setconfig) AS one WHERE {of} AND {same})"
    )
    return there if value else f"NOT {there}"


#: Whether the session may see everything.
_SUPERUSER = "(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)"


def hidden(p: Postcondition, source: str) -> str:
    """Where it is true of the thing's row, what it is like is not shown to the session; empty where all of it is."""
    options = (attribute(p, "key") or "").startswith("option ")
    return f"umoptions IS NULL AND NOT {_SUPERUSER}" if options and source == "pg_user_mappings" else ""


def _option(_p: Postcondition, source: str, literal: Literal, name: str, value: str) -> str | None:
    """An option of foreign data; `there` for one whose value nobody asks for."""
    options = _OPTIONS.get(source)
    if options is None:
        return None
    same = f"starts_with(one, {literal(f'{name}=')})"
    if value not in ("", "there"):
        meant = strings.said(value)
        if meant is None:
            return None
        same = f"one IN ({', '.join(literal(f'{name}={text}') for text in sorted(meant))})"
    there = f"EXISTS (SELECT FROM unnest({options}) AS one WHERE {same})"
    return there if value else f"NOT {there}"


def _function(_p: Postcondition, source: str, literal: Literal, key: str, value: str) -> str | None:
    """A function that the thing calls, by its name; none where there is no value."""
    column = _FUNCTIONS.get(source, {}).get(key)
    if column is None:
        return None
    if not value:
        return f"{column} = 0"
    name = value.rpartition(".")[2]
    return (
        f"EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pg_proc.oid = {column} AND proname = {literal(name)})"
    )


_BY_KIND: dict[str, Callable[[Postcondition, str, Literal, str, str], str | None]] = {
    "set": _configuration,
    "option": _option,
    "function": _function,
}
