"""PostgreSQL's normal form of types. https://www.postgresql.org/docs/current/datatype.html"""

from __future__ import annotations

import re

_ALIASES = {
    "int": "integer",
    "int4": "integer",
    "serial": "integer",
    "serial4": "integer",
    "int8": "bigint",
    "bigserial": "bigint",
    "serial8": "bigint",
    "int2": "smallint",
    "smallserial": "smallint",
    "serial2": "smallint",
    "float4": "real",
    "float8": "double precision",
    "float": "double precision",
    "bool": "boolean",
    "decimal": "numeric",
    "dec": "numeric",
    "varchar": "character varying",
    "char varying": "character varying",
    "national character varying": "character varying",
    "nchar varying": "character varying",
    "char": "character",
    "nchar": "character",
    "national character": "character",
    "national char": "character",
    "bpchar": "character",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
}
_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})
_TYPE = re.compile(
    r"(?P<base>[^(\[]+)(?P<modifier>\([^)]*\))?(?P<after>[a-z ]*)(?P<dimensions>(?:\[\d*\])*)\Z"
)
_ARRAY = re.compile(r"\s+array(\s*\[\d*\])?\Z")


def normal_type(said: str) -> str:
    """A type's one spelling, as format_type() has it; types of other makers in lower case as they are written."""
    text = re.sub(r"\s+", " ", said.strip())
    text = text if '"' in text else text.lower()
    array = bool(_ARRAY.search(text))
    text = _ARRAY.sub("", text)
    match = _TYPE.match(text)
    if match is None:
        return text
    base = re.sub(r"\s*\.\s*", ".", match["base"].strip()).removeprefix("pg_catalog.").replace('"', "")
    modifier = re.sub(r"\s+", "", match["modifier"] or "")
    base = f"{base} {match['after'].strip()}".strip()
    if base == "float" and modifier:
        bits = int(modifier[1:-1]) if modifier[1:-1].isdecimal() else 53
        base, modifier = ("real" if bits <= 24 else "double precision"), ""
    raw = base
    base = _ALIASES.get(base, base)
    if base == "numeric" and re.fullmatch(r"\(\d+\)", modifier):
        modifier = f"{modifier[:-1]},0)"
    if base in ("character", "bit") and not modifier and raw != "bpchar":
        modifier = "(1)"
    for kind in ("timestamp", "time"):
        for zone in (" with time zone", " without time zone"):
            if base == kind + zone:
                return f"{kind}{modifier}{zone}{_dimensions(match['dimensions'], array)}"
    return f"{base}{modifier}{_dimensions(match['dimensions'], array)}"


def _dimensions(said: str, array: bool) -> str:
    """However many dimensions are written, PostgreSQL keeps one mark."""
    return "[]" if said or array else ""


def same_type(said: str, found: str) -> bool | None:
    """Whether both are one type; a schema counts where both say it."""
    ours, theirs = normal_type(said), normal_type(found)
    if ours == theirs:
        return True
    ours_schema, _, ours_name = ours.rpartition(".")
    theirs_schema, _, theirs_name = theirs.rpartition(".")
    if (not ours_schema) != (not theirs_schema) and "(" not in ours_schema + theirs_schema:
        return ours_name == theirs_name
    return False


def counts_up(said: str) -> bool:
    """Whether the type is a serial, which is an integer with a sequence for its default."""
    return said.strip().lower() in _SERIAL
