"""Annotated SQL files: `-- +goose Up` and what resembles it. Where the directions and the blocks in them lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from partway.core.migration import Step, Trouble
from partway.core.source import Span


class Annotation(NamedTuple):
    """One annotation: its line without the line end, and its words in lower case with single spaces."""

    span: Span
    words: str


class Annotated(NamedTuple):
    """A text taken apart by its annotations. `directions` are ("up" or "down", span) in order, each from behind its
    annotation to the next direction's; `blocks` are what stands between StatementBegin and StatementEnd."""

    annotations: tuple[Annotation, ...]
    directions: tuple[tuple[str, Span], ...]
    blocks: tuple[Span, ...]

    def find(self, words: str) -> Annotation | None:
        """The first annotation with these words."""
        return next((annotation for annotation in self.annotations if annotation.words == words), None)


def annotated(text: str, marker: str) -> Annotated:
    """The text's annotations with this marker ("goose"), which stand on a line of their own after `-- +`."""
    line = re.compile(rf"^--[ \t]*\+{marker}[ \t]+(\S[^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
    annotations = tuple(
        Annotation(Span(match.start(), match.end(1)), " ".join(match[1].lower().split()))
        for match in line.finditer(text)
    )
    starts = [(a.words.split()[0], a.span) for a in annotations if a.words.split()[0] in ("up", "down")]
    ends = [span.start for _, span in starts[1:]] + [len(text)]
    directions = tuple((name, Span(span.end, end)) for (name, span), end in zip(starts, ends, strict=False))
    blocks: list[Span] = []
    begun: int | None = None
    for annotation in annotations:
        if annotation.words == "statementbegin":
            begun = annotation.span.end
        elif annotation.words == "statementend" and begun is not None:
            blocks.append(Span(begun, annotation.span.start))
            begun = None
    return Annotated(annotations, directions, tuple(blocks))


# As goose and sql-migrate judge it: the last word of a line that is not behind `--` ends in a semicolon.
_ENDING = re.compile(r";[ \t]*(?:\r?$|--)", re.MULTILINE)


def cut_statements(
    text: str, steps: tuple[Step, ...], blocks: tuple[Span, ...], tool: str
) -> Iterator[Trouble]:
    """Statements that the tool would cut in two, because outside of a block it ends one at every semicolon at the end
    of a line, even in a function's body."""
    for step in steps:
        start, end = step.span
        if any(block.start <= start and end <= block.end for block in blocks):
            continue
        cut = _ENDING.search(text, start, end)
        if cut is not None and cut.start() < end - 1 and not _in_comment(text, start, cut.start()):
            yield Trouble(
                Span(cut.start(), cut.start() + 1),
                f"{tool} ends the statement here: put it between StatementBegin and StatementEnd",
            )


def _in_comment(text: str, start: int, at: int) -> bool:
    line = text.rfind("\n", start, at) + 1 or start
    return "--" in text[line:at]
