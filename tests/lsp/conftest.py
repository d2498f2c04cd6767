"""One running server for each editor and test module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.lsp.client import CLIENTS, Editor


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=CLIENTS)
async def editor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Editor]:
    """An editor in an empty folder. Its tests share a server, as documents do in an editor."""
    started = await Editor.start(request.param, tmp_path_factory.mktemp("workspace"))
    yield started
    assert await started.stop() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder for a server of the test's own."""
    made = tmp_path / "project"
    (made / ".git").mkdir(parents=True)
    return made
