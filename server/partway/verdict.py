"""What the tracking table and the catalog say together of one migration, as a verdict and in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from partway.analysis import Analysis
from partway.core.operation import Operation
from partway.live.lasting import Missing
from partway.live.own import OperationState, State
from partway.live.state import Standing
from partway.tools.history import Record
from partway.tools.recorded import Recorded
from partway.tools.tracking import in_words


class Verdict(StrEnum):
    """How a migration stands, books and catalog set against each other. Public: in the JSON of status."""

    COMPLETE = "complete"  # recorded, and all of it is there
    PENDING = "pending"  # not recorded, and nothing of it is there
    HALF_WAY = "half-way"  # not recorded as applied, and part of it is there
    INCOMPLETE = "incomplete"  # recorded as applied, and part of it is missing or broken
    UNRECORDED = "unrecorded"  # not recorded as applied, and all of it is there
    BLOCKED = "blocked"  # nothing of it is there, but a failed or dirty record stops the tool
    IN_PROGRESS = "in-progress"  # not recorded, and a session holds the tool's lock
    UNCLEAR = "unclear"


#: Verdicts after which somebody has to do something.
TROUBLE = frozenset({Verdict.HALF_WAY, Verdict.INCOMPLETE, Verdict.UNRECORDED, Verdict.BLOCKED})
#: Verdicts that leave open whether somebody has to.
OPEN = frozenset({Verdict.IN_PROGRESS, Verdict.UNCLEAR})


class Judged(NamedTuple):
    """A verdict with its sentence, which begins in lower case and has no full stop."""

    verdict: Verdict
    words: str

    @property
    def troubled(self) -> bool | None:
        """Whether somebody has to do something; None where that cannot be told."""
        return None if self.verdict in OPEN else self.verdict in TROUBLE


def judge(recorded: Recorded, standing: Standing, operations: Sequence[Operation], held: str = "") -> Judged:
    """The verdict on a migration whose way up is these operations.

    `held` is what `tools.recorded.held` says of the tool's lock, empty where nobody holds it or it has none.
    """
    if recorded.record is Record.UNKNOWN:
        return Judged(Verdict.UNCLEAR, recorded.words)
    if recorded.record is Record.RECORDED:
        return _recorded(recorded, standing, operations)
    if held:
        return Judged(Verdict.IN_PROGRESS, f"{recorded.words}; {held}")
    return _not_recorded(recorded, standing, operations)


def judge_recorded(recorded: Recorded, missing: Missing | None) -> Judged:
    """The verdict on a migration that is recorded, given what is missing of what all recorded ones leave together."""
    if missing is None:
        return Judged(Verdict.COMPLETE, f"{recorded.words}, and everything that can be seen of it is there")
    said = f"{recorded.words}, but {missing.reason} (operation {missing.place.operation})"
    if missing.certain:
        return Judged(Verdict.INCOMPLETE, said)
    return Judged(Verdict.UNCLEAR, f"{said}; {missing.doubt}")


def _recorded(recorded: Recorded, standing: Standing, operations: Sequence[Operation]) -> Judged:
    wrong = _worst(standing, operations)
    if wrong is None:
        seen = [one for one in standing.states if one.state is State.APPLIED]
        if operations and not seen:
            return Judged(Verdict.COMPLETE, f"{recorded.words}; what it did shows nowhere in the catalog")
        return Judged(Verdict.COMPLETE, f"{recorded.words}, and everything that can be seen of it is there")
    index, state = wrong
    said = f"{recorded.words}, but {state.reason} (operation {index})"
    if recorded.later and state.state is not State.INVALID:
        many = "one of them" if len(recorded.later) > 1 else "it"
        return Judged(
            Verdict.UNCLEAR,
            f"{said}; {in_words(recorded.later)} {'have' if len(recorded.later) > 1 else 'has'} run since,"
            f" and {many} may have changed that",
        )
    return Judged(Verdict.INCOMPLETE, said)


def _not_recorded(recorded: Recorded, standing: Standing, operations: Sequence[Operation]) -> Judged:
    stopped = recorded.record is not Record.NOT_RECORDED
    total, point = len(operations), standing.point
    if point is not None and point.after == total - 1 and total:
        return Judged(
            Verdict.UNRECORDED,
            f"{recorded.words}, and all of its {_operations(total)} applied: it stopped before it was recorded,"
            " or somebody finished it by hand",
        )
    ended = point is not None and point.after > -1 and point.before == total
    if standing.half_way or ended:
        failed = "it failed half way" + (", or before it was recorded" if ended else "")
        return Judged(Verdict.HALF_WAY, f"{recorded.words}, {_applied(standing, total)}: {failed}")
    if point is not None and point.before == 0:
        if stopped:
            return Judged(
                Verdict.BLOCKED,
                f"{recorded.words}, and nothing of it is there: it can run again once the record is cleared",
            )
        taken = next((n for n, one in enumerate(standing.states) if one.state is State.DIFFERENT), None)
        why = "" if taken is None else f", but operation {taken} will fail: {standing.states[taken].reason}"
        return Judged(Verdict.PENDING, f"{recorded.words}, and nothing of it is there: pending{why}")
    if point is None and standing.half_way is False and not stopped and total:
        return Judged(Verdict.PENDING, f"{recorded.words}, and nothing of it is there: pending")
    return Judged(
        Verdict.UNCLEAR, f"{recorded.words}, and what it does shows nowhere in the catalog that would tell"
    )


def judge_in_context(
    judged: Judged, recorded: Recorded, analysis: Analysis | None, shown: bool, untouched: Collection[str]
) -> Judged:
    """The verdict on a migration that is not recorded, given what others have done and where the tool stopped: `shown`
    says whether the catalog shows anything of it that is nobody else's work, `untouched` which have not run."""
    if judged.verdict in (Verdict.HALF_WAY, Verdict.UNRECORDED) and not shown:
        if recorded.record is Record.NOT_RECORDED:
            return Judged(Verdict.PENDING, f"{recorded.words}, and nothing of it is there: pending")
        return Judged(
            Verdict.BLOCKED,
            f"{recorded.words}, and nothing of it is there: it can run again once the record is cleared",
        )
    if judged.verdict is Verdict.UNCLEAR and recorded.record is Record.NOT_RECORDED:
        before = next((each for each in recorded.earlier if each in untouched), None)
        if before is not None:
            return Judged(Verdict.PENDING, f"{recorded.words}, and {before} comes first: pending")
        if analysis is not None and _all_or_nothing(analysis):
            return Judged(Verdict.PENDING, f"{recorded.words}, and a failure leaves nothing of it: pending")
    return judged


def _all_or_nothing(analysis: Analysis) -> bool:
    """Whether nothing of a migration's way up can be left when it stops."""
    section = next((one for one in analysis.sections if one.section.name == "up"), None)
    return section is not None and not section.commit_points and not section.section.transaction.uncertain


def _applied(standing: Standing, total: int) -> str:
    """How much is applied, as exactly as it is known."""
    point = standing.point
    if point is None:
        count = sum(one.state is State.APPLIED for one in standing.states)
        return f"{count} of {_operations(total)} applied, not in the order of the file"
    least, most = point.after + 1, point.before
    broken = next((one for one in standing.states if one.state is State.INVALID), None)
    left = f", {broken.reason}" if broken is not None else ""
    if least == most:
        return f"{least} of {_operations(total)} applied{left}"
    return f"{least} to {most} of {_operations(total)} applied{left}"


def _operations(count: int) -> str:
    return f"{count} operation{'' if count == 1 else 's'}"


def _worst(standing: Standing, operations: Sequence[Operation]) -> tuple[int, OperationState] | None:
    """The first operation that is broken, else different, else missing. What a later operation of the same migration
    undoes is no trouble: there the failure point has the last word."""
    point = standing.point
    if point is not None and point.after == len(operations) - 1:
        return None
    for wanted in (State.INVALID, State.DIFFERENT, State.PENDING):
        for index, one in enumerate(standing.states):
            if one.state is wanted:
                return index, one
    return None
