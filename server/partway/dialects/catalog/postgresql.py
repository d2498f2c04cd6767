"""PostgreSQL's catalog: for each kind of object, the row of pg_catalog that is there when the object is.

Every lookup is run on real servers by tests/guards. Names are compared exactly, as pg_catalog stores them. A name
without a schema is looked for in the schema where CREATE would put it (`current_schema()`), or, for what is to be found
rather than made, along the search_path, so that an object of the same name in another schema is never mistaken for it.
https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from partway.core.postcondition import SAYINGS, Name, Postcondition
from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute
from partway.dialects.catalog.postgresql_arguments import argument_types
from partway.dialects.catalog.postgresql_names import identifier, literal, type_numbers
from partway.dialects.catalog.postgresql_said import said


def _qualified(name: Name) -> str:
    return f"{identifier(name.schema)}.{identifier(name.name)}" if name.schema else identifier(name.name)


def _regclass(name: Name) -> str:
    return f"to_regclass({literal(_qualified(name))})"


def _regtype(name: Name) -> str:
    return f"to_regtype({literal(_qualified(name))})"


class _Kept(NamedTuple):
    """Where objects of a kind that live in a schema are kept."""

    source: str
    name: str
    namespace: str
    visible: str
    more: tuple[str, ...] = ()


class _Global(NamedTuple):
    """Where objects of a kind are kept that live in the database or the cluster."""

    source: str
    name: str
    more: tuple[str, ...] = ()


_IN_SCHEMA = {
    "table": _Kept("pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind IN ('r', 'p')",)),
    "view": _Kept("pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind = 'v'",)),
    "materialized-view": _Kept(
        "pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind = 'm'",)
    ),
    "sequence": _Kept("pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind = 'S'",)),
    "index": _Kept("pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind IN ('i', 'I')",)),
    "foreign-table": _Kept("pg_class", "relname", "relnamespace", "pg_table_is_visible", ("relkind = 'f'",)),
    "type": _Kept("pg_type", "typname", "typnamespace", "pg_type_is_visible"),
    "domain": _Kept("pg_type", "typname", "typnamespace", "pg_type_is_visible", ("typtype = 'd'",)),
    "collation": _Kept("pg_collation", "collname", "collnamespace", "pg_collation_is_visible"),
    "conversion": _Kept("pg_conversion", "conname", "connamespace", "pg_conversion_is_visible"),
    "statistics": _Kept("pg_statistic_ext", "stxname", "stxnamespace", "pg_statistics_obj_is_visible"),
    "text-search-configuration": _Kept("pg_ts_config", "cfgname", "cfgnamespace", "pg_ts_config_is_visible"),
    "text-search-dictionary": _Kept("pg_ts_dict", "dictname", "dictnamespace", "pg_ts_dict_is_visible"),
    "text-search-parser": _Kept("pg_ts_parser", "prsname", "prsnamespace", "pg_ts_parser_is_visible"),
    "text-search-template": _Kept("pg_ts_template", "tmplname", "tmplnamespace", "pg_ts_template_is_visible"),
}

#: What `typtype` says, by the kind of type that the statement makes. A table has a row type of its own name, typtype
#: `c` as well: that one is not what CREATE TYPE made.
_COMPOSITE = "EXISTS (SELECT FROM pg_catalog.pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')"
_TYPES = {"enum": "typtype = 'e'", "range": "typtype = 'r'", "composite": _COMPOSITE}

_IN_DATABASE = {
    "schema": _Global("pg_namespace", "nspname"),
    "extension": _Global("pg_extension", "extname"),
    "language": _Global("pg_language", "lanname"),
    "role": _Global("pg_roles", "rolname"),
    "user": _Global("pg_roles", "rolname"),
    "group": _Global("pg_roles", "rolname"),
    "database": _Global("pg_database", "datname"),
    "tablespace": _Global("pg_tablespace", "spcname"),
    "publication": _Global("pg_publication", "pubname"),
    "subscription": _Global(
        "pg_subscription",
        "subname",
        ("subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",),
    ),
    "server": _Global("pg_foreign_server", "srvname"),
    "fdw": _Global("pg_foreign_data_wrapper", "fdwname"),
    "foreign-data-wrapper": _Global("pg_foreign_data_wrapper", "fdwname"),
    "event-trigger": _Global("pg_event_trigger", "evtname"),
    "access-method": _Global("pg_am", "amname"),
}


def _in_table(source: str, table: str, name: str, *more: str) -> Callable[[Postcondition], Lookup | None]:
    """The lookup of what lives in a table and is named within it."""

    def lookup(p: Postcondition) -> Lookup | None:
        if p.table is None or not p.name.name:
            return None
        where = (f"{table} = {_regclass(p.table)}", f"{name} = {literal(p.name.name)}", *more)
        return Lookup(f"pg_catalog.{source}", where)

    return lookup


def _constraint(p: Postcondition, found: bool) -> Lookup | None:
    """A constraint by its name; a primary key, of which a table has one, without."""
    if p.table is None:
        return None
    owner = _regtype(p.table) if p.object == "domain-constraint" else _regclass(p.table)
    where = [f"{'contypid' if p.object == 'domain-constraint' else 'conrelid'} = {owner}"]
    if p.name.name:
        where.append(f"conname = {literal(p.name.name)}")
    elif attribute(p, "kind") == "primary key":
        where.append("contype = 'p'")
    elif (kind := _NAMELESS.get(attribute(p, "kind") or "")) and found and _columns(p, kind):
        where.append(f"starts_with(pg_get_constraintdef(oid), {_columns(p, kind)})")
        referred = _REFERRED.match(attribute(p, "references") or "")
        if kind == "FOREIGN KEY" and referred is None:
            return None
        if referred is not None:
            where.append(f"confrelid = {_regclass(Name(referred[2], referred[1]))}")
    else:
        return None
    if attribute(p, "valid") == "yes":
        where.append("convalidated")
    return Lookup("pg_catalog.pg_constraint", tuple(where))


#: Kinds of constraints that can be told by their columns, and how pg_get_constraintdef begins.
_NAMELESS = {"unique": "UNIQUE", "foreign key": "FOREIGN KEY"}
_COLUMNS = re.compile(r"[\w$]+(?:, [\w$]+)*\Z")
#: `table (column)` or `schema.table (column)`, where neither name leaves doubt about where it ends.
_REFERRED = re.compile(r"(?:([\w$]+)\.)?([\w$]+)(?: \([\w$, ]+\))?\Z")


def _columns(p: Postcondition, before: str) -> str:
    """A text with the columns of what has no name, as the server writes it; empty where they are more than columns."""
    columns = attribute(p, "columns") or ""
    if not _COLUMNS.match(columns):
        return ""
    names = columns.split(", ")
    return f"format('{before} ({', '.join(['%I'] * len(names))})', {', '.join(map(literal, names))})"


def _index(p: Postcondition, found: bool) -> Lookup | None:
    """An index of a known table: by that table, for its schema is the table's, whatever the search_path."""
    if p.table is None:
        return None
    where = [f"indrelid = {_regclass(p.table)}"]
    if p.name.name:
        where.append(f"relname = {literal(p.name.name)}")
    elif (columns := _columns(p, "btree")) and found and "predicate" not in dict(p.attributes):
        where.append(f"split_part(pg_get_indexdef(indexrelid), ' USING ', 2) = {columns}")
        where.append("indisunique" if attribute(p, "unique") == "yes" else "NOT indisunique")
    else:
        return None
    if attribute(p, "valid") == "yes":
        where.append("indisvalid")
    return Lookup("pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid", tuple(where))


def _enum_value(p: Postcondition) -> Lookup | None:
    if p.table is None:
        return None
    where = (f"enumtypid = {_regtype(p.table)}", f"enumlabel = {literal(p.name.name)}")
    return Lookup("pg_catalog.pg_enum", where)


def _partition(p: Postcondition) -> Lookup | None:
    if p.table is None:
        return None
    where = (f"inhparent = {_regclass(p.table)}", f"inhrelid = {_regclass(p.name)}")
    return Lookup("pg_catalog.pg_inherits", where)


def _column_type(p: Postcondition) -> Lookup | None:
    """A column that is of a type, which is spelled as the server does."""
    column = _BY_KIND["column"](p)
    said = attribute(p, "type")
    if column is None or said is None:
        return None
    return column._replace(where=(*column.where, f"format_type(atttypid, atttypmod) = {literal(said)}"))


def _published(p: Postcondition) -> Lookup | None:
    """A table's place in a publication, which is the fact's own name."""
    if p.table is None:
        return None
    name = literal(p.name.name)
    publication = f"(SELECT oid FROM pg_catalog.pg_publication WHERE pubname = {name})"  # noqa: S608 - a literal
    return Lookup(
        "pg_catalog.pg_publication_rel", (f"prpubid = {publication}", f"prrelid = {_regclass(p.table)}")
    )


def _routine(kinds: str) -> Callable[[Postcondition], Lookup | None]:
    """The lookup of a routine by its argument types. A statement without them means the only one of its name: then
    that is asked for, whatever it takes."""
    of_kind = (f"prokind IN ({kinds})",) if kinds else ()
    named = _Kept("pg_proc", "proname", "pronamespace", "pg_function_is_visible", of_kind)

    def lookup(p: Postcondition) -> Lookup | None:
        said = attribute(p, "arguments")
        if said is None:
            return _in_schema(named, p, found=True)
        types = argument_types(said)
        if types is None:
            return None
        signature = literal(f"{_qualified(p.name)}({', '.join(types)})")
        return Lookup("pg_catalog.pg_proc", (f"oid = to_regprocedure({signature})", *of_kind))

    return lookup


def _cast(p: Postcondition) -> Lookup | None:
    """A cast, named as it is written: `(source AS target)`."""
    source, _, target = p.name.name.removeprefix("(").removesuffix(")").partition(" as ")
    if not source or not target:
        return None
    where = (f"castsource = to_regtype({literal(source)})", f"casttarget = to_regtype({literal(target)})")
    return Lookup("pg_catalog.pg_cast", where)


#: Words that stand for a role whose name only the session knows.
_SOMEBODY = frozenset({"user", "current_user", "current_role", "session_user"})


def _user_mapping(p: Postcondition) -> Lookup | None:
    """The mapping of a role, or of everybody else, on a server, which stands where others have their table."""
    if p.table is None or p.name.name in _SOMEBODY:
        return None
    who = "umuser = 0" if p.name.name == "public" else f"usename = {literal(p.name.name)}"
    return Lookup("pg_catalog.pg_user_mappings", (f"srvname = {literal(p.table.name)}", who))


_BY_KIND: dict[str, Callable[[Postcondition], Lookup | None]] = {
    "column": _in_table("pg_attribute", "attrelid", "attname", "NOT attisdropped"),
    "column-type": _column_type,
    "attribute": _in_table("pg_attribute", "attrelid", "attname", "NOT attisdropped"),
    "identity": _in_table("pg_attribute", "attrelid", "attname", "attidentity <> ''"),
    "trigger": _in_table("pg_trigger", "tgrelid", "tgname", "NOT tgisinternal"),
    "policy": _in_table("pg_policy", "polrelid", "polname"),
    "rule": _in_table("pg_rewrite", "ev_class", "rulename"),
    "enum-value": _enum_value,
    "partition": _partition,
    "inheritance": _partition,
    "published": _published,
    "function": _routine("'f', 'w'"),
    "procedure": _routine("'p'"),
    "aggregate": _routine("'a'"),
    "routine": _routine(""),
    "cast": _cast,
    "user-mapping": _user_mapping,
}


def _operator(p: Postcondition, found: bool) -> Lookup | None:
    """An operator by its operands. One that others only speak of is listed as well, but does nothing."""
    numbers = type_numbers(attribute(p, "arguments") or "")
    if numbers is None or len(numbers) != len(("left", "right")):
        return None
    more = (f"oprleft = {numbers[0]}", f"oprright = {numbers[1]}", *(["oprcode <> 0"] if p.present else []))
    return _in_schema(
        _Kept("pg_operator", "oprname", "oprnamespace", "pg_operator_is_visible", more), p, found
    )


def _by_method(p: Postcondition, found: bool) -> Lookup | None:
    """An operator class or family, called with its access method: `name using btree`."""
    name, _, method = p.name.name.rpartition(" using ")
    if not name:
        return None
    short = "opc" if p.object == "operator-class" else "opf"
    table = "pg_opclass" if p.object == "operator-class" else "pg_opfamily"
    am = f"(SELECT oid FROM pg_catalog.pg_am WHERE amname = {literal(method)})"  # noqa: S608 - a literal
    kept = _Kept(
        table, f"{short}name", f"{short}namespace", f"{table}_is_visible", (f"{short}method = {am}",)
    )
    return _in_schema(kept, p._replace(name=Name(name, p.name.schema)), found)


def _transform(p: Postcondition, _found: bool) -> Lookup | None:
    """A transform by its language, which is its name here, and the type that it is for."""
    numbers = type_numbers(attribute(p, "arguments") or "")
    if numbers is None or len(numbers) != 1:
        return None
    language = f"(SELECT oid FROM pg_catalog.pg_language WHERE lanname = {literal(p.name.name)})"  # noqa: S608 - a literal
    return Lookup("pg_catalog.pg_transform", (f"trftype = {numbers[0]}", f"trflang = {language}"))


#: Things that more than their name tells apart.
_BY_MORE = {
    "operator": _operator,
    "operator-class": _by_method,
    "operator-family": _by_method,
    "transform": _transform,
}


def _subject(p: Postcondition) -> Lookup | None:
    """The row of a thing of which something is said. A routine whose types are not there yet is not there; asking for
    it by its signature would fail."""
    arguments = attribute(p, "arguments")
    if arguments is None or p.object not in ("function", "procedure", "aggregate", "routine"):
        return lookup(p, found=True)
    named = lookup(p._replace(attributes=()), found=True)
    types = argument_types(arguments)
    if named is None or types is None:
        return None
    numbers = type_numbers(arguments)
    if numbers is None:
        return None
    where = [*named.where, f"pronargs = {len(types)}"]
    if types:
        where.append(f"proargtypes::text = concat_ws(' ', {', '.join(numbers)})")
    return named._replace(where=tuple(where))


def lookup(p: Postcondition, found: bool = False) -> Lookup | None:
    """The row of pg_catalog that is there when the postcondition's object is; see `Catalog`."""
    if p.object in SAYINGS:
        return said(p, _subject, literal)
    if p.object == "index" and p.table is not None:
        return _index(p, found)
    if p.object in ("constraint", "domain-constraint"):
        return _constraint(p, found)
    if p.object in _BY_KIND:
        return _BY_KIND[p.object](p)
    if p.object in _BY_MORE:
        return _BY_MORE[p.object](p, found or not p.present)
    if not p.name.name:
        return None
    if (kept := _IN_SCHEMA.get(p.object)) is not None:
        return _in_schema(kept, p, found or not p.present)
    if (place := _IN_DATABASE.get(p.object)) is not None:
        return Lookup(f"pg_catalog.{place.source}", (f"{place.name} = {literal(p.name.name)}", *place.more))
    return None


def _in_schema(kept: _Kept, p: Postcondition, found: bool) -> Lookup:
    source = f"pg_catalog.{kept.source}"
    if kept.source == "pg_class" and (found or p.name.schema):
        return Lookup(source, (f"oid = {_regclass(p.name)}", *kept.more))
    name = f"{kept.name} = {literal(p.name.name)}"
    if p.name.schema:
        place = f"{kept.namespace} = to_regnamespace({literal(identifier(p.name.schema))})"
    elif found:
        place = f"{kept.visible}(oid)"
    else:
        place = f"{kept.namespace} = to_regnamespace(quote_ident(current_schema()))"
    shape = (_TYPES[kind],) if p.object == "type" and (kind := attribute(p, "kind") or "") in _TYPES else ()
    return Lookup(source, (name, place, *kept.more, *shape))


CATALOG = Catalog(
    lookup,
    identifier,
    literal,
    Block.DO,
    "ON CONFLICT DO NOTHING",
    "",
    frozenset({"view", "event-trigger"}),
    frozenset({"trigger", "policy", "rule"}),
)
