"""Values as Ruby writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from partway.tools.embedded import HOLE
from partway.tools.rails.values import REST, Code, Value

_SYMBOL = re.compile(r"[a-z_][A-Za-z0-9_]*[?!]?\Z")
#: Options whose value is text: what is a plain name elsewhere was most likely a symbol.
TEXTS: Final = frozenset(("default", "comment", "where", "as", "expression"))


def quoted(text: str) -> str:
    """A string, in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("#{", "\\#{").replace("\n", "\\n")
    return f'"{escaped}"'


def name(text: str) -> str:
    """A name as a symbol, or as a string where it is no plain one."""
    return f":{text}" if _SYMBOL.match(text) else quoted(text)


def literal(value: Value, symbols: bool = True) -> str | None:
    """A value as Ruby would write it; a plain name as a symbol if so wished. None for what cannot be written."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Code):
        return f"-> {{ {quoted(value.text)} }}" if value.text else None
    if isinstance(value, str):
        return None if HOLE in value else name(value) if symbols else quoted(value)
    if isinstance(value, list):
        return _list(value, symbols)
    if isinstance(value, Mapping):
        said = options(value)
        return None if said is None else f"{{ {said} }}" if said else "{}"
    return None


def _list(values: list[Value], symbols: bool) -> str | None:
    if symbols and len(values) > 1 and all(isinstance(each, str) and _SYMBOL.match(each) for each in values):
        return f"%i[{' '.join(values)}]"
    found = [literal(each, symbols) for each in values]
    return None if None in found else f"[{', '.join(map(str, found))}]"


def options(given: Mapping[str, Value]) -> str | None:
    """Options as they stand in a call, `unique: true, name: "x"`; None where one of them cannot be written."""
    found = []
    for key, value in given.items():
        written = None if key == REST else literal(value, symbols=key not in TEXTS and key != "name")
        if written is None:
            return None
        found.append(f"{key}: {written}" if _SYMBOL.match(key) else f"{quoted(key)}: {written}")
    return ", ".join(found)
