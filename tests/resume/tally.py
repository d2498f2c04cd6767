"""What a crash test counts: points at which migrations were stopped, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple


class Wrong(NamedTuple):
    """A point at which a resume migration did what it must not: where, and what."""

    where: str
    what: str


class Tally:
    """The count of a run."""

    def __init__(self) -> None:
        self.migrations = 0
        self.points = 0
        self.recovered = 0
        self.refused: Counter[str] = Counter()
        self.wrong: list[Wrong] = []

    def add(self, other: Tally) -> None:
        """Count another run's as well."""
        self.migrations += other.migrations
        self.points += other.points
        self.recovered += other.recovered
        self.refused += other.refused
        self.wrong += other.wrong

    def line(self, name: str) -> str:
        """The count in one line of a report."""
        refused = sum(self.refused.values())
        share = f"{100 * refused / self.points:.1f}%" if self.points else "-"
        return (
            f"{name:<24} {self.migrations:>4} migrations {self.points:>5} points {self.recovered:>5} recovered"
            f" {refused:>4} refused ({share}) {len(self.wrong):>3} wrong"
        )

    def reasons(self) -> list[str]:
        """Why points were refused, and what was wrong, a line each."""
        said = [f"  refused {count}x: {reason}" for reason, count in self.refused.most_common()]
        return said + [f"  WRONG {one.where}: {one.what}" for one in self.wrong]
