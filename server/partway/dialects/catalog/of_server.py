"""What MySQL and MariaDB keep for the whole server: foreign servers, tablespaces, components, the like of accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.accounts import account_is
from partway.dialects.catalog.information_schema import Place
from partway.dialects.catalog.lookup import Lookup, attribute
from partway.dialects.catalog.mysql_text import literal

#: What MySQL alone has.
MYSQL_PLACES: Mapping[str, Place] = {
    "tablespace": Place("innodb_tablespaces", "", "", "name", ("space_type IN ('General', 'Undo')",)),
    "spatial-reference-system": Place("st_spatial_reference_systems", "", "", "srs_id"),
}

#: What is said of a thing, with the table that shows it, the column that has its name there, and a condition.
_SAID: Mapping[str, tuple[str, str, str]] = {
    "server-host": ("mysql.servers", "server_name", "host = {value}"),
    "server-database": ("mysql.servers", "server_name", "db = {value}"),
    "server-user": ("mysql.servers", "server_name", "username = {value}"),
    "server-socket": ("mysql.servers", "server_name", "socket = {value}"),
    "server-owner": ("mysql.servers", "server_name", "owner = {value}"),
    "server-port": ("mysql.servers", "server_name", "port = {value}"),
    "tablespace-autoextend": ("information_schema.innodb_tablespaces", "name", "autoextend_size = {value}"),
    "tablespace-encryption": ("information_schema.innodb_tablespaces", "name", "encryption = {value}"),
    "role-require": ("mysql.user", "", "ssl_type = {value}"),
    "role-questions": ("mysql.user", "", "max_questions = {value}"),
    "role-updates": ("mysql.user", "", "max_updates = {value}"),
    "role-connections": ("mysql.user", "", "max_connections = {value}"),
    "role-sessions": ("mysql.user", "", "max_user_connections = {value}"),
}
_MYSQL = {
    "role-lock": ("mysql.user", "", "account_locked = {yes}"),
    "role-comment": (
        "mysql.user",
        "",
        "JSON_UNQUOTE(JSON_EXTRACT(user_attributes, '$.metadata.comment')) = {value}",
    ),
}
_MARIADB = {
    "role-lock": (
        "mysql.global_priv",
        "",
        "IF(COALESCE(JSON_VALUE(priv, '$.account_locked'), '0') IN ('0', 'false'), 'N', 'Y') = {yes}",
    ),
}


def _said_by(known: Mapping[str, tuple[str, str, str]]) -> Callable[[Postcondition], Lookup | None]:
    def lookup(p: Postcondition) -> Lookup | None:
        """Something that is said of a thing of the server's; see `sql/of_server`."""
        value = attribute(p, "value")
        if p.object not in known or value is None or not p.name.name:
            return None
        source, column, condition = known[p.object]
        where = [f"{column} = {literal(p.name.name)}"] if column else account_is(p.name.name)
        yes = literal("Y" if value == "yes" else "N")
        where.append(condition.replace("{yes}", yes).replace("{value}", literal(value)))
        return Lookup(source, tuple(where), "SELECT 1")

    return lookup


mysql_said = _said_by({**_SAID, **_MYSQL})
mariadb_said = _said_by({**_SAID, **_MARIADB})


def resource_group(p: Postcondition) -> Lookup | None:
    """A resource group. Who may not see them sees none, though the server's own are always there."""
    where = (f"resource_group_name = {literal(p.name.name)}",)
    doubt = "NOT EXISTS (SELECT 1 FROM information_schema.resource_groups)"
    return Lookup("information_schema.resource_groups", where, "SELECT 1", doubt=doubt)


def component(p: Postcondition) -> Lookup | None:
    """A component of MySQL, by the file that it was installed from."""
    return Lookup("mysql.component", (f"component_urn = {literal(p.name.name)}",), "SELECT 1")
