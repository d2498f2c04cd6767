"""Accounts of MySQL and MariaDB: their roles, and privileges on schemas, tables, routines and the whole server.

The server's own tables are asked: information_schema lists other people's privileges only to those who may read these
tables, and shows nothing to everybody else, which would be taken for a sign that there are none.
https://dev.mysql.com/doc/refman/9.7/en/grant-tables.html
"""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.lookup import Lookup, attribute
from partway.dialects.catalog.mysql_text import literal

#: The columns of mysql.db that are not called like the privilege.
_COLUMNS = {
    "create temporary tables": "create_tmp_table_priv",
    "lock tables": "lock_tables_priv",
}
#: What mysql.db has a column for, and mysql.tables_priv a word.
_ON_TABLE = frozenset(
    {
        "select",
        "insert",
        "update",
        "delete",
        "create",
        "drop",
        "references",
        "index",
        "alter",
        "trigger",
        "grant",
    }
    | {"create view", "show view"}
)
_ON_SCHEMA = _ON_TABLE | {
    *("execute", "event", "create temporary tables", "lock tables", "create routine", "alter routine"),
}
_ON_COLUMN = frozenset({"select", "insert", "update", "references"})
_ON_ROUTINE = frozenset({"execute", "alter routine", "grant"})


#: What mysql.user has a column for besides, and its name where it is not that of the privilege.
_ON_SERVER = _ON_SCHEMA | {
    *("reload", "shutdown", "process", "file", "super", "create user", "show databases"),
    *("replication slave", "replication client"),
}
_SERVER_COLUMNS = {
    **_COLUMNS,
    "show databases": "show_db_priv",
    "replication slave": "repl_slave_priv",
    "replication client": "repl_client_priv",
}


def role(p: Postcondition) -> Lookup | None:
    """An account or role, `name@host` or `name` (see `sql/accounts`)."""
    if not p.name.name:
        return None
    return Lookup("mysql.user", tuple(account_is(p.name.name)), "SELECT 1")


def server(p: Postcondition) -> Lookup | None:
    """A server that tables elsewhere are reached by, which is listed here as well."""
    where = (f"server_name = {literal(p.name.name)}",)
    return Lookup("mysql.servers", where, "SELECT 1") if p.name.name else None


def privilege(p: Postcondition) -> Lookup | None:
    """One privilege of one account on a schema, a table, a column, a routine, or on all of them."""
    word, on = attribute(p, "privilege") or "", attribute(p, "on") or ""
    schema, account = attribute(p, "schema") or "", attribute(p, "account") or ""
    column, routine = attribute(p, "column"), attribute(p, "routine")
    if word == "grant option":
        word = "grant"  # as all of these tables call it
    if column is not None or routine is not None:
        return _on_part(word, on, schema, account, column, routine)
    if schema == "*":
        column = _SERVER_COLUMNS.get(word, f"{word.replace(' ', '_')}_priv")
        where = [*account_is(account), f"{column} = 'Y'"]
        return Lookup("mysql.user", tuple(where), "SELECT 1") if word in _ON_SERVER else None
    where = [*account_is(account), f"db = {literal(schema) if schema else 'DATABASE()'}"]
    if on == "*" and word in _ON_SCHEMA:
        column = _COLUMNS.get(word, f"{word.replace(' ', '_')}_priv")
        return Lookup("mysql.db", (*where, f"{column} = 'Y'"), "SELECT 1")
    if on != "*" and word in _ON_TABLE:
        where += [f"table_name = {literal(on)}", f"FIND_IN_SET({literal(word)}, table_priv) > 0"]
        return Lookup("mysql.tables_priv", tuple(where), "SELECT 1")
    return None


_WHO = "SELECT user, host FROM mysql."


def anything(p: Postcondition, *more: str) -> Lookup | None:
    """Whatever an account may do, anywhere; `more` are further lists of that."""
    columns = (_SERVER_COLUMNS.get(word, f"{word.replace(' ', '_')}_priv") for word in sorted(_ON_SERVER))
    lists = ("db", "tables_priv", "columns_priv", "procs_priv", *more)
    arms = [f"{_WHO}{one}" for one in lists] + [f"{_WHO}user WHERE 'Y' IN ({', '.join(columns)})"]
    source = f"({' UNION ALL '.join(arms)}) AS granted"
    account = attribute(p, "account")
    return Lookup(source, tuple(account_is(account)), "SELECT 1") if account else None


def _on_part(
    word: str, on: str, schema: str, account: str, column: str | None, routine: str | None
) -> Lookup | None:
    """A privilege on a column or on a routine."""
    where = [*account_is(account), f"db = {literal(schema) if schema else 'DATABASE()'}"]
    if column is not None and word in _ON_COLUMN:
        where += [f"table_name = {literal(on)}", f"column_name = {literal(column)}"]
        where.append(f"FIND_IN_SET({literal(word)}, column_priv) > 0")
        return Lookup("mysql.columns_priv", tuple(where), "SELECT 1")
    if routine is not None and word in _ON_ROUTINE:
        where += [f"routine_name = {literal(on)}", f"routine_type = {literal(routine.upper())}"]
        where.append(f"FIND_IN_SET({literal(word)}, proc_priv) > 0")
        return Lookup("mysql.procs_priv", tuple(where), "SELECT 1")
    return None


def role_edge(p: Postcondition) -> Lookup | None:
    """A role that an account has on MySQL."""
    role, account = attribute(p, "role") or "", attribute(p, "account") or ""
    where = [*account_is(role, "from_"), *account_is(account, "to_")]
    where += ["with_admin_option = 'Y'"] if attribute(p, "admin") else []
    return Lookup("mysql.role_edges", tuple(where), "SELECT 1")


def dynamic(p: Postcondition) -> Lookup | None:
    """One of the privileges that MySQL's plugins and components add, by their names in one word: BACKUP_ADMIN."""
    word, account = attribute(p, "privilege") or "", attribute(p, "account") or ""
    where = (*account_is(account), f"priv = {literal(word.upper())}")
    return Lookup("mysql.global_grants", where, "SELECT 1") if attribute(p, "schema") == "*" else None


def role_mapping(p: Postcondition) -> Lookup | None:
    """A role that an account has on MariaDB, where roles have no host."""
    role, account = attribute(p, "role") or "", attribute(p, "account") or ""
    where = [*account_is(account), f"role = {literal(role)}"]
    where += ["admin_option = 'Y'"] if attribute(p, "admin") else []
    return Lookup("mysql.roles_mapping", tuple(where), "SELECT 1")


def account_is(said: str, prefix: str = "") -> list[str]:
    """Conditions on an account's row. Without a host a role is meant, or an account from anywhere."""
    name, at, host = said.rpartition("@")
    return [
        f"{prefix}user = {literal(name if at else said)}",
        f"{prefix}host = {literal(host)}" if at else f"{prefix}host IN ('%', '')",
    ]
