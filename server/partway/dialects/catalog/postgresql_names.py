"""Names, strings and types as PostgreSQL reads them in a question to its catalog."""

from __future__ import annotations

import re

from partway.dialects.catalog.postgresql_arguments import argument_types

_SIMPLE = re.compile(r"[a-z_][a-z0-9_$]*\Z")

#: Words that cannot be names, or not of types or functions, unless quoted: what pg_get_keywords() of PostgreSQL 18
#: puts in the categories R, C and T.
_KEYWORDS = """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
    char character check coalesce collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
    desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
    grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
    json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
    lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize
    not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision
    primary real references returning right row select session_user setof similar smallint some substring symmetric
    system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar
    variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces
    xmlparse xmlpi xmlroot xmlserialize xmltable
"""
_RESERVED = frozenset(_KEYWORDS.split())


def identifier(name: str) -> str:
    """A name as SQL text, quoted unless it reads back the same without."""
    if _SIMPLE.match(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string constant, right with standard_conforming_strings, the default since 9.1."""
    return "'" + text.replace("'", "''") + "'"


#: A type as `to_regtype` can read it, which fails on what it cannot before version 16.
_TYPE = re.compile(
    r"""(?P<first>"[^"]+"|[^\W\d][\w$]*)(?:\.(?:"[^"]+"|[^\W\d][\w$]*))?(?: precision| varying)?"""
    r"(?:\s?\(\d+(?:, ?\d+)?\))?(?: with(?:out)? time zone)?(?:\[\d*\])*",
    re.IGNORECASE,
)
_TYPE_WORDS = frozenset(
    """bigint bit boolean char character dec decimal float int integer interval json nchar numeric real smallint time
    timestamp varchar""".split()  # noqa: SIM905 - a list of words
)


def type_numbers(said: str) -> list[str] | None:
    """Expressions for the numbers of types, 0 for NONE; None if unsure."""
    types = argument_types(said)
    for type_ in types or ():
        read = _TYPE.fullmatch(type_)
        if read is None or read["first"].lower() in _RESERVED - _TYPE_WORDS - {"none"}:
            return None
    if types is None:
        return None
    return ["0" if type_.lower() == "none" else f"to_regtype({literal(type_)})::oid" for type_ in types]
