"""Text as an editor counts it, written apart from the server's own reckoning: lines, units, and edits applied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_LINE_END = re.compile(r"\r\n|\r|\n")


def lines(text: str) -> list[str]:
    """The lines with their ends; the last one may be empty."""
    found, at = [], 0
    for match in _LINE_END.finditer(text):
        found.append(text[at : match.end()])
        at = match.end()
    return [*found, text[at:]]


def units(text: str, encoding: str) -> int:
    """The length in the units of this position encoding."""
    if encoding == "utf-32":
        return len(text)
    width = {"utf-8": 1, "utf-16": 2}[encoding]
    return len(text.encode(encoding if encoding == "utf-8" else "utf-16-le", "surrogatepass")) // width


def place(text: str, offset: int, encoding: str) -> tuple[int, int]:
    """Line and character of an offset in code points. One that stands between CR and LF is before both."""
    found = lines(text)
    start = 0
    for line, one in enumerate(found):
        if offset < start + len(one) or line == len(found) - 1:
            inside = min(offset - start, len(one.rstrip("\r\n")))
            return line, units(one[:inside], encoding)
        start += len(one)
    raise AssertionError("there is always a line")


def offset(text: str, line: int, character: int, encoding: str) -> int:
    """The code-point offset of a position, which must be one that exists, at no half of a character."""
    found = lines(text)
    if line >= len(found):
        return len(text)
    start = sum(len(one) for one in found[:line])
    body = found[line].rstrip("\r\n")
    for count in range(len(body) + 1):
        if units(body[:count], encoding) >= character:
            return start + count
    return start + len(body)


def edited(text: str, edits: Iterable[Any], encoding: str) -> str:
    """The text after these edits (objects or dictionaries of the protocol), all of which are for this text."""
    plain = []
    for number, edit in enumerate(edits):
        if isinstance(edit, dict):
            start, end, new = edit["range"]["start"], edit["range"]["end"], edit["newText"]
            first = offset(text, start["line"], start["character"], encoding)
            last = offset(text, end["line"], end["character"], encoding)
        else:
            first = offset(text, edit.range.start.line, edit.range.start.character, encoding)
            last = offset(text, edit.range.end.line, edit.range.end.character, encoding)
            new = edit.new_text
        plain.append((first, last, number, new))
    done, at = [], 0
    for first, last, _, new in sorted(plain):
        assert first >= at, "edits overlap"
        done += [text[at:first], new]
        at = last
    return "".join(done) + text[at:]
