"""The files of a run: their bytes, their text, and what configuration and command line say about each."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from partway.core.decode import Undecodable, decode
from partway.core.source import SourceFile
from partway.inputs import Input, reason
from partway.roots import Roots, path_below
from partway.tools.choice import Choice


class Options(NamedTuple):
    """What the command line says about a run. `choice` are its flags, `detect_transaction` is `--transaction auto`."""

    choice: Choice = Choice()
    detect_transaction: bool = False
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    cache: str | None = None
    jobs: int | None = None


class File(NamedTuple):
    """A file in hand: where it came from, its bytes, its text under its path in its project, and what is said about
    it in the configuration and on the command line."""

    input: Input
    data: bytes
    source: SourceFile
    root: str
    said: Choice
    select: tuple[str, ...] | None
    ignore: tuple[str, ...]

    @property
    def base(self) -> str:
        """What of its path lies above the path that readers are shown."""
        return self.input.path.removesuffix(self.source.path)


class NoMigration(Exception):
    """A program that was named, and that is the migration of no tool Partway knows."""


class Files:
    """Opens files for a run with these options."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._roots = Roots()
        self._tops: dict[str, int] = {}  # how much of a path lies above what readers are shown, by root

    def open(self, inputs: Iterable[Input]) -> tuple[list[File], list[tuple[str, str]]]:
        """The files that can be read as text, and those that cannot, with the reason."""
        failures: list[tuple[str, str]] = []
        files = [file for one in inputs if (file := self._open(one, failures)) is not None]
        return files, failures

    def _open(self, one: Input, failures: list[tuple[str, str]]) -> File | None:
        try:
            if one.data is None:
                with open(one.path, "rb") as file:
                    data = file.read()
            else:
                data = one.data
            root = self._roots.of(os.path.dirname(one.path))
            if root not in self._tops:
                self._tops[root] = len(one.path) - len(path_below(root, one.path))
            source = decode(data, one.path[self._tops[root] :])
        except Undecodable as error:
            failures.append((one.shown, str(error)))
            return None
        except OSError as error:
            failures.append((one.shown, f"cannot be read: {reason(error)}"))
            return None
        config, options = one.config, self._options
        said = config.choice_for(one.relative)
        if options.detect_transaction:
            said = said._replace(transaction=None)
        ignore = (*config.ignored_for(one.relative), *options.ignore)
        select = options.select if options.select is not None else config.select
        return File(one, data, source, root, said.overridden_by(options.choice), select, ignore)
