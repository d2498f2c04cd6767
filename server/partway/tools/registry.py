"""The tools there are: whatever folder beside this file has a `tool.py`. Nobody keeps a list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from partway.tools.evidence import dialect_of_text
from partway.tools.suffixes import PROGRAMS

if TYPE_CHECKING:
    from partway.core.migration import Migration
    from partway.core.source import SourceFile
    from partway.tools.place import Candidate, Certainty
    from partway.tools.setup import Setup


class ToolModule(Protocol):
    """What `tools/<folder>/tool.py` holds. It is imported for every tool to tell files apart, so it stays tiny."""

    SUFFIXES: tuple[str, ...]  # of the files that it can be about, in lower case with their dot

    # Where one session runs several migrations: the settings that the tool itself puts back between them. Left out
    # where each migration has a session of its own.
    SESSION_RESTORES: frozenset[str]

    # Optional, for tools whose migrations are programs: the dialect that a program's text gives away, None where it
    # gives none. What SQL says of itself is `evidence.dialect_of_text`'s to tell.
    # def dialect_of_text(text: str) -> str | None

    # Optional, for tools whose projects rarely say in their settings which database they run on: the dialect that some
    # of a folder's migrations are written for, "several" for more than one, None where they say nothing.
    # def dialect_of_neighbours(texts: Iterable[str]) -> str | None

    def recognise(self, file: Candidate) -> Certainty:
        """How surely this file belongs to the tool."""
        ...


class ReaderModule(Protocol):
    """What `tools/<folder>/reader.py` holds; imported only when a file of the tool is read."""

    def read(self, source: SourceFile, setup: Setup) -> Migration:
        """The migration in this file. Never raises, whatever the text."""
        ...


@cache
def names() -> tuple[str, ...]:
    """The tools' public names, sorted."""
    with os.scandir(os.path.dirname(__file__)) as entries:
        folders = [entry.name for entry in entries if os.path.exists(os.path.join(entry.path, "tool.py"))]
    return tuple(sorted(folder.replace("_", "-") for folder in folders))


@cache
def tools() -> Mapping[str, ToolModule]:
    """Every tool's recognition by its public name."""
    return {name: cast(ToolModule, import_module(f"{_package(name)}.tool")) for name in names()}


def tools_for(name: str) -> list[tuple[str, ToolModule]]:
    """The tools that a file of this name can belong to, by their public names."""
    lower = name.lower()
    ending = lower[lower.rfind(".") :]
    return _ending_in(ending if ending in PROGRAMS else lower)


@lru_cache(maxsize=1024)
def _ending_in(name: str) -> list[tuple[str, ToolModule]]:
    return [(tool, module) for tool, module in tools().items() if name.endswith(module.SUFFIXES)]


def speaks(tool: str, text: str) -> str | None:
    """The dialect that the text of a tool's migration gives away, None where it gives none."""
    module = tools().get(tool)
    own: Callable[[str], str | None] | None = getattr(module, "dialect_of_text", None)
    if own is not None:
        return own(text)
    is_sql = module is None or any(suffix.endswith(".sql") for suffix in module.SUFFIXES)
    return dialect_of_text(text) if is_sql else None


def agreement(tool: str) -> Callable[[Iterable[str]], str | None] | None:
    """What tells from some of a folder's migrations which dialect they are written for; None where the tool has no such
    thing."""
    return getattr(tools().get(tool), "dialect_of_neighbours", None)


@cache
def reader(name: str) -> ReaderModule:
    """The reader of the tool with this public name. Raises KeyError for a name that is no tool's."""
    if name not in names():
        raise KeyError(name)
    return cast(ReaderModule, import_module(f"{_package(name)}.reader"))


def _package(name: str) -> str:
    return f"{__package__}.{name.replace('-', '_')}"
