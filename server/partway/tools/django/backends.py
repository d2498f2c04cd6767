"""What Django's backends know of their databases: column types, limits, and which way a schema editor does a thing.

Data of Django 5.2's django/db/backends/*/base.py, features.py and schema.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_POSTGRESQL = {
    "AutoField": "integer",
    "BigAutoField": "bigint",
    "SmallAutoField": "smallint",
    "BinaryField": "bytea",
    "BooleanField": "boolean",
    "NullBooleanField": "boolean",
    "CharField": "varchar({max_length})",
    "DateField": "date",
    "DateTimeField": "timestamp with time zone",
    "DecimalField": "numeric({max_digits}, {decimal_places})",
    "DurationField": "interval",
    "FileField": "varchar({max_length})",
    "FilePathField": "varchar({max_length})",
    "FloatField": "double precision",
    "IntegerField": "integer",
    "BigIntegerField": "bigint",
    "IPAddressField": "inet",
    "GenericIPAddressField": "inet",
    "JSONField": "jsonb",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "SlugField": "varchar({max_length})",
    "SmallIntegerField": "smallint",
    "TextField": "text",
    "TimeField": "time",
    "UUIDField": "uuid",
    "HStoreField": "hstore",
    "SearchVectorField": "tsvector",
    "CICharField": "citext",
    "CIEmailField": "citext",
    "CITextField": "citext",
    "IntegerRangeField": "int4range",
    "BigIntegerRangeField": "int8range",
    "DecimalRangeField": "numrange",
    "FloatRangeField": "numrange",
    "DateTimeRangeField": "tstzrange",
    "DateRangeField": "daterange",
    "OIDField": "oid",
}
_MYSQL = {
    "AutoField": "integer",
    "BigAutoField": "bigint",
    "SmallAutoField": "smallint",
    "BinaryField": "longblob",
    "BooleanField": "bool",
    "NullBooleanField": "bool",
    "CharField": "varchar({max_length})",
    "DateField": "date",
    "DateTimeField": "datetime(6)",
    "DecimalField": "numeric({max_digits}, {decimal_places})",
    "DurationField": "bigint",
    "FileField": "varchar({max_length})",
    "FilePathField": "varchar({max_length})",
    "FloatField": "double precision",
    "IntegerField": "integer",
    "BigIntegerField": "bigint",
    "IPAddressField": "char(15)",
    "GenericIPAddressField": "char(39)",
    "JSONField": "json",
    "PositiveBigIntegerField": "bigint unsigned",
    "PositiveIntegerField": "integer unsigned",
    "PositiveSmallIntegerField": "smallint unsigned",
    "SlugField": "varchar({max_length})",
    "SmallIntegerField": "smallint",
    "TextField": "longtext",
    "TimeField": "time(6)",
    "UUIDField": "char(32)",
}
_SQLITE = {
    **_MYSQL,
    "BigAutoField": "integer",
    "SmallAutoField": "integer",
    "BinaryField": "blob",
    "DateTimeField": "datetime",
    "DecimalField": "decimal",
    "FloatField": "real",
    "JSONField": "text",
    "TextField": "text",
    "TimeField": "time",
}
_POSITIVE = {
    "PositiveBigIntegerField": "{column} >= 0",
    "PositiveIntegerField": "{column} >= 0",
    "PositiveSmallIntegerField": "{column} >= 0",
}
AUTO = frozenset(("AutoField", "BigAutoField", "SmallAutoField"))
#: The columns that MySQL gives no default and no plain index.
LIMITED = frozenset(("longblob", "longtext", "json"))


class Backend(NamedTuple):
    """One backend. `limit` is the length that names are cut to (0: none); `quote` what names stand in; `checks` are
    the conditions of columns by field, with `{column}` quoted in them; `editor` which schema editor it has."""

    editor: str
    limit: int
    quote: str
    types: Mapping[str, str]
    checks: Mapping[str, str]
    names_checks: str = (
        ""  # what the engine calls a column's check: "postgresql", "mariadb", "mysql", "" for nothing
    )
    transactional: bool = True
    foreign_keys_are_relations: bool = False  # an index comes with each foreign key, and the other way round
    partial_indexes: bool = True
    covering_indexes: bool = False
    expression_indexes: bool = True
    comments: bool = True
    nulls_distinct: bool = False
    deferrable_unique: bool = False
    sends_scripts_whole: bool = False  # the SQL of a RunSQL is one query, whatever statements it holds

    @property
    def remakes_tables(self) -> bool:
        """Whether a table is made anew where others change it: a look at the database then tells nothing."""
        return self.editor == "sqlite"


BACKENDS: Mapping[str, Backend] = {
    "postgresql": Backend(
        "postgresql",
        63,
        '"',
        _POSTGRESQL,
        _POSITIVE,
        "postgresql",
        covering_indexes=True,
        nulls_distinct=True,
        deferrable_unique=True,
        sends_scripts_whole=True,
    ),
    "mysql": Backend(
        "mysql",
        64,
        "`",
        _MYSQL,
        _POSITIVE,
        "mysql",
        transactional=False,
        foreign_keys_are_relations=True,
        partial_indexes=False,
    ),
    "mariadb": Backend(
        "mysql",
        64,
        "`",
        _MYSQL,
        _POSITIVE,
        "mariadb",
        transactional=False,
        foreign_keys_are_relations=True,
        partial_indexes=False,
        expression_indexes=False,
    ),
    "sqlite": Backend(
        "sqlite",
        0,
        '"',
        _SQLITE,
        {**_POSITIVE, "JSONField": "(json_valid({column}) or {column} is null)"},
        comments=False,
    ),
}
#: MariaDB has a type for UUIDs since 10.7, which Django uses since 5.0: nobody knows which it was then.
MARIADB_UUID = (10, 7)


def backend(dialect: str, server: tuple[int, ...]) -> Backend:
    """The backend for a dialect and server version (empty: unknown)."""
    found = BACKENDS[dialect]
    if found.names_checks == "mariadb" and (not server or server >= MARIADB_UUID):
        return found._replace(types={**found.types, "UUIDField": ""})
    return found
