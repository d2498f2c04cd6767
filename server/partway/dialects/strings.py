"""What a string constant of SQL says."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*\"""", re.DOTALL)
_DOLLAR = re.compile(r"(\$\w*\$)(.*)\1", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def said(constant: str) -> frozenset[str] | None:
    """What a constant can mean: where a backslash stands in it, whether it escapes depends on the server's settings.
    None where this is no constant that can be read."""
    text = constant.strip()
    dollar = _DOLLAR.fullmatch(text)
    if dollar is not None:
        return frozenset({dollar[2]})
    escaped = text[:1] in "eE" and text[1:2] == "'"
    text = text[1:] if escaped else text
    if not _PLAIN.fullmatch(text) and not re.fullmatch(r"'(?:[^']|'')*'", text):
        return None
    inner = text[1:-1].replace(text[0] * 2, text[0])
    read = _ESCAPE.sub(_unescaped, inner)
    return frozenset({read} if escaped else {inner, read})


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    if code[0] in "uUx" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code.isdigit() and code.isascii():
        return chr(int(code, 8)) if code[0] in "01234567" else code
    return _LETTERS.get(code, code)
