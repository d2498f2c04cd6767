"""What a repetition does, with the reasons, and the worst of several."""

from __future__ import annotations

from typing import NamedTuple

from partway.core.operation import Repeat


class Verdict(NamedTuple):
    """What a repetition does, with the traits that say why."""

    repeat: Repeat
    traits: frozenset[str] = frozenset()


SAME = Verdict(Repeat.SAME)


UNKNOWN = Verdict(Repeat.UNKNOWN)


COMPOUNDS = Verdict(Repeat.CHANGES, frozenset({"compounding"}))


VOLATILE_VALUE = Verdict(Repeat.CHANGES, frozenset({"volatile"}))


_WORST = {Repeat.SAME: 0, Repeat.UNKNOWN: 1, Repeat.CHANGES: 2, Repeat.FAILS: 3}


def worst(verdicts: list[Verdict]) -> Verdict:
    """The one that matters most, with the traits of all that are as bad."""
    if not verdicts:
        return SAME
    top = max(verdicts, key=lambda verdict: _WORST[verdict.repeat]).repeat
    traits = frozenset[str]().union(*(v.traits for v in verdicts if v.repeat is top))
    return Verdict(top, traits)
