"""What Alembic and SQLAlchemy do differently from dialect to dialect, as data.

Read in the compilers of SQLAlchemy 2.1 and in Alembic 1.20 (alembic/ddl); tests compare it with what they really send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from partway.dialects.dialect import Dialect, Version
from partway.tools.alembic import reserved

_NONE: Mapping[str, str] = MappingProxyType({})


_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


class Flavour(NamedTuple):
    """One dialect. `types` are names of SQLAlchemy's generic types where they are called otherwise here; `%s` is their
    length. `drop` are the words that drop a constraint, by `type_`."""

    name: str  # what `dialect.name` is in a migration
    quote: str
    reserved: frozenset[str]
    types: Mapping[str, str]
    label_limit: int  # longer generated names are cut and get the end of a hash
    transactional_ddl: bool  # Alembic's own notion
    native_enum: str = ""  # "type": a type of its own; "inline": written into the column; "": a VARCHAR
    serial: Mapping[str, str] = _NONE  # of an integer primary key that counts by itself
    auto_increment: str = ""
    zoned: bool = False  # DateTime and Time say whether they know of time zones
    precise: bool = False  # FLOAT(precision)
    inline_comments: bool = False
    separate_comments: bool = False
    modifies: bool = False  # a column is changed as a whole: MODIFY, CHANGE
    alters: bool = True  # a column and a constraint can be changed at all
    begins_late: bool = False  # the driver begins a transaction with the first change of data
    rebuilds: bool = False  # in a batch the table is made anew
    index_in_table: bool = False  # DROP INDEX names the table
    drop: Mapping[str, str] = _NONE
    identity: bool = False
    function_default: str = "%s"  # a default that is a function
    now: str = "now()"
    false_true: tuple[str, str] = ("false", "true")
    ignored_guards: frozenset[str] = frozenset()  # directives whose option SQLAlchemy leaves out here
    foreign_schema: bool = True
    hides_expressions: bool = False  # the inspector leaves out indexes of expressions
    names: tuple[str, ...] = ()  # what `dialect.name` can be, where it is not `name` alone
    newer_types: tuple[tuple[str, str, Version], ...] = ()  # those of `types` that servers since then have

    def quoted(self, name: str) -> str:
        """A name as SQL: between quotes where it needs them."""
        if _PLAIN.fullmatch(name) and name not in self.reserved:
            return name
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"


_POSTGRESQL = Flavour(
    name="postgresql",
    quote='"',
    reserved=reserved.POSTGRESQL,
    types={
        "LargeBinary": "BYTEA",
        "PickleType": "BYTEA",
        "Double": "DOUBLE PRECISION",
        "Uuid": "UUID",
        "Interval": "INTERVAL",
    },
    label_limit=63,
    transactional_ddl=True,
    native_enum="type",
    serial={"INTEGER": "SERIAL", "BIGINT": "BIGSERIAL", "SMALLINT": "SMALLSERIAL"},
    zoned=True,
    precise=True,
    separate_comments=True,
    identity=True,
)
_MYSQL = Flavour(
    name="mysql",
    quote="`",
    reserved=reserved.MYSQL,
    types={
        "LargeBinary": "BLOB%s",
        "PickleType": "BLOB",
        "Double": "DOUBLE",
        "Uuid": "CHAR(32)",
        "Interval": "DATETIME",
        "Boolean": "BOOL",
        "BOOLEAN": "BOOL",
    },
    label_limit=64,
    transactional_ddl=False,
    native_enum="inline",
    auto_increment=" AUTO_INCREMENT",
    precise=True,
    inline_comments=True,
    modifies=True,
    index_in_table=True,
    drop={"foreignkey": "FOREIGN KEY", "primary": "PRIMARY KEY", "unique": "INDEX", "check": "CHECK"},
    function_default="(%s)",
    ignored_guards=frozenset(("drop_constraint",)),
    names=("mysql", "mariadb"),
)

FLAVOURS: Mapping[str, Flavour] = {
    "postgresql": _POSTGRESQL,
    "mysql": _MYSQL,
    # SQLAlchemy calls it mysql where its URL says so, as nearly all do. It takes IF [NOT] EXISTS where MySQL does not.
    "mariadb": _MYSQL._replace(
        drop={**_MYSQL.drop, "check": "CONSTRAINT"},
        reserved=reserved.MARIADB,
        function_default="%s",
        newer_types=(("Uuid", "UUID", (10, 7)),),
    ),
    "sqlite": Flavour(
        name="sqlite",
        quote='"',
        reserved=reserved.SQLITE,
        types={
            "LargeBinary": "BLOB",
            "PickleType": "BLOB",
            "Double": "DOUBLE",
            "Uuid": "CHAR(32)",
            "Interval": "DATETIME",
        },
        label_limit=9999,
        transactional_ddl=False,
        alters=False,
        begins_late=True,
        rebuilds=True,
        now="CURRENT_TIMESTAMP",
        false_true=("0", "1"),
        foreign_schema=False,
        hides_expressions=True,
    ),
}


def flavour_of(dialect: Dialect, server: Version) -> Flavour:
    """The flavour of a dialect; `server` is the server's version, empty for the dialect's assumed one."""
    found = FLAVOURS[dialect.name]
    newer = {name: sql for name, sql, since in found.newer_types if (server or dialect.assumed) >= since}
    return found._replace(types={**found.types, **newer}) if newer else found
