"""Where a statement stands in its text: its line's indentation, its terminator, how its keywords are written, and how
lines are put around it without touching what its author wrote."""

from __future__ import annotations

import re
from functools import cached_property

from partway.core.edit import Edit
from partway.core.source import Span
from partway.dialects.catalog import in_case
from partway.dialects.dialect import Lexis
from partway.sql.lexer import Lexed, lex

_DELIMITER = re.compile(r"^[ \t]*delimiter[ \t]+(\S+)", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"[^\W\d]+")
_LINE_END = re.compile(r"\r\n|\n|\r")


class Frame:
    """A statement in its place.

    `newline` is the line end of the text. `wrap` are the lines that a tool wants before and after a statement which has
    terminators inside (`-- +goose StatementBegin` and its end).
    """

    def __init__(
        self, text: str, span: Span, lexis: Lexis, newline: str, wrap: tuple[str, str] | None = None
    ) -> None:
        self.text = text
        self.span = Span(
            span.start, span.start + len(text[span.start : span.end].rstrip().removesuffix(";").rstrip())
        )
        self.lexis = lexis
        self.newline = newline
        self.wrap = wrap

    @cached_property
    def lexed(self) -> Lexed:
        """The statement's tokens and comments, its terminator left out."""
        return lex(self.text, self.lexis, *self.span)

    @cached_property
    def lower(self) -> bool:
        """Whether the statement's first keyword is in lower case: what is added then is too."""
        word = _WORD.match(self.text, self.span.start)
        return word is not None and word.group().islower()

    def case(self, sql: str) -> str:
        """Keywords as the statement writes its own."""
        return in_case(sql, self.lower)

    @cached_property
    def line_start(self) -> int:
        """The offset where the statement's first line begins."""
        return max(self.text.rfind("\n", 0, self.span.start), self.text.rfind("\r", 0, self.span.start)) + 1

    @cached_property
    def indent(self) -> str:
        """The white space that its first line begins with."""
        line = self.text[self.line_start : self.span.start]
        return line[: len(line) - len(line.lstrip(" \t"))]

    @property
    def first_on_line(self) -> bool:
        """Whether only white space stands before it on its line."""
        return self.line_start + len(self.indent) == self.span.start

    @cached_property
    def unit(self) -> str:
        """One step of indentation: what the statement's own further lines use, four blanks if they do not say."""
        steps = [
            self.text[start : self._first_ink(start)].removeprefix(self.indent)
            for start in self._line_starts(self.span.end)
            if self.text.startswith(self.indent, start)
        ]
        used = sorted((step for step in steps if step), key=len)
        return used[0] if used and used[0] in ("\t", "  ", "    ") else "    "

    def _first_ink(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    @cached_property
    def terminator(self) -> str:
        """What ends a statement here: `;`, or what a DELIMITER command before it said."""
        if self._next_is(";") or self.lexis.client_commands != "mysql":
            return ";"
        said = ";"
        for command in _DELIMITER.finditer(self.text, 0, self.span.start):
            said = command[1]
        return said

    @cached_property
    def stop(self) -> int:
        """Where its terminator ends; where the statement itself ends when it has none."""
        at = self._after(self.span.end)
        return at + len(self.terminator) if self.text.startswith(self.terminator, at) else self.span.end

    @property
    def terminated(self) -> bool:
        """Whether a terminator stands after it."""
        return self.stop > self.span.end

    @property
    def last(self) -> bool:
        """Whether nothing follows that would need it terminated."""
        return self._after(self.span.end) >= len(self.text)

    def _next_is(self, mark: str) -> bool:
        return self.text.startswith(mark, self._after(self.span.end))

    def _after(self, at: int) -> int:
        """The offset of the next text that is neither white space nor a comment."""
        text = self.text
        while at < len(text):
            if text[at].isspace():
                at += 1
            elif text.startswith("--", at) or (self.lexis.hash_comments and text[at] == "#"):
                end = _LINE_END.search(text, at)
                at = end.start() if end else len(text)
            elif text.startswith("/*", at) and not text.startswith("/*!", at):
                close = text.find("*/", at)
                at = close + 2 if close >= 0 else len(text)
            else:
                break
        return at

    def _line_starts(self, end: int) -> list[int]:
        """Where the further lines of the statement begin, up to `end`, those inside a string or a comment left out."""
        starts = [match.end() for match in _LINE_END.finditer(self.text, self.span.start, end)]
        if not starts:
            return []
        # Few tokens go over a line's end: only those can have a line begin inside.
        spans = [(start, stop) for _, start, stop, _ in self.lexed.tokens]
        spans += [comment.span for comment in self.lexed.comments]
        over = [(a, b) for a, b in spans if _LINE_END.search(self.text, a, b)]
        return [start for start in starts if not any(a < start < b for a, b in over)]

    def before(self, lines: list[str], at: int | None = None) -> Edit:
        """Put lines before the statement, or before the line that `at` is on, indented as the statement is."""
        start = (
            self.line_start
            if at is None
            else max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1
        )
        body = self.newline.join(self.indent + line if line else line for line in lines) + self.newline
        if at is None and not self.first_on_line:
            return Edit(Span(self.span.start, self.span.start), self.newline + body + self.indent)
        return Edit(Span(start, start), body)

    def after(self, lines: list[str]) -> Edit:
        """Put lines after the statement and its terminator, adding the terminator where it has none."""
        body = "".join(self.newline + (self.indent + line if line else line) for line in lines)
        return Edit(Span(self.stop, self.stop), body if self.terminated else self.terminator + body)

    def indented(self, by: str) -> list[Edit]:
        """Indent the statement's lines by so much more, the first one included."""
        starts = [self.span.start]
        starts += [
            at for at in self._line_starts(self.stop) if not _LINE_END.match(self.text, at) and at < self.stop
        ]
        return [Edit(Span(at, at), by) for at in starts]

    def moved(self, by: str) -> str:
        """The statement's text without its terminator, its lines indented by this in place of what they are indented
        by now. Lines that begin inside a string or a comment stay as they are."""
        starts = [self.span.start, *(at for at in self._line_starts(self.span.end) if at < self.span.end)]
        pieces = []
        for at, end in zip(starts, [*starts[1:], self.span.end], strict=True):
            line = self.text[at:end]
            if at != self.span.start:
                line = line.removeprefix(self.indent)
            pieces.append(by + line if line.strip() else line)
        return "".join(pieces)

    def block(self, head: list[str], tail: list[str]) -> tuple[list[str], list[str]]:
        """The lines of a block with what the tool wants around a block."""
        if self.wrap is None:
            return head, tail
        return [self.wrap[0], *head], [*tail, self.wrap[1]]


def merged(edits: list[Edit]) -> tuple[Edit, ...]:
    """Edits in order, insertions at one place made one."""
    result: list[Edit] = []
    for edit in sorted(edits, key=lambda e: e.span):
        if result and result[-1].span == edit.span and edit.span.start == edit.span.end:
            result[-1] = Edit(edit.span, result[-1].text + edit.text)
        else:
            result.append(edit)
    return tuple(result)
