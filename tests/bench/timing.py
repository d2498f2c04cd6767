"""How long whole processes take: medians of interleaved runs, so that what else the machine does hits all alike."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Contestant:
    """A command to time. `prepare` runs before each of its runs, off the clock. `scale` is by how much more files the
    others read; `rounds`, where given, is how often at most it runs."""

    name: str
    command: list[str]
    prepare: Callable[[], object] = lambda: None
    scale: float = 1.0
    rounds: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    walls: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Median of the time that passed, in seconds."""
        return median(self.walls) * self.scale

    @property
    def processor(self) -> float:
        """Median of the time that processors spent, children included, in seconds."""
        return median(self.processors) * self.scale

    def run(self) -> None:
        """Run once and note the times. Raises RuntimeError when the command failed to do its work."""
        self.prepare()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | self.environment,
        )
        self.walls.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.processors.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        if done.returncode not in (0, 1):  # 1: something was found
            raise RuntimeError(
                f"{self.command[0]} ended with {done.returncode}: {done.stderr.decode()[:300]}"
            )


def race(contestants: list[Contestant], rounds: int, said: Callable[[str], None]) -> None:
    """Every contestant in turn, `rounds` times; the first round only warms up."""
    for number in range(rounds + 1):
        said(f"round {number} of {rounds}" if number else "warming up")
        for one in contestants:
            if one.rounds is None or number <= one.rounds:
                one.run()
            if number == 0 and one.rounds is None:
                one.walls.clear()
                one.processors.clear()
