"""The kinds of things a database holds, as statements name them."""

from __future__ import annotations

from partway.sql.cursor import Cursor

#: Words of SQL to the name Partway uses in kinds and postconditions; the longest match wins.
_OBJECTS: dict[tuple[str, ...], str] = {
    ("ACCESS", "METHOD"): "access-method",
    ("AGGREGATE",): "aggregate",
    ("CAST",): "cast",
    ("COLLATION",): "collation",
    ("COLUMN",): "column",
    ("CONSTRAINT",): "constraint",
    ("CONVERSION",): "conversion",
    ("DATABASE",): "database",
    ("DOMAIN",): "domain",
    ("EVENT", "TRIGGER"): "event-trigger",
    ("EVENT",): "event",
    ("EXTENSION",): "extension",
    ("FOREIGN", "DATA", "WRAPPER"): "foreign-data-wrapper",
    ("FOREIGN", "TABLE"): "foreign-table",
    ("FUNCTION",): "function",
    ("GROUP",): "role",
    ("INDEX",): "index",
    ("LANGUAGE",): "language",
    ("LARGE", "OBJECT"): "large-object",
    ("MATERIALIZED", "VIEW"): "materialized-view",
    ("OPERATOR", "CLASS"): "operator-class",
    ("OPERATOR", "FAMILY"): "operator-family",
    ("OPERATOR",): "operator",
    ("PACKAGE",): "package",
    ("PACKAGE", "BODY"): "package-body",
    ("POLICY",): "policy",
    ("PROCEDURE",): "procedure",
    ("PUBLICATION",): "publication",
    ("RESOURCE", "GROUP"): "resource-group",
    ("ROLE",): "role",
    ("ROUTINE",): "routine",
    ("RULE",): "rule",
    ("SCHEMA",): "schema",
    ("SEQUENCE",): "sequence",
    ("SERVER",): "server",
    ("SPATIAL", "REFERENCE", "SYSTEM"): "spatial-reference-system",
    ("STATISTICS",): "statistics",
    ("SUBSCRIPTION",): "subscription",
    ("TABLE",): "table",
    ("TABLES",): "table",
    ("TABLESPACE",): "tablespace",
    ("TEXT", "SEARCH", "CONFIGURATION"): "text-search-configuration",
    ("TEXT", "SEARCH", "DICTIONARY"): "text-search-dictionary",
    ("TEXT", "SEARCH", "PARSER"): "text-search-parser",
    ("TEXT", "SEARCH", "TEMPLATE"): "text-search-template",
    ("TRANSFORM",): "transform",
    ("TRIGGER",): "trigger",
    ("TYPE",): "type",
    ("UNDO", "TABLESPACE"): "tablespace",
    ("USER", "MAPPING"): "user-mapping",
    ("USER",): "role",
    ("VIEW",): "view",
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _words, _object in sorted(_OBJECTS.items(), key=lambda item: -len(item[0])):
    _BY_FIRST.setdefault(_words[0], []).append((_words, _object))

#: Things that live inside a table and are named with it.
IN_TABLE = frozenset({"policy", "rule", "trigger", "constraint"})
#: Things named by a signature `name(argument types)`.
ROUTINES = frozenset({"function", "procedure", "routine", "aggregate"})

#: Things besides those that live in a schema and can be moved to another one, by their name alone.
MOVED = frozenset(
    """type domain collation conversion statistics operator operator-class operator-family
    text-search-configuration text-search-dictionary text-search-parser
    text-search-template""".split()  # noqa: SIM905 - a list of words
)


def read_object(cursor: Cursor) -> str | None:
    """The kind of thing whose words stand here, stepping over them; None (and no step) where there is none."""
    for words, name in _BY_FIRST.get(cursor.word(), ()):
        if cursor.accept(*words):
            return name
    return None
