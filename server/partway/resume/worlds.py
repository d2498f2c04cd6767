"""Sets of worlds: bit n of a number stands for the world that the first n operations of a migration leave. Pure.

A migration of thousands of operations has as many worlds, and for each of its facts a set of them: as sets of numbers
these would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: A set of worlds.
Worlds = int
NO_WORLDS: Worlds = 0


def before(world: int) -> Worlds:
    """All worlds before this one."""
    return (1 << world) - 1


def between(first: int, end: int) -> Worlds:
    """The worlds from the first on, up to `end`, without it."""
    return before(end) & ~before(first)


def these(worlds: Iterable[int]) -> Worlds:
    """The worlds of these numbers."""
    found = NO_WORLDS
    for world in worlds:
        found |= 1 << world
    return found


def numbers(worlds: Worlds) -> Iterator[int]:
    """The numbers of these worlds, from the first on."""
    while worlds:
        yield first(worlds)
        worlds &= worlds - 1


def last(worlds: Worlds) -> int:
    """The number of the last of them; -1 where there are none."""
    return worlds.bit_length() - 1


def first(worlds: Worlds) -> int:
    """The number of the first of them; -1 where there are none."""
    return (worlds & -worlds).bit_length() - 1
