"""`make truth`: how Partway's verdicts, and squawk's, compare with what the engines did.

Reads the observations that are committed in `observed/`, so it needs no server. Names every disagreement.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.engines.servers import ENGINES
from tests.truth.cases import Case, load
from tests.truth.observe import committed
from tests.truth.verdicts import Verdict, partway, squawk

QUESTIONS = {"not repeatable": "not_repeatable", "not safe in a transaction": "not_safe"}


@dataclass(frozen=True)
class Score:
    """Counts for one yes-or-no question; the engine decides what is right."""

    hits: int
    false_alarms: int
    misses: int
    statements: int

    @property
    def precision(self) -> float:
        """The part of the alarms that are right."""
        return self.hits / (self.hits + self.false_alarms) if self.hits + self.false_alarms else 1.0

    @property
    def recall(self) -> float:
        """The part of what there is that was found."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.3f}  precision {self.precision:.3f}  recall {self.recall:.3f}"
            f"  ({self.false_alarms} false, {self.misses} missed, {self.hits + self.misses} of {self.statements})"
        )


def score(truth: Mapping[str, Verdict], said: Mapping[str, Verdict], question: str) -> Score:
    """How well `said` answers one of `QUESTIONS`."""
    pairs = [(getattr(truth[name], question), getattr(said[name], question)) for name in truth]
    return Score(
        hits=pairs.count((True, True)),
        false_alarms=pairs.count((False, True)),
        misses=pairs.count((True, False)),
        statements=len(pairs),
    )


@dataclass(frozen=True)
class EngineTruth:
    """One engine's statements and what it did with them."""

    name: str
    server_version: str
    cases: list[Case]
    truth: dict[str, Verdict]


def engine_truth(name: str) -> EngineTruth:
    """The committed observations of one engine; ValueError when the statement set has moved on since."""
    version, verdicts = committed(name)
    cases = load(ENGINES[name].dialect, version)
    if missing := {case.id for case in cases} ^ set(verdicts):
        raise ValueError(
            f"observe {name} again (python -m tests.truth.observe {name}): {sorted(missing)[:5]}"
        )
    truth = {key: Verdict(value["repeat"], value["in_transaction"]) for key, value in verdicts.items()}
    return EngineTruth(name, version, cases, truth)


def schema_changes(engine: EngineTruth) -> EngineTruth:
    """The same engine with its CREATE, ALTER and DROP statements alone."""
    cases = [case for case in engine.cases if case.sql.upper().startswith(("CREATE ", "ALTER ", "DROP "))]
    truth = {case.id: engine.truth[case.id] for case in cases}
    return EngineTruth(engine.name, engine.server_version, cases, truth)


def disagreements(engine: EngineTruth, said: Mapping[str, Verdict]) -> Iterable[str]:
    """One line per statement on which the engine and the verdict differ in an answer."""
    for case in engine.cases:
        right, got = engine.truth[case.id], said[case.id]
        parts = []
        if right.not_repeatable != got.not_repeatable:
            parts.append(f"repeat is {right.repeat}, said {got.repeat}")
        if right.not_safe != got.not_safe:
            parts.append(f"in a transaction {right.in_transaction}, said {got.in_transaction}")
        if parts:
            yield f"{case.id}: {'; '.join(parts)}\n      {' '.join(case.sql.split())[:160]}"


def print_scores(who: str, engine: EngineTruth, said: Mapping[str, Verdict]) -> None:
    """One line per question."""
    for question, attribute in QUESTIONS.items():
        print(f"  {who:8} {question:26} {score(engine.truth, said, attribute)}")


def main() -> int:
    """Print the report; 0 always, since the tests decide what is good enough."""
    for name, entry in ENGINES.items():
        engine = engine_truth(name)
        print(f"{name} {engine.server_version}: {len(engine.cases)} statements")
        said = partway(engine.cases, entry.dialect, engine.server_version)
        print_scores("partway", engine, said)
        if entry.dialect == "postgresql":
            if Path(sys.executable).with_name("squawk").exists():
                peer = squawk(engine.cases, engine.server_version)
                print_scores("squawk", engine, peer)
                schema = schema_changes(engine)  # what a linter of schema changes sets out to judge
                print("  of its CREATE, ALTER and DROP statements alone:")
                print_scores("partway", schema, said)
                print_scores("squawk", schema, peer)
            else:
                print("  squawk is not installed (pip install squawk-cli)")
        for line in disagreements(engine, said):
            print(f"    {line}")
        print()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, RuntimeError, subprocess.TimeoutExpired) as error:
        sys.exit(f"truth: {error}")
