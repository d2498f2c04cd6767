"""MySQL and MariaDB as a `Lab`: one database that is dropped and made again between uses."""

from __future__ import annotations

import re
from typing import Any

import pymysql
from pymysql.constants import CLIENT

from tests.engines.lab import Dump, Lab, Session, SqlError, stop
from tests.engines.process import Supervised
from tests.engines.servers import Address, Engine

DATABASE = "partway_lab"
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
GLOBAL = re.compile(r"\b(global|persist)\b", re.I)
COUNTER = re.compile(r" AUTO_INCREMENT=\d+")

# ER_TABLESPACE_DISCARDED: a table without its file, between DISCARD and IMPORT.
DISCARDED = "1814"

# What lives outside of databases: the words that remove it, and its name. MariaDB has foreign servers alone.
SERVER_OBJECTS = {
    "mariadb": "SELECT 'DROP SERVER', CONCAT('`', server_name, '`') FROM mysql.servers",
    "mysql": "SELECT 'DROP SERVER', CONCAT('`', server_name, '`') FROM mysql.servers"
    " UNION ALL SELECT 'DROP TABLESPACE', CONCAT('`', name, '`') FROM information_schema.innodb_tablespaces"
    " WHERE space_type = 'General' AND name <> 'mysql'"
    " UNION ALL SELECT 'DROP RESOURCE GROUP', resource_group_name FROM information_schema.resource_groups"
    " WHERE resource_group_name NOT IN ('USR_default', 'SYS_default')"
    " UNION ALL SELECT 'UNINSTALL COMPONENT', QUOTE(component_urn) FROM mysql.component"
    " UNION ALL SELECT 'UNINSTALL PLUGIN', name FROM mysql.plugin"
    " UNION ALL SELECT 'DROP SPATIAL REFERENCE SYSTEM', srs_id FROM information_schema.st_spatial_reference_systems"
    " WHERE srs_id BETWEEN 990000 AND 999999 ORDER BY 1, 2",
}

# Server variables that move by themselves.
RESTLESS = (
    "gtid_",
    "timestamp",
    "last_insert",
    "rand_seed",
    "pseudo_",
    "warning_count",
    "error_count",
    "_pos",
)


class MysqlSession(Session):
    """A connection in autocommit mode which sends every text as it stands."""

    def __init__(self, address: Address, database: str | None, notes: set[str]) -> None:
        self._lab_notes = notes
        self._connection = pymysql.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=database,
            autocommit=True,
            client_flag=CLIENT.MULTI_STATEMENTS,
            ssl_disabled=True,  # the server is on this machine, and a handshake costs more than a statement
        )

    def run(self, sql: str) -> list[tuple[object, ...]]:
        if GLOBAL.search(sql):
            self._lab_notes.add("global")
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql)
                rows = list(cursor.fetchall())
                while cursor.nextset():
                    rows = list(cursor.fetchall())
                return rows
        except pymysql.MySQLError as error:
            code, message = (*error.args, "", "")[:2]
            raise SqlError(str(code), str(message)) from error

    def script(self, sql: str) -> None:
        self.run(sql)

    def close(self) -> None:
        self._connection.close()


class MysqlLab(Lab):
    """`fresh` drops every database and account that the server did not begin with."""

    def __init__(self, engine: Engine, address: Address, server: Supervised | None) -> None:
        self.engine = engine
        self.address: Address = address
        self._server = server
        # Holds "global" as soon as a session may have changed a server variable: reading them all is slow.
        self._notes: set[str] = set()
        self._observer = MysqlSession(address, None, self._notes)
        self.version = re.split(r"[-+]", str(self._ask("SELECT VERSION()")[0][0]))[0]
        password = f":{address.password}" if address.password else ""
        self.url = f"mysql://{address.user}{password}@{address.host}:{address.port}/{DATABASE}"
        self._accounts = set(self._account_names())
        self._variables = self._read_variables()
        self._notes.clear()
        self.fresh()

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        return self._observer.run(query)

    def _account_names(self) -> list[str]:
        # A role of MariaDB has no host.
        return [
            f"`{user}`@`{host}`" if host else f"`{user}`"
            for user, host in self._ask("SELECT user, host FROM mysql.user ORDER BY 1, 2")
        ]

    def _global_variables(self) -> dict[str, str]:
        return self._read_variables() if self._notes else self._variables

    def _read_variables(self) -> dict[str, str]:
        return {
            name: value
            for name, value in self._ask("SHOW GLOBAL VARIABLES")
            if not any(part in name for part in RESTLESS)
        }

    def _server_objects(self) -> dict[str, list[str]]:
        """What lives outside of databases, by the words that DROP or UNINSTALL it."""
        found: dict[str, list[str]] = {}
        for words, name in self._ask(SERVER_OBJECTS[self.dialect]):
            found.setdefault(words, []).append(name)
        return found

    def _databases(self) -> list[str]:
        return [name for (name,) in self._ask("SHOW DATABASES") if name not in SYSTEM]

    def fresh(self) -> None:
        self._ask("UNLOCK TABLES")
        for name in self._databases():
            self._ask(f"DROP DATABASE `{name}`")
        for kind, names in self._server_objects().items():
            for name in names:
                self._ask(f"{kind} {name}")
        for account in set(self._account_names()) - self._accounts:
            kind = "USER" if "@" in account else "ROLE"
            self._ask(f"DROP {kind} {account}")
        for name, value in self._global_variables().items():
            if (wanted := self._variables[name]) != value:
                self._ask(f"SET GLOBAL {name} = {wanted if wanted.isdigit() else repr(wanted)}")
        self._notes.clear()
        self._ask(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")

    def connect(self) -> Session:
        return MysqlSession(self.address, DATABASE, self._notes)

    def dump(self, positions: bool = False) -> Dump:
        found: Dump = {
            "databases": self._ask("SELECT * FROM information_schema.schemata ORDER BY schema_name")
        }
        for database in self._databases():
            found[f"{database} objects"], found[f"{database} rows"] = self._dump_database(database, positions)
        found["server objects"] = self._server_objects()
        found["accounts"] = self._dump_accounts()
        found["variables"] = self._global_variables()
        return found

    def _dump_database(self, database: str, positions: bool) -> tuple[dict[str, str], dict[str, list[str]]]:
        objects, rows = {}, {}
        for table, kind in self._ask(f"SHOW FULL TABLES FROM `{database}`"):
            name = f"`{database}`.`{table}`"
            show = {"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}.get(kind, "TABLE")
            definition = str(self._ask(f"SHOW CREATE {show} {name}")[0][1])
            objects[f"{kind} {table}"] = definition if positions else COUNTER.sub("", definition)
            if show == "TABLE" or (kind == "SEQUENCE" and positions):
                rows[table] = self._rows(name)
        # The columns which say when something was made are left out.
        objects["triggers"] = repr(
            self._ask(
                "SELECT trigger_name, event_manipulation, event_object_table, action_order, action_statement,"
                f" action_timing, definer FROM information_schema.triggers WHERE trigger_schema = '{database}'"
                " ORDER BY 1"
            )
        )
        objects["routines"] = repr(
            self._ask(
                "SELECT routine_type, routine_name, dtd_identifier, routine_definition, is_deterministic,"
                " sql_data_access, security_type, routine_comment, definer FROM information_schema.routines"
                f" WHERE routine_schema = '{database}' ORDER BY 1, 2"
            )
        )
        objects["parameters"] = repr(
            self._ask(
                "SELECT specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier"
                f" FROM information_schema.parameters WHERE specific_schema = '{database}' ORDER BY 1, 2"
            )
        )
        objects["events"] = repr(
            self._ask(
                "SELECT event_name, event_definition, event_type, interval_value, interval_field, status,"
                " on_completion, event_comment, definer FROM information_schema.events"
                f" WHERE event_schema = '{database}' ORDER BY 1"
            )
        )
        return objects, rows

    def _rows(self, table: str) -> list[str]:
        try:
            return sorted(map(repr, self._ask(f"SELECT * FROM {table}")))
        except SqlError as error:
            if error.code != DISCARDED:
                raise
            return ["its tablespace is discarded"]

    def _dump_accounts(self) -> dict[str, list[str]]:
        if (names := set(self._account_names())) == self._accounts:
            return {}
        accounts = {}
        for name in sorted(names - self._accounts):
            accounts[name] = [str(row[0]) for row in self._ask(f"SHOW GRANTS FOR {name}")]
            if "@" in name:
                definition = str(self._ask(f"SHOW CREATE USER {name}")[0][0])
                # A password is stored with salt: the same statement stores another text each time.
                accounts[name].append(re.sub(r" (AS|PASSWORD) '.*?'(?= |$)", "", definition, flags=re.S))
        return accounts

    def close(self) -> None:
        if not self._server:
            self.fresh()
            self._ask(f"DROP DATABASE {DATABASE}")
        self._observer.close()
        stop(self._server)

    def refused(self, error: SqlError) -> bool:
        # ER_CANT_CHANGE_TX_CHARACTERISTICS, ER_LOCK_OR_ACTIVE_TRANSACTION; MySQL's ER_CANT_MODIFY... for variables
        # that cannot change inside a transaction (gtid_next, sql_log_bin and the like); ER_XAER_OUTSIDE.
        return error.code in {"1568", "1192", "1679", "1694", "1766", "1953", "1400"}
