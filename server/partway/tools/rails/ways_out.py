"""Ways out of a method: the answers on which it has been left, and what they mean for what follows.

if Rails.env.test?
  return unless seed?      what follows runs where not both hold: a test, and no seed
end
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.tools.rails.commands import Frame, FrameKind

if TYPE_CHECKING:
    from partway.tools.rails.running import Running

#: The words that leave a block or a loop alone.
OF_BLOCKS: Final = frozenset(("next", "break"))


class Way(NamedTuple):
    """Where all of these hold, the method has been left, or what the `word` leaves."""

    frames: tuple[Frame, ...]
    word: str


def leave(running: Running, frame: Frame, word: str, mark: int | None = None) -> None:
    """Note that what stands in this has left what is around it. The ways out of that itself, which are those since
    `mark`, matter no more."""
    if mark is not None and word not in OF_BLOCKS:
        del running.left[mark:]
    running.left.append(Way((frame,), word))


def through(frames: tuple[Frame, ...], ways: Iterable[Way]) -> list[Way]:
    """Ways out of what stands in these, as they are seen from outside: none where only a run tells how often it is
    gone through."""
    if any(frame.kind is FrameKind.WHOLE and frame.branch is None for frame in frames):
        return []
    return [way._replace(frames=(*frames, *way.frames)) for way in ways]


def otherwise(way: Way) -> Frame:
    """What the statements that follow stand in: they run where the way was not taken."""
    first, raises = way.frames[0], way.word == "raise"
    if len(way.frames) == 1 and first.kind is FrameKind.CONDITION:
        looks = tuple(look.turned() for look in first.looks)
        return first._replace(wanted=not first.wanted, looks=looks, raises=raises)
    last = way.frames[-1]
    return Frame(FrameKind.PAST, last.node, last.scope, way=way.frames, raises=raises)


def taken_upward(way: Way) -> Way:
    """The same way, taken on the way up alone: what its conditions look at, the way down does not ask."""
    return way._replace(
        frames=tuple(
            frame._replace(looks=tuple(look._replace(upward=True) for look in frame.looks))
            for frame in way.frames
        )
    )
