"""The pytest plugin that hands out engines: starts those that tests want, side by side, and says what was skipped.

Fixtures: `engine` (parametrised over all five, or over the names that a test gives by `indirect`), `lab` (the same,
emptied for each test) and `labs` (by name, for a test that needs one certain engine).
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.engines.lab import Lab, open_lab
from tests.engines.process import Unavailable
from tests.engines.servers import ENGINES


class Labs:
    """The engines of one test run, each started at most once, all wanted ones at the same time."""

    def __init__(self) -> None:
        self._starting: dict[str, Future[Lab]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=len(ENGINES))
        self.unavailable: dict[str, str] = {}

    def start(self, *names: str) -> None:
        """Begin to start engines, without waiting for them."""
        with self._lock:
            for name in names:
                if name not in self._starting:
                    self._starting[name] = self._pool.submit(open_lab, name)

    def open(self, name: str) -> Lab:
        """The running engine; raises `Unavailable` where this machine does not have it."""
        self.start(name)
        try:
            return self._starting[name].result()
        except Unavailable as error:
            self.unavailable[name] = str(error)
            raise

    def __call__(self, name: str) -> Lab:
        """The running engine; skips the test where this machine does not have it, and fails it in CI."""
        try:
            return self.open(name)
        except Unavailable as error:
            message = f"{name} is not available ({error}); {enabling(name)}"
            if os.environ.get("CI"):
                pytest.fail(message, pytrace=False)
            pytest.skip(message)

    def close(self) -> None:
        """Stop all that was started."""
        self._pool.shutdown()
        for future in self._starting.values():
            if not future.exception():
                future.result().close()


def enabling(name: str) -> str:
    """How somebody makes that engine available here."""
    engine = ENGINES[name]
    return f"to enable it: {engine.how_to_enable}" + (
        f", or set {engine.url_variable}" if engine.url_variable else ""
    )


_LABS = pytest.StashKey[Labs]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LABS] = Labs()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_LABS].close()


@pytest.fixture(scope="session")
def labs(request: pytest.FixtureRequest) -> Labs:
    """Engines by name: `labs("mysql")` is a `Lab`, and skips the test where there is none."""
    found: Labs = request.config.stash[_LABS]
    wanted = {
        str(item.callspec.params["engine"])
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and "engine" in item.callspec.params
    }
    found.start(*wanted & set(ENGINES))
    return found


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest, labs: Labs) -> Lab:
    """Each engine in turn, as earlier tests left it."""
    return labs(request.param)


@pytest.fixture
def lab(engine: Lab) -> Lab:
    """Each engine in turn, with an empty database."""
    engine.fresh()
    return engine


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[_LABS].unavailable
    if missing:
        terminalreporter.section(f"{len(missing)} of {len(ENGINES)} engines skipped", yellow=True, bold=True)
        for name, reason in missing.items():
            terminalreporter.line(f"{name}: {reason}; {enabling(name)}")
