"""The pieces that a resume migration's way up is made of, and how they are laid out as lines of Ruby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.tools.rails.commands import Frame, FrameKind
from partway.tools.rails.lookups import Condition
from partway.tools.rails.wording import FIXED, Wording
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from tree_sitter import Node

_WIDTH: Final = 100
#: The variable that says whether something had still to run before it ran.
_UNFINISHED: Final = "unfinished"


class Piece(NamedTuple):
    """Calls that run together on one condition. `frames` are the constructs of the original that stay around them;
    `joined` says that they run where the piece before has just run. `node` is the one statement of the original that
    this is, None where the text is another one. `hidden`: nothing that a condition asks for changes with it."""

    texts: tuple[str, ...]
    condition: Condition | None
    frames: tuple[Frame, ...]
    joined: bool = False
    node: Node | None = None
    hidden: bool = False


def joined(calls: Sequence[list[Piece]]) -> list[Piece]:
    """The pieces of all calls, with those that hang on the one before put to it."""
    found: list[list[Piece]] = []
    for call in calls:
        first = call[0]
        if not first.joined or not found:
            found.append(call)
            continue
        before = found[-1]
        if len(before) == 1 and before[0].frames == first.frames and before[0].condition is not None:
            before[0] = before[0]._replace(texts=(*before[0].texts, *first.texts), node=None)
            found[-1] = [*before, *call[1:]]
            continue
        last = next((each for each in reversed(before) if each.condition is not None), None)
        if last is None or last.condition is None:
            found.append([first._replace(joined=False), *call[1:]])
            continue
        if last.condition.parts != (_UNFINISHED,):
            common = _common(before[0].frames, first.frames)
            note = Piece((f"{_UNFINISHED} = {last.condition.holds}",), None, common)
            found[-1] = [note, *before]
        found.append([first._replace(joined=False, condition=Condition("if", (_UNFINISHED,))), *call[1:]])
    return _together([piece for call in found for piece in call])


def _common(one: tuple[Frame, ...], other: tuple[Frame, ...]) -> tuple[Frame, ...]:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return one[:count]


def _together(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that ask the same, one behind the other, as one, where the answer stays what it was."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if (
            before is not None
            and before.hidden
            and before.condition is not None
            and before.condition == piece.condition
            and before.frames == piece.frames
        ):
            texts = (*before.texts, *piece.texts)
            found[-1] = before._replace(texts=texts, node=None, hidden=piece.hidden)
        else:
            found.append(piece)
    return found


def lines_of(pieces: Sequence[Piece], wording: Wording, indent: int, depth: int = 0) -> list[str]:
    """The pieces as lines, inside `depth` constructs that are written already; a blank line around what takes more."""
    entries = list(_entries(pieces, wording, indent, depth))
    found: list[str] = []
    for number, entry in enumerate(entries):
        if number and (len(entry) > 1 or len(entries[number - 1]) > 1):
            found.append("")
        found += entry
    return found


def _entries(pieces: Sequence[Piece], wording: Wording, indent: int, depth: int) -> Iterator[list[str]]:
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if len(piece.frames) <= depth:
            yield _guarded(piece, indent)
            at += 1
            continue
        frame = piece.frames[depth]
        end = at
        while end < len(pieces) and len(pieces[end].frames) > depth and pieces[end].frames[depth] == frame:
            end += 1
        inner = lines_of(pieces[at:end], wording, indent + 2, depth + 1)
        yield [_head(frame, wording), *_indented(inner), "end"]
        at = end


def _head(frame: Frame, wording: Wording) -> str:
    if frame.kind is FrameKind.CONDITION:
        asked, wanted = wording.of(frame.node, frame.scope), frame.wanted
        if asked.startswith("!") and asked[1:].replace(".", "").replace("?", "").isidentifier():
            asked, wanted = asked[1:], not wanted
        return f"{'if' if wanted else 'unless'} {asked}"
    if frame.kind is FrameKind.PAST:
        return f"unless {' && '.join(_holding(each, wording) for each in frame.way)}"
    node = frame.node
    receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
    given, block = node.child_by_field_name("arguments"), node.child_by_field_name("block")
    said = f"{wording.of(receiver, frame.scope)}." if receiver is not None else ""
    said += wording.tree.said(method) if method is not None else ""
    if given is not None:
        words = wording.of(given, frame.scope)
        said += words if words.startswith("(") else f" {words}"
    parameters = block.child_by_field_name("parameters") if block is not None else None
    return f"{said} do" + (f" {wording.tree.said(parameters)}" if parameters is not None else "")


def _holding(frame: Frame, wording: Wording) -> str:
    """What a condition asks for, as a part of another one."""
    if frame.kind is not FrameKind.CONDITION:
        said = " ".join(wording.tree.said(frame.node).split())
        raise CannotResume(
            f"whether part of it runs hangs on the branch of a case that leaves it: `{said[:60]}`",
            "Finish it by hand",
        )
    asked = wording.of(frame.node, frame.scope)
    if not asked.replace(".", "").replace("?", "").isidentifier():
        asked = f"({asked})"
    return asked if frame.wanted else f"!{asked}"


def _guarded(piece: Piece, indent: int) -> list[str]:
    """A piece behind its condition: at the end of its line where that is short, else as a block."""
    condition = piece.condition
    texts = [line for text in piece.texts for line in text.split("\n")]
    if condition is None:
        return texts
    if len(piece.texts) == 1 and texts[0].startswith("#") and not texts[-1].startswith("#"):
        return [texts[0], *_guarded(piece._replace(texts=("\n".join(texts[1:]),)), indent)]
    short = len(texts) == 1 and indent + len(texts[0]) + 1 + len(str(condition)) <= _WIDTH
    if short and not texts[0].startswith("#"):
        return [f"{texts[0]} {condition}"]
    return [*condition.lines(indent), *_indented(_spaced(piece.texts)), "end"]


def _spaced(texts: Sequence[str]) -> list[str]:
    """Calls below each other, a blank line around those that take several lines."""
    found: list[str] = []
    for number, text in enumerate(texts):
        if number and ("\n" in text or "\n" in texts[number - 1]):
            found.append("")
        found += text.split("\n")
    return found


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" if line and not line.startswith(FIXED) else line for line in lines]


def at(lines: Sequence[str], indent: int) -> list[str]:
    """Lines moved to the right, but for those inside strings, which are as they were."""
    return [
        line.removeprefix(FIXED) if line.startswith(FIXED) else f"{' ' * indent}{line}" if line else line
        for line in lines
    ]
