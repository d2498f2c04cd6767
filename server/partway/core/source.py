"""Text and places in it: offsets in code points, spans, lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple, TypedDict

_NEWLINE = re.compile(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open range of code-point offsets, `start <= end`."""

    start: int
    end: int

    def shift(self, by: int) -> Span:
        """The same range, `by` code points further on."""
        return Span(self.start + by, self.end + by)


class Position(NamedTuple):
    """A place as people count it: line and column from 1, columns in code points."""

    line: int
    column: int


class Place(TypedDict):
    """Line and column, from 1, in code points."""

    line: int
    column: int


class Range(TypedDict):
    """From `start` up to, not including, `end`."""

    start: Place
    end: Place


class SourceFile:
    """A file's decoded text with its path, exactly as on disk: line ends are not translated, so offsets hold.

    Lines end at LF, CRLF or CR, as the language server protocol and editors count them; U+2028, form feed and their
    like do not end a line.
    """

    __slots__ = ("_starts", "encoding", "path", "text")

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; found once, when first asked for."""
        if self._starts is None:
            if "\r" in self.text:
                self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self.text))]
            else:
                lengths = [len(line) + 1 for line in self.text.split("\n")]
                self._starts = list(accumulate(lengths[:-1], initial=0))
        return self._starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset; an offset outside the text is taken to its nearer end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def range(self, span: Span) -> Range:
        """A span as Partway's JSON has it: {start {line, column}, end {line, column}}."""
        (line, column), (last, end) = self.position(span.start), self.position(span.end)
        return {"start": {"line": line, "column": column}, "end": {"line": last, "column": end}}

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its line end; empty past the end."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    @property
    def newline(self) -> str:
        """The line end this file uses, judged by its first one; LF when it has none."""
        match = _NEWLINE.search(self.text)
        return match.group() if match else "\n"
