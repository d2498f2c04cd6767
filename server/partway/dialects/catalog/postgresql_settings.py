"""What is said of single traits of things that are there, asked of PostgreSQL's catalog: a fact `setting`, whose key
says which trait."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.postcondition import Postcondition
from partway.dialects import strings
from partway.dialects.catalog.lookup import attribute
from partway.dialects.catalog.postgresql_names import identifier, type_numbers

Literal = Callable[[str], str]


def _name(catalog: str, column: str, number: str) -> str:
    """The name of what a column holds the number of."""
    return f"(SELECT {column} FROM pg_catalog.{catalog} WHERE {catalog}.oid = {number})"  # noqa: S608 - names of ours


def _of_aggregate(column: str) -> str:
    return f"(SELECT {column} FROM pg_catalog.pg_aggregate WHERE aggfnoid = pg_proc.oid)"  # noqa: S608 - names of ours


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
    "pg_extension": {
        "version": "extversion",
        "schema": _name("pg_namespace", "nspname", "extnamespace"),
    },
    "pg_foreign_server": {
        "version": "srvversion",
        "wrapper": _name("pg_foreign_data_wrapper", "fdwname", "srvfdw"),
    },
    "pg_event_trigger": {"fires": "evtenabled", "event": "evtevent"},
    "pg_collation": {"locale": "collcollate"},
    "pg_cast": {"method": "castmethod", "context": "castcontext"},
    "pg_ts_config": {"parser": _name("pg_ts_parser", "prsname", "cfgparser")},
    "pg_ts_dict": {"template": _name("pg_ts_template", "tmplname", "dicttemplate")},
    # It is NULL since version 17 where it was -1 before.
    "pg_statistic_ext": {
        "statistics": "coalesce(nullif(to_jsonb(pg_statistic_ext) ->> 'stxstattarget', '-1'), 'default')",
        "columns": "(SELECT string_agg(attname, ', ' ORDER BY attname COLLATE \"C\") FROM pg_catalog.pg_attribute"
        " WHERE attrelid = stxrelid AND attnum = ANY (stxkeys))",
        "kinds": "(SELECT string_agg(one, '' ORDER BY one) FROM unnest(stxkind::text[]) AS one)",
    },
    "pg_operator": {"hashes": "oprcanhash", "merges": "oprcanmerge"},
    "pg_type": {"storage": "typstorage"},
    "pg_publication": {
        "all tables": "puballtables",
        "insert": "pubinsert",
        "update": "pubupdate",
        "delete": "pubdelete",
        "truncate": "pubtruncate",
        "publish_via_partition_root": "pubviaroot",
    },
    "pg_subscription": {
        "enabled": "subenabled",
        "binary": "subbinary",
        "synchronous_commit": "subsynccommit",
        "slot_name": "coalesce(subslotname, '')",
    },
}

#: The columns that hold a function's number.
_FUNCTIONS = {
    "pg_foreign_data_wrapper": {"handler": "fdwhandler", "validator": "fdwvalidator"},
    "pg_operator": {"called": "oprcode", "restrict": "oprrest", "join": "oprjoin"},
    "pg_event_trigger": {"called": "evtfoid"},
    "pg_cast": {"called": "castfunc"},
    "pg_conversion": {"called": "conproc"},
    "pg_proc": {"transition": _of_aggregate("aggtransfn"), "final": _of_aggregate("aggfinalfn")},
    "pg_type": {
        "receive": "typreceive",
        "send": "typsend",
        "typmod_in": "typmodin",
        "typmod_out": "typmodout",
        "analyze": "typanalyze",
    },
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
    """Where it is true of the thing's row, nobody can tell what it is like, or this session cannot; else empty."""
    kind, _, name = (attribute(p, "key") or "").partition(" ")
    if kind == "triggers":
        # Where they differ, some may have come since, or be told by their names.
        of = _triggers(name)
        value = attribute(p, "value")
        some, others = f"EXISTS ({of} AND tgenabled = '{value}')", f"EXISTS ({of} AND tgenabled <> '{value}')"
        return f"NOT EXISTS ({of}) OR {some} AND {others}"
    options = kind == "option"
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
    called = f"called.oid = {column} AND called.proname = {literal(name)}"
    return f"EXISTS (SELECT FROM pg_catalog.pg_proc AS called WHERE {called})"


def _dependence(_p: Postcondition, source: str, literal: Literal, name: str, value: str) -> str:
    """Whether the thing goes when an extension does; the name stands behind `on`."""
    extension = literal(name.removeprefix("on "))
    there = (
        "EXISTS (SELECT FROM pg_catalog.pg_depend JOIN pg_catalog.pg_extension ON pg_extension.oid = refobjid"
        f" WHERE classid = 'pg_catalog.{source}'::regclass AND objid = {source}.oid AND deptype = 'x'"
        f" AND refclassid = 'pg_catalog.pg_extension'::regclass AND extname = {extension})"
    )
    return there if value == "yes" else f"NOT {there}"


def _of_type(_p: Postcondition, _source: str, literal: Literal, _name: str, value: str) -> str:
    """The composite type that says what a table's columns are."""
    if not value:
        return "reloftype = 0"
    schema, _, name = value.rpartition(".")
    place = f" AND typnamespace = {_schema(schema, literal)}" if schema else ""
    of = f"pg_type.oid = reloftype AND typname = {literal(name)}{place}"
    return f"EXISTS (SELECT FROM pg_catalog.pg_type WHERE {of})"


def _schema(name: str, literal: Literal) -> str:
    return f"(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {literal(name)})"  # noqa: S608 - a literal


def _mapping(_p: Postcondition, _source: str, literal: Literal, kind: str, value: str) -> str:
    """The dictionaries that a text search configuration asks for one kind of token, in order."""
    names = ", ".join(literal(name) for name in value.split("\n") if name)
    of = f"mapcfg = pg_ts_config.oid AND alias = {literal(kind)}"
    asked = (
        "pg_catalog.pg_ts_config_map JOIN pg_catalog.pg_ts_dict ON pg_ts_dict.oid = mapdict"
        f" JOIN ts_token_type(cfgparser) ON tokid = maptokentype WHERE {of} ORDER BY mapseqno"
    )
    return f"ARRAY(SELECT dictname::text FROM {asked}) = ARRAY[{names}]::text[]"  # noqa: S608 - literals


#: The options of a text search dictionary are one text: `stopwords = 'english', accept = 'false'`.
_INIT = "', ' || coalesce(dictinitoption, '') || ', '"
_NO_VALUES = f"regexp_replace({_INIT}, '''[^'']*''', '', 'g')"


def _init(_p: Postcondition, _source: str, literal: Literal, name: str, value: str) -> str | None:
    """An option of a text search dictionary, with its value in quotes or a bare number."""
    if "\\" in value or value[:1] in ("E", "e", "U", "u"):
        return None
    if not value:
        return f"strpos({_NO_VALUES}, {literal(f', {name} = ')}) = 0"
    bare = value[1:-1] if value[:1] == "'" else value
    forms = (f", {name} = '{bare}', ", f", {name} = {bare}, ")
    return f"({' OR '.join(f'strpos({_INIT}, {literal(form)}) > 0' for form in forms)})"


def _triggers(name: str) -> str:
    """The triggers of a table: all of them, or those that users have made."""
    users = "" if name == "all" else " AND NOT tgisinternal"
    return f"SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = pg_class.oid{users}"


def _all_triggers(_p: Postcondition, _source: str, literal: Literal, name: str, value: str) -> str:
    return f"NOT EXISTS ({_triggers(name)} AND tgenabled <> {literal(value)})"


def _publication(_p: Postcondition, _source: str, literal: Literal, name: str, value: str) -> str:
    there = f"{literal(name)} = ANY (subpublications)"
    return there if value == "yes" else f"NOT {there}"


def _publications(_p: Postcondition, _source: str, literal: Literal, _name: str, value: str) -> str:
    names = f"ARRAY[{', '.join(literal(name) for name in value.splitlines())}]::text[]"
    return f"subpublications @> {names} AND subpublications <@ {names}"


def _member(_p: Postcondition, _source: str, literal: Literal, name: str, value: str) -> str | None:
    """A member of an operator family: `operator 1 integer, bigint`."""
    kind, _, more = name.partition(" ")
    number, _, types = more.partition(" ")
    numbers = type_numbers(types)
    if numbers is None:
        return None
    short, strategy = ("amop", "amopstrategy") if kind == "operator" else ("amproc", "amprocnum")
    of = f"{short}family = pg_opfamily.oid AND {strategy} = {literal(number)}"
    of += f" AND {short}lefttype = {numbers[0]} AND {short}righttype = {numbers[-1]}"
    there = f"EXISTS (SELECT FROM pg_catalog.pg_{short} WHERE {of})"
    return there if value == "yes" else f"NOT {there}"


def _tables(_p: Postcondition, _source: str, literal: Literal, _name: str, value: str) -> str:
    """The tables of a publication, these and no others."""
    names = [name.rpartition(".") for name in value.splitlines()]
    quoted = [
        f"{identifier(schema)}.{identifier(name)}" if schema else identifier(name)
        for schema, _, name in names
    ]
    wanted = ", ".join(f"to_regclass({literal(name)})" for name in quoted)
    found = "ARRAY(SELECT prrelid::regclass FROM pg_catalog.pg_publication_rel WHERE prpubid = pg_publication.oid)"
    return f"{found} @> ARRAY[{wanted}] AND {found} <@ ARRAY[{wanted}]"


_BY_KIND: dict[str, Callable[[Postcondition, str, Literal, str, str], str | None]] = {
    "set": _configuration,
    "option": _option,
    "function": _function,
    "dependence": _dependence,
    "of": _of_type,
    "mapping": _mapping,
    "init": _init,
    "tables": _tables,
    "triggers": _all_triggers,
    "member": _member,
    "publication": _publication,
    "publications": _publications,
}
