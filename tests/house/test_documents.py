"""That the pages a newcomer reads first lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "grammars/README.md"]
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"`make ([a-z-]+)|^make ([a-z-]+)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(repository: Path, page: str) -> None:
    """The documentation's own links are checked by its build."""
    path = repository / page
    missing = [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", [*PAGES, "docs/guide/install.md"])
def test_commands_are_make_targets(repository: Path, page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (repository / "Makefile").read_text(), re.MULTILINE))
    named = {first or second for first, second in TARGET.findall((repository / page).read_text())}
    assert named <= targets


def test_help_lists_every_target(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert described == set(phony.split())
