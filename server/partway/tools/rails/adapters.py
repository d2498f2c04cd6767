"""What ActiveRecord's adapters do differently from database to database, as data.

Read in its connection adapters, 4.2 to 8.1; tests compare it with what they really send.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from partway.dialects.dialect import Version

_NONE: Mapping[str, str] = MappingProxyType({})

_POSTGRESQL = {
    "primary_key": "bigserial primary key", "string": "character varying", "binary": "bytea", "blob": "bytea",
    "bit_varying": "bit varying", "datetime": "timestamp", "numeric": "decimal",
    **{
        name: name
        for name in (
            "bigint", "bigserial", "bit", "boolean", "box", "cidr", "circle", "citext", "date", "daterange",
            "decimal", "enum", "float", "hstore", "inet", "integer", "int4range", "int8range", "interval",
            "json", "jsonb", "line", "lseg", "ltree", "macaddr", "money", "numrange", "oid", "path", "point",
            "polygon", "serial", "text", "time", "timestamp", "timestamptz", "tsrange", "tstzrange", "tsvector",
            "uuid", "xml"
        )
    },
}  # fmt: skip
_MYSQL = {
    "primary_key": "bigint auto_increment primary key", "string": "varchar", "integer": "int", "binary": "blob",
    "boolean": "tinyint(1)", "numeric": "decimal",
    **{
        name: name
        for name in (
            "bigint", "blob", "date", "datetime", "decimal", "float", "json", "longblob", "longtext",
            "mediumblob", "mediumtext", "text", "time", "timestamp", "tinyblob", "tinytext"
        )
    },
}  # fmt: skip
_SQLITE = {
    "primary_key": "integer primary key autoincrement", "string": "varchar", "binary": "blob", "blob": "blob",
    "numeric": "decimal", "timestamp": "datetime",
    **{
        name: name
        for name in (
            "bigint", "boolean", "date", "datetime", "decimal", "float", "integer", "json", "text", "time"
        )
    },
}  # fmt: skip
_EVERYWHERE = frozenset(("foreign_keys", "datetime_with_precision", "json"))
_OF_POSTGRESQL = frozenset(
    (
        "bulk_alter", "comments", "ddl_transactions", "exclusion_constraints", "extensions", "materialized_views",
        "partial_index", "ranges", "unique_constraints", "validate_constraints",
    )
)  # fmt: skip


class Adapter(NamedTuple):
    """One dialect's adapter. Versions are those of Rails: since one, and () for always.

    What it is called:
    `dialect` is Partway's name for it, `title` what `connection.adapter_name` gives, `configured` what stands in
    database.yml, `called` how the names of a project's own questions about it begin: `postgres?`, `using_pg?`.
    `supports` are the features that it affirms: `supports_comments?`.

    Types and values:
    `types` are its native types by Rails's names, `unlimited` those of them that take no limit, `limits` the limits of
    those that always have one, `integers` the integers by the most bytes that they hold, `sizes` what stands before
    `text` and `blob` by the most bytes that they hold; both are empty where a limit is written as it is.
    `serials` are the integers that count up by themselves; `marks_keys` says that the column of one is marked
    besides, and `whole_keys` that nothing else is said of it. `uuid_keys` says that keys which are UUIDs get a
    function for their default, `native_enums` that an `enum` is a type of its own. `booleans` are false and true,
    `aliased` the types that the database gives back by another name, `nullable_timestamps` that a timestamp is said
    to take NULL. `reference_type` is what a reference is, and `typed_references` since when its `type:` counts.

    Indexes and keys:
    `quote` stands around names. `concurrent_indexes`, `operator_classes`, `index_methods` (`using:`), `index_types`
    (`type: :fulltext`) and `index_lengths` say which options of an index count, `index_orders` since when `order:`
    does. `drop_words` are the constraints that are dropped by a word of their own. `named_keys` says that a foreign
    key is found by its name.

    Ways to change a table:
    `rebuilds_tables`: it is made anew for most of what ALTER TABLE does elsewhere. `changes_apart`: change_column
    sends a clause for each thing that changes; elsewhere the column is defined anew. `redefines_columns`: so it is
    when its default or nullability alone is changed. `combined` are the calls that `bulk: true` puts into one
    ALTER TABLE (the adapter's methods that end in _for_alter), and since when.
    `drops_several`: drop_table of several tables is one statement. `drops_temporary`: it says TEMPORARY.
    `renames_apart`: a table is renamed by RENAME TABLE, a statement of its own. `renames_keys`: its key's index and
    sequence are renamed with it. `copies_indexes`: one gets another name by being made again under it, and
    dropped under the old one. `truncates`: rows are taken away by TRUNCATE, else by DELETE.
    """

    dialect: str
    title: str
    configured: str
    called: tuple[str, ...]
    types: Mapping[str, str]
    serials: Mapping[str, str]
    combined: Mapping[str, Version]
    supports: frozenset[str]
    unlimited: frozenset[str] = frozenset()
    limits: Mapping[str, int] = MappingProxyType({})
    integers: tuple[tuple[int, str], ...] = ()
    sizes: tuple[tuple[int, str], ...] = ()
    marks_keys: bool = False
    whole_keys: bool = False
    uuid_keys: bool = False
    native_enums: bool = False
    booleans: tuple[str, str] = ("FALSE", "TRUE")
    aliased: frozenset[str] = frozenset()
    nullable_timestamps: bool = False
    reference_type: str = "bigint"
    typed_references: Version = ()
    quote: str = '"'
    concurrent_indexes: bool = False
    operator_classes: bool = False
    index_methods: bool = True
    index_types: bool = False
    index_lengths: bool = False
    index_orders: Version = ()
    drop_words: frozenset[str] = frozenset()
    named_keys: bool = True
    rebuilds_tables: bool = False
    changes_apart: bool = False
    redefines_columns: bool = False
    drops_several: bool = True
    drops_temporary: bool = False
    renames_apart: bool = False
    renames_keys: bool = False
    copies_indexes: bool = False
    truncates: bool = True

    @property
    def indexes_in_table(self) -> bool:
        """Whether indexes are made inside CREATE TABLE and ALTER TABLE, and dropped there."""
        return "indexes_in_create" in self.supports

    @property
    def comments_apart(self) -> bool:
        """Whether a comment is a statement of its own: COMMENT ON."""
        return "comments" in self.supports and "comments_in_create" not in self.supports


_COMBINED: Mapping[str, Version] = dict.fromkeys(
    (
        "add_column", "add_columns", "change_column_default", "remove_column", "remove_columns",
        "add_timestamps", "remove_timestamps", "change_column",
    ),
    (),
)  # fmt: skip
_MYSQL2 = Adapter(
    dialect="mysql",
    title="Mysql2",
    configured="mysql2",
    called=("mysql",),
    types=_MYSQL,
    serials={"integer": "int", "bigint": "bigint"},
    combined={
        **_COMBINED,
        "change_column_default": (7, 1),
        **dict.fromkeys(("add_index", "remove_index", "rename_column"), ()),
    },
    supports=_EVERYWHERE | {"indexes_in_create", "comments_in_create", "comments", "bulk_alter"},
    limits={"string": 255, "float": 24},
    integers=((1, "tinyint"), (2, "smallint"), (3, "mediumint"), (4, "int"), (8, "bigint")),
    sizes=((0xFF, "tiny"), (0xFFFF, ""), (0xFFFFFF, "medium"), (0xFFFFFFFF, "long")),
    marks_keys=True,
    nullable_timestamps=True,
    quote="`",
    index_types=True,
    index_lengths=True,
    drop_words=frozenset(("foreign-key", "check")),
    redefines_columns=True,
    drops_temporary=True,
    renames_apart=True,
)

ADAPTERS: Mapping[str, Adapter] = {
    "postgresql": Adapter(
        dialect="postgresql",
        title="PostgreSQL",
        configured="postgresql",
        called=("postgres", "pg"),
        types=_POSTGRESQL,
        serials={"integer": "serial", "bigint": "bigserial"},
        combined={**_COMBINED, "change_column_null": ()},
        supports=_EVERYWHERE | _OF_POSTGRESQL,
        unlimited=frozenset(("text", "binary")),
        integers=((2, "smallint"), (4, "integer"), (8, "bigint")),
        uuid_keys=True,
        native_enums=True,
        concurrent_indexes=True,
        operator_classes=True,
        changes_apart=True,
        renames_keys=True,
    ),
    "mysql": _MYSQL2,
    # Both are one adapter, which asks the server which of the two it is.
    "mariadb": _MYSQL2._replace(
        dialect="mariadb",
        called=("mysql", "mariadb"),
        aliased=frozenset(("json",)),
        index_orders=(8, 0),
        drop_words=_MYSQL2.drop_words - {"check"},
    ),
    "sqlite": Adapter(
        dialect="sqlite",
        title="SQLite",
        configured="sqlite3",
        called=("sqlite",),
        types=_SQLITE,
        serials={"integer": "integer", "bigint": "integer"},
        combined={},
        supports=_EVERYWHERE | {"ddl_transactions", "partial_index"},
        marks_keys=True,
        whole_keys=True,
        booleans=("0", "1"),
        reference_type="integer",
        typed_references=(6, 1),
        index_methods=False,
        named_keys=False,
        rebuilds_tables=True,
        drops_several=False,
        copies_indexes=True,
        truncates=False,
    ),
}
#: Every feature of which it is known whether an adapter has it.
FEATURES = frozenset[str]().union(*(each.supports for each in ADAPTERS.values()))
