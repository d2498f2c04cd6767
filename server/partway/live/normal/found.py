"""What comparisons of attributes share: what was found, and lists between commas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: Stands for a value that is not told: what is there may have one, and nobody knows whether it is the same.
UNSAID = "(not told)"
#: Stands behind a type of whole numbers in whose place `integer` may be found as well.
OR_INTEGER = " or integer"
#: Attributes found, by name.
Found = Mapping[str, str | None]
#: Whether a thing found has an attribute as it is said: what is said, the thing's attributes, the dialect.
Compare = Callable[[str, Found, str], bool | None]


def names(text: str) -> list[str]:
    """The names between commas, unquoted, in lower case."""
    return [part.strip().strip('"`').lower() for part in text.split(",")]


def items(text: str) -> list[str]:
    """The parts between commas that stand outside parentheses and quotes."""
    parts, depth, quoted, first = [], 0, "", 0
    for at, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"`":
            quoted = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            parts.append(text[first:at].strip())
            first = at + 1
    return [*parts, text[first:].strip()]
