"""Offsets in code points to the editor's lines and columns, and back, in the encoding that was agreed."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from partway.core.source import SourceFile, Span

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"

Position = dict[str, int]
Range = dict[str, Position]


class Positions:
    """Converts places of one text. Lines end at LF, CRLF and CR alone; an offset or position outside is taken to the
    nearer end."""

    __slots__ = ("_encoding", "_plain", "_starts", "_text")

    def __init__(self, source: SourceFile, encoding: str) -> None:
        self._text = source.text
        self._starts = source.line_starts
        self._encoding = encoding
        # A character is one unit everywhere.
        self._plain = encoding == UTF32 or source.text.isascii()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and character of an offset."""
        if not 0 <= offset <= len(self._text):
            offset = max(0, min(offset, len(self._text)))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        return line, offset - start if self._plain else self._units(self._text[start:offset])

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line, character = self.place(offset)
        return {"line": line, "character": character}

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return {"start": self.position(span.start), "end": self.position(span.end)}

    def offset(self, line: int, character: int) -> int:
        """The offset of a position; past a line's end it is the line's end, before its line break."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        said = self._text[start:end].rstrip("\r\n")
        if said.isascii() or self._encoding == UTF32:
            return start + min(max(character, 0), len(said))
        units = 0
        for index, letter in enumerate(said):
            if units >= character:
                return start + index
            units += self._units(letter)
        return start + len(said)

    def span(self, value: Any) -> Span:
        """The span of a range as lsprotocol has it."""
        start = self.offset(value.start.line, value.start.character)
        return Span(start, max(start, self.offset(value.end.line, value.end.character)))

    def _units(self, said: str) -> int:
        if said.isascii() or self._encoding == UTF32:
            return len(said)
        if self._encoding == UTF8:
            return len(said.encode("utf-8", "surrogatepass"))
        return len(said) + sum(letter > "\uffff" for letter in said)
