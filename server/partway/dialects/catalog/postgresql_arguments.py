"""The types of a routine's arguments, as a statement of PostgreSQL writes them: they tell overloads apart."""

from __future__ import annotations

import re

_FIELDS = ("year", "month", "day", "hour", "minute", "second")
#: First words of types that have more than one, and what may follow them.
_LONG_TYPES = {
    "double": ("precision",),
    "character": ("varying",),
    "char": ("varying",),
    "nchar": ("varying",),
    "bit": ("varying",),
    "national": ("character", "char"),
    "timestamp": ("with", "without"),
    "time": ("with", "without"),
    "interval": _FIELDS,
}
_MODES = frozenset({"in", "out", "inout", "variadic"})
_ARGUMENT = re.compile(r"""("(?:[^"]|"")*"|\([^()]*\)|\[[^\]]*\]|[^\s"(\[]+)""")
_DEFAULT = re.compile(r"\s(?:default\b|:?=).*", re.IGNORECASE | re.DOTALL)


def argument_types(said: str) -> list[str] | None:
    """What tells overloads apart, the types of the arguments as a statement writes them; None if unsure."""
    if "%" in said or _ORDERED.search(said):
        return None
    if said.strip() == "*":
        return []  # an aggregate that takes none
    types = []
    for argument in _arguments(said):
        words = _ARGUMENT.findall(_DEFAULT.sub("", f" {argument}"))
        modes = _modes(words)
        if modes == ["out"]:
            continue
        if len(words) > 1 and not _goes_on(words[0].lower(), words[1].lower()):
            # Its name, or what a mode stood behind.
            words = words[1:]
            modes += _modes(words)
            if "out" in modes and "in" not in modes:
                continue
        if not words:
            return None
        types.append(" ".join(words).replace(" (", "(").replace(" [", "["))
    return types


_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


def _modes(words: list[str]) -> list[str]:
    """The modes of an argument that stand first, taken off."""
    modes = []
    while words and words[0].lower() in _MODES:
        modes.append(words.pop(0).lower())
    return modes


def _goes_on(first: str, second: str) -> bool:
    """Whether a type goes on with its second word; else the first is the argument's name."""
    return second[0] in "([" or second == "array" or second in _LONG_TYPES.get(first, ())


def _arguments(said: str) -> list[str]:
    """The parts between commas, those inside parentheses and quotes not counted."""
    parts, depth, quote, first = [], 0, "", 0
    for at, character in enumerate(said):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(said[first:at])
            first = at + 1
    last = said[first:]
    return [*parts, last] if last.strip() else parts
