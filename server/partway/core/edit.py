"""Changes to a text: edits, and fixes that say how safely they can be applied."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from partway.core.source import Span


class Applicability(StrEnum):
    """Who may apply a fix: `safe` changes nothing but what happens on a repeat, `unsafe` needs a person's consent
    (`--unsafe-fixes`), `display-only` is shown and never applied by Partway."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display-only"


class Edit(NamedTuple):
    """Replace the text of `span` by `text`; an empty span inserts."""

    span: Span
    text: str


class Fix(NamedTuple):
    """A titled set of edits that belong together and do not overlap."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE


def overlaps(edits: Iterable[Edit]) -> bool:
    """Whether any two of these edits touch the same text, or insert at the same place."""
    ordered = sorted(edits)
    return any(
        before.span.end > after.span.start or before.span == after.span for before, after in pairwise(ordered)
    )


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after these edits, which must not overlap; insertions at one place keep their order."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < at:
            raise ValueError(f"edits overlap at offset {edit.span.start}")
        pieces += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    pieces.append(text[at:])
    return "".join(pieces)
