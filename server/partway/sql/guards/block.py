"""PostgreSQL: a statement that runs on a condition, inside a DO block."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.edit import Edit
from partway.sql.guards.condition import Term, layout
from partway.sql.guards.frame import Frame
from partway.sql.lexer import CUT, PARAM

#: Statements that mean something else in PL/pgSQL, or nothing.
_NOT_IN_BLOCK = frozenset(
    {"SELECT", "WITH", "VALUES", "TABLE", "COPY", "SHOW", "EXPLAIN", "EXECUTE", "PREPARE", "DO"}
)


def dollar_tag(text: str) -> str:
    """A dollar quote that does not occur in the text."""
    tag, number = "$partway$", 1
    while tag in text:
        number += 1
        tag = f"$partway{number}$"
    return tag


def fits(frame: Frame) -> bool:
    """Whether the statement means the same inside a DO block: psql replaces no variables there, and some statements
    are other ones in PL/pgSQL."""
    tokens = frame.lexed.tokens
    if not tokens or tokens[0][3] in _NOT_IN_BLOCK:
        return False
    if not frame.terminated and not frame.last:
        return False
    return not any(kind == CUT or (kind == PARAM and word[:1] == ":") for kind, _, _, word in tokens)


def do_block(frame: Frame, asked: Sequence[Term]) -> list[Edit]:
    """Put the statement, as it stands, into `DO $$ BEGIN IF ... THEN ...; END IF; END $$;`."""
    unit = frame.unit
    tag = dollar_tag(frame.text[frame.span.start : frame.stop])
    condition = [frame.case(unit + line) for line in layout(asked, unit, "IF ")]
    condition[-1] += frame.case(" THEN")
    head = [frame.case("DO ") + tag, frame.case("BEGIN"), *condition]
    tail = [frame.case(f"{unit}END IF;"), frame.case("END"), f"{tag};"]
    head, tail = frame.block(head, tail)
    return [frame.before(head), *frame.indented(unit * 2), frame.after(tail)]


def separate_do(frame: Frame, asked: Sequence[Term], then: str, why: str) -> list[str]:
    """The lines of a DO block of its own: `then`, a statement, on a condition whose terms must all be false."""
    unit = frame.unit
    tag = dollar_tag(why + then)
    lines = [f"-- {why}", frame.case("DO ") + tag, frame.case("BEGIN")]
    condition = [frame.case(unit + line) for line in layout(asked, unit, "IF ")]
    condition[-1] += frame.case(" THEN")
    lines += [*condition, unit * 2 + then, frame.case(f"{unit}END IF;"), frame.case("END"), f"{tag};"]
    head, tail = frame.block(lines, [])
    return head + tail
