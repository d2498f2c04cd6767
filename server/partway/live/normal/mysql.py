"""The normal form of types on MySQL and MariaDB. https://dev.mysql.com/doc/refman/9.7/en/other-vendor-data-types.html"""

from __future__ import annotations

import re

_ALIASES = {
    "integer": "int",
    "int4": "int",
    "int8": "bigint",
    "int2": "smallint",
    "int3": "mediumint",
    "int1": "tinyint",
    "middleint": "mediumint",
    "bool": "tinyint(1)",
    "boolean": "tinyint(1)",
    "dec": "decimal",
    "numeric": "decimal",
    "fixed": "decimal",
    "real": "double",
    "double precision": "double",
    "float8": "double",
    "float4": "float",
    "character varying": "varchar",
    "char varying": "varchar",
    "national varchar": "varchar",
    "nvarchar": "varchar",
    "national character": "char",
    "national char": "char",
    "nchar": "char",
    "character": "char",
    "long": "mediumtext",
    "long varchar": "mediumtext",
    "long varbinary": "mediumblob",
    "serial": "bigint unsigned",
    "geometrycollection": "geomcollection",
}
_INTEGERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
_CHARSET = re.compile(
    r"\s+(character set|charset|char set|collate)\s+=?\s*[\w'\"]+|\s+(ascii|unicode)\b", re.IGNORECASE
)
_TYPE = re.compile(
    r"(?P<base>[a-z][a-z0-9_ ]*?)\s*(?P<modifier>\(.*\))?(?P<after>(?:\s+[a-z]+)*)\Z", re.DOTALL
)
#: Lengths of TEXT(n) and BLOB(n) by the type that is made of them.
_SIZES = ((255, "tiny"), (65535, ""), (16777215, "medium"), (4294967295, "long"))
_AFTER = ("unsigned", "zerofill")


def normal_type(said: str) -> str:
    """A type's one spelling: aliases resolved, display widths and character sets dropped."""
    text = _CHARSET.sub("", re.sub(r"\s+", " ", said.strip()))
    head = text.partition("(")[0].lower()
    text = head + text[len(head) :] if head.strip() in ("enum", "set") else text.lower()
    match = _TYPE.match(text)
    if match is None:
        return text
    base, after = match["base"].strip(), (match["after"] or "").lower().split()
    words = base.split()
    after += [word for word in words[1:] if word in (*_AFTER, "signed", "binary")]
    base = " ".join(word for word in words if word not in (*_AFTER, "signed", "binary")) or base
    modifier = match["modifier"] or ""
    base = _ALIASES.get(base, base)
    if base.endswith(" unsigned"):
        base, after = base.removesuffix(" unsigned"), [*after, "unsigned"]
    if base in ("enum", "set"):
        return base + re.sub(r"'\s*,\s*'", "','", modifier)
    modifier = re.sub(r"\s+", "", modifier)
    if base in _INTEGERS:
        # Only tinyint(1) is told apart, and only while it is signed and not padded.
        modifier = "(1)" if base == "tinyint" and modifier == "(1)" and not after else ""
    elif base == "decimal":
        modifier = "(10,0)" if not modifier else f"{modifier[:-1]},0)" if "," not in modifier else modifier
    elif base == "float" and re.fullmatch(r"\(\d+\)", modifier):
        base, modifier = ("float" if int(modifier[1:-1]) <= 24 else "double"), ""
    elif base in ("char", "binary", "bit") and not modifier:
        modifier = "(1)"
    elif base == "year" or modifier == "(0)":
        modifier = ""
    elif base in ("text", "blob") and re.fullmatch(r"\(\d+\)", modifier):
        length = int(modifier[1:-1])
        base, modifier = next((size + base for limit, size in _SIZES if length <= limit), base), ""
    if "zerofill" in after and "unsigned" not in after:
        after.append("unsigned")
    return " ".join([base + modifier, *(word for word in ("unsigned", "zerofill") if word in after)])


def same_type(said: str, found: str) -> bool | None:
    """Whether both are one type. MariaDB's JSON is a LONGTEXT with a check."""
    ours, theirs = normal_type(said), normal_type(found)
    return ours == theirs or {ours, theirs} == {"json", "longtext"}


def counts_up(said: str) -> bool:
    """Whether the type is a serial."""
    return said.strip().lower() == "serial"
