"""The pytest plugin that hands out runners: starts a tool when a test first wants it, and says what was skipped.

The fixture `runners` gives one by tool and engine: `runners.rails("sqlite")`. A test that wants several engines is
parametrised with `engine` as a name, so that `tests.engines.plugin` starts them side by side.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import pytest

from tests.engines.plugin import Labs
from tests.engines.process import Unavailable
from tests.runners.alembic import runner as alembic
from tests.runners.django import runner as django
from tests.runners.rails import runner as rails
from tests.runners.runner import Runner
from tests.runners.worker import Worker


class Tool(NamedTuple):
    """How a tool's worker is started, and how somebody provides the tool."""

    command: Sequence[str]
    how_to_enable: str


TOOLS = {
    "rails": Tool(rails.COMMAND, rails.HOW_TO_ENABLE),
    "django": Tool(django.COMMAND, django.HOW_TO_ENABLE),
    "alembic": Tool(alembic.COMMAND, alembic.HOW_TO_ENABLE),
}

R = TypeVar("R", bound=Runner[Any])


class Runners:
    """The tools of one test run, each started at most once, and a runner for each tool and engine."""

    def __init__(self, config: pytest.Config, labs: Labs, folders: pytest.TempPathFactory) -> None:
        self._unavailable = config.stash[_UNAVAILABLE]
        self._labs = labs
        self._folders = folders
        self._workers: dict[str, Worker] = {}
        self._runners: dict[tuple[str, str], Runner[Any]] = {}

    def rails(self, engine: str) -> rails.RailsRunner:
        """ActiveRecord on that engine; skips the test where this machine lacks either, and fails it in CI."""
        return self._runner(rails.RailsRunner, engine)

    def django(self, engine: str) -> django.DjangoRunner:
        """Django on that engine; skips or fails as the others do."""
        return self._runner(django.DjangoRunner, engine)

    def alembic(self, engine: str) -> alembic.AlembicRunner:
        """Alembic on that engine; skips or fails as the others do."""
        return self._runner(alembic.AlembicRunner, engine)

    def _runner(self, kind: type[R], engine: str) -> R:
        lab = self._labs(engine)
        found = self._runners.get((kind.tool, engine))
        if not isinstance(found, kind):
            found = self._runners[kind.tool, engine] = kind(lab, self._worker(kind.tool))
        return found

    def _worker(self, tool: str) -> Worker:
        if tool not in self._workers and tool not in self._unavailable:
            try:
                self._workers[tool] = Worker(TOOLS[tool].command, self._folders.mktemp(tool))
            except Unavailable as error:
                self._unavailable[tool] = str(error)
        if reason := self._unavailable.get(tool):
            message = f"{tool} is not available ({reason}); to enable it: {TOOLS[tool].how_to_enable}"
            if os.environ.get("CI"):
                pytest.fail(message, pytrace=False)
            pytest.skip(message)
        return self._workers[tool]

    def unload(self) -> None:
        """End the projects' processes, so that no session of theirs is in the way of the next test."""
        for runner in self._runners.values():
            runner.close()

    def close(self) -> None:
        """End all processes."""
        self.unload()
        for worker in self._workers.values():
            worker.close()


_UNAVAILABLE = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_UNAVAILABLE] = {}


@pytest.fixture(scope="session")
def started_runners(
    request: pytest.FixtureRequest, labs: Labs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runners]:
    """The runners that this test run has started."""
    found = Runners(request.config, labs, tmp_path_factory)
    yield found
    found.close()


@pytest.fixture
def runners(started_runners: Runners) -> Iterator[Runners]:
    """Runners by tool and engine; what a test loads ends with it."""
    yield started_runners
    started_runners.unload()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[_UNAVAILABLE]
    if missing:
        terminalreporter.section(f"{len(missing)} of {len(TOOLS)} tools skipped", yellow=True, bold=True)
        for tool, reason in missing.items():
            terminalreporter.line(f"{tool}: {reason}; to enable it: {TOOLS[tool].how_to_enable}")
