"""Whether words written into the SQL of a program's strings do nothing but guard: these strings are read again, and not
the program, which means the same as before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from partway.core.edit import Edit, Fix, apply_edits
from partway.core.migration import Migration
from partway.core.operation import Operation, Repeat
from partway.core.source import Span
from partway.tools.draft import Draft, Sent
from partway.tools.embedded import Piece, read_sql
from partway.tools.patience import lasts

#: What ends no string, and begins no escape and no value in one, in any language.
_WORDS: Final = re.compile(r"[A-Z ]+")


def is_guarded_in_strings(
    migration: Migration, operation: Operation, fix: Fix, drafts: Iterable[Draft]
) -> bool:
    """Whether the same is done as before, and the operation can be repeated, as far as the strings tell that these
    drafts of the migration have sent. False says nothing."""
    edits = fix.edits
    if not all(edit.span.start == edit.span.end and _WORDS.fullmatch(edit.text) for edit in edits):
        return False
    wanted = operation.kind, operation.target, operation.section
    text = ""
    placed: set[Edit] = set()
    touched: list[Span] = []
    for draft in drafts:
        for sent in draft.sent:
            inside = _inside(sent, edits)
            if not inside:
                continue
            if not lasts(migration, sum(len(piece.meant) for piece in sent.pieces)):
                return False
            text = text or apply_edits(migration.source.text, edits)
            after = read_sql(text, _with(sent.pieces, inside, edits), draft.setup, draft.section)
            if len(after.troubles) > len(sent.reading.troubles):
                return False
            found = [each for step in after.steps for each in step.operations]
            before = [each for step in sent.reading.steps for each in step.operations]
            if [(each.kind, each.target) for each in found] != [(each.kind, each.target) for each in before]:
                return False
            if any(_told(each) == wanted and each.repeat is not Repeat.SAME for each in found):
                return False
            placed.update(edit for given in inside.values() for edit in given)
            touched += [piece.span for piece in sent.pieces]
    return placed == set(edits) and all(
        each.repeat is Repeat.SAME
        or _told(each) != wanted
        or any(span.start <= each.span.start <= span.end for span in touched)
        for section in migration.sections
        for each in section.operations
    )


def _told(operation: Operation) -> tuple[str, str, str]:
    return operation.kind, operation.target, operation.section


def _inside(sent: Sent, edits: Sequence[Edit]) -> dict[int, list[Edit]]:
    """The edits that stand in what was sent, by the numbers of their pieces; each in the first that it fits."""
    found: dict[int, list[Edit]] = {}
    for edit in edits:
        for number, piece in enumerate(sent.pieces):
            if piece.exact and not piece.hole and piece.span.start <= edit.span.start <= piece.span.end:
                found.setdefault(number, []).append(edit)
                break
    return found


def _with(pieces: Sequence[Piece], inside: dict[int, list[Edit]], edits: Sequence[Edit]) -> list[Piece]:
    """The pieces with these edits in them, where they stand once all are made."""
    found = []
    for number, piece in enumerate(pieces):
        own = inside.get(number, [])
        start, end = piece.span
        meant = apply_edits(
            piece.meant, [Edit(Span(at - start, at - start), words) for (at, _), words in own]
        )
        before = sum(len(words) for (at, _), words in edits if at <= start) - sum(
            len(words) for (at, _), words in own if at == start
        )
        longer = sum(len(words) for _, words in own)
        found.append(piece._replace(meant=meant, span=Span(start + before, end + before + longer)))
    return found
