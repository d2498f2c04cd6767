"""What ALTER FUNCTION sets on PostgreSQL: how it may be called, by whom it is run, and its settings."""

from __future__ import annotations

from partway.sql.cursor import Cursor

#: A setting that a routine runs under, as an attribute: with its name behind it.
SETTING = "setting "
#: The words, the longest first, with the attribute and its value.
_WORDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("CALLED", "ON", "NULL", "INPUT"), "strict", "no"),
    (("RETURNS", "NULL", "ON", "NULL", "INPUT"), "strict", "yes"),
    (("STRICT",), "strict", "yes"),
    (("IMMUTABLE",), "volatility", "immutable"),
    (("STABLE",), "volatility", "stable"),
    (("VOLATILE",), "volatility", "volatile"),
    (("NOT", "LEAKPROOF"), "leakproof", "no"),
    (("LEAKPROOF",), "leakproof", "yes"),
    (("EXTERNAL", "SECURITY", "INVOKER"), "security", "invoker"),
    (("EXTERNAL", "SECURITY", "DEFINER"), "security", "definer"),
    (("SECURITY", "INVOKER"), "security", "invoker"),
    (("SECURITY", "DEFINER"), "security", "definer"),
    (("PARALLEL", "UNSAFE"), "parallel", "unsafe"),
    (("PARALLEL", "RESTRICTED"), "parallel", "restricted"),
    (("PARALLEL", "SAFE"), "parallel", "safe"),
)


def routine_options(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What the rest of the text sets; nothing where it says what no catalog tells of by itself. The cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    said: dict[str, str] = {}
    while not part.done:
        found = next(((name, value) for words, name, value in _WORDS if part.accept(*words)), None)
        if found is not None:
            said[found[0]] = found[1]
        elif word := part.accept_any("COST", "ROWS"):
            said[word.lower()] = part.said(part.i, part.i + 1)
            part.i += 1
        elif part.accept("RESET"):
            if part.word() == "ALL":
                return ()
            said[SETTING + _name(part)] = ""
        elif part.accept("SET"):
            name = _name(part)
            if not (part.accept("TO") or part.accept("=")) or part.word() == "DEFAULT":
                return ()
            said[SETTING + name] = _value(part)
        elif not part.accept("RESTRICT"):
            return ()
    return tuple(said.items())


def _name(part: Cursor) -> str:
    name = part.name()
    return f"{name.schema}.{name.name}".lower() if name.schema else name.name.lower()


def _value(part: Cursor) -> str:
    """The values of a setting, with commas between them, up to what cannot be one."""
    found = [part.said(part.i, part.i + 1)]
    part.i += 1
    while part.accept(","):
        found.append(part.said(part.i, part.i + 1))
        part.i += 1
    return ", ".join(one.strip("'\"") for one in found)
