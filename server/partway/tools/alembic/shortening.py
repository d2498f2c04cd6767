"""A revision without the calls that a fix leaves alone: to prove the fix the rest is read again, and with all of them a
file of many operations would be one to wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from partway.core.edit import Edit, apply_edits
from partway.core.source import Span
from partway.tools.python_program import Program

#: A revision of fewer calls is read as it is.
_FEW = 8
_WAYS = ("upgrade", "downgrade")


def without_others(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Edit, ...]]:
    """The text with `pass` in the place of calls on `op` that no edit touches, and the edits at their places there.
    What else stands in it stays: names that the calls use, conditions, blocks."""
    runs = _calls(text)
    if sum(map(len, runs)) <= _FEW:
        return text, tuple(edits)
    others = [span for run in runs for span in _untouched(run, edits)]
    short = apply_edits(text, [Edit(span, "pass") for span in others])
    return short, tuple(_moved(edits, others))


def _untouched(run: Sequence[Span], edits: Sequence[Edit]) -> Iterator[Span]:
    """The stretches of a run of calls between those that edits touch."""
    start = end = -1
    for call in run:
        if any(edit.span.start <= call.end and call.start <= edit.span.end for edit in edits):
            if start >= 0:
                yield Span(start, end)
            start = -1
        else:
            start, end = (call.start if start < 0 else start), call.end
    if start >= 0:
        yield Span(start, end)


def _moved(edits: Sequence[Edit], others: Sequence[Span]) -> Iterator[Edit]:
    for edit in edits:
        by = sum(len("pass") - (span.end - span.start) for span in others if span.end <= edit.span.start)
        yield edit._replace(span=Span(edit.span.start + by, edit.span.end + by))


@lru_cache(maxsize=2)
def _calls(text: str) -> tuple[tuple[Span, ...], ...]:
    """The statements of the two ways that are calls on `op` and stand in no block, in runs with nothing but comments
    between them; none of a text that is no Python."""
    program = Program(text)
    if program.tree.root.has_error:
        return ()
    runs: list[list[Span]] = []
    for way in _WAYS:
        definition = program.functions.get(way)
        body = definition.child_by_field_name("body") if definition is not None else None
        runs.append([])
        for statement in body.named_children if body is not None else ():
            if statement.type == "expression_statement" and program.tree.said(statement).startswith("op."):
                runs[-1].append(program.tree.span(statement))
            elif statement.type != "comment":
                runs.append([])
    return tuple(tuple(run) for run in runs if run)
