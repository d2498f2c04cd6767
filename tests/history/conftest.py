"""Real tools by name and engine, or what was seen of them; at the end it is said which were not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.engines.plugin import Labs
from tests.engines.process import Unavailable
from tests.history.catalog import TOOLS
from tests.history.providing import RECIPES
from tests.history.scenes import Moment, Play, Seen, moment
from tests.history.tools import Tool

RECORDED = Path(__file__).parent / "recorded"
_MISSING = pytest.StashKey[dict[str, str]]()


def kept(tool: str, engine: str) -> dict[str, Seen]:
    """What was seen of a tool on an engine when `tests.history.record` was last run."""
    found = json.loads((RECORDED / f"{tool}.json").read_text())
    return {name: Seen.from_json(seen) for name, seen in found["engines"][engine].items()}


class Scenes(NamedTuple):
    """The scenes of a tool on an engine; `live` is the tool that just played them, None where they are recorded."""

    tool: str
    dialect: str
    settings: Mapping[str, str]
    seen: Mapping[str, Seen]
    live: Tool | None

    def moment(self, scene: str) -> Moment:
        """What Partway makes of a scene."""
        return moment(self.tool, self.dialect, self.settings, self.seen[scene])


class RealTools:
    """The tools of one test run, each on each engine at most once."""

    def __init__(self, config: pytest.Config, labs: Labs, folders: pytest.TempPathFactory) -> None:
        self._missing = config.stash.setdefault(_MISSING, {})
        self._labs = labs
        self._folders = folders
        self._scenes: dict[tuple[str, str], Scenes] = {}

    def tool(self, name: str, engine: str) -> Tool | None:
        """The tool on that engine; None, and noted, where this machine does not have it."""
        try:
            return TOOLS[name](self._labs(engine), self._folders.mktemp(name) / "project")
        except Unavailable as error:
            self._missing[name] = str(error)
            return None

    def scenes(self, name: str, engine: str) -> Scenes:
        """The scenes of that tool on that engine, played once."""
        if (name, engine) not in self._scenes:
            tool = self.tool(name, engine)
            seen = Play(tool).play() if tool else kept(name, engine)
            dialect = tool.lab.dialect if tool else engine.rstrip("0123456789")
            self._scenes[name, engine] = Scenes(name, dialect, TOOLS[name].settings, seen, tool)
        return self._scenes[name, engine]


@pytest.fixture(scope="session")
def real_tools(
    request: pytest.FixtureRequest, labs: Labs, tmp_path_factory: pytest.TempPathFactory
) -> RealTools:
    """Real tools by name and engine."""
    return RealTools(request.config, labs, tmp_path_factory)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash.get(_MISSING, {})
    if missing:
        title = f"{len(missing)} of {len(TOOLS)} migration tools not run, their recorded tables read instead"
        terminalreporter.section(title, yellow=True, bold=True)
        for tool, reason in missing.items():
            how = f"; to provide it: python -m tests.history.providing {tool}" if tool in RECIPES else ""
            terminalreporter.line(f"{tool}: {reason}{how}")
