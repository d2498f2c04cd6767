"""What Partway says of a text at a path: the command line's own reading, configuration and rules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from partway.config import Config, ConfigError, Configs, server_version
from partway.core.source import SourceFile
from partway.dialects import NAMES as DIALECTS
from partway.neighbours import Neighbours
from partway.roots import Roots, path_below
from partway.surroundings import Surroundings
from partway.tools.choice import TOOLS, Choice

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from partway.core.migration import Migration
    from partway.linting import Linted
    from partway.project import Project
    from partway.versions import Versions

_TRANSACTIONS = ("per-migration", "none", "whole-run")


class Settings(NamedTuple):
    """What the editor's own settings say; they count like flags on the command line."""

    choice: Choice = Choice()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()


def read_settings(said: object) -> tuple[Settings, list[str]]:
    """The settings in the editor's `partway` section, and what is wrong in it, in words. Wrong values are left out."""
    if not isinstance(said, dict):
        return Settings(), []
    wrong: list[str] = []

    def one_of(key: str, values: tuple[str, ...]) -> str | None:
        value = said.get(key)
        if value in (None, "", "auto"):
            return None
        if value not in values:
            wrong.append(f"partway.{key}: {value!r} is none of {', '.join(values)}")
            return None
        return str(value)

    server: tuple[int, ...] = ()
    if version := said.get("serverVersion"):
        try:
            server = server_version(str(version))
        except ValueError as error:
            wrong.append(f"partway.serverVersion: {error}")
    choice = Choice(
        one_of("tool", TOOLS), one_of("dialect", DIALECTS), server, one_of("transaction", _TRANSACTIONS)
    )
    lint = said.get("lint")
    lint = lint if isinstance(lint, dict) else {}
    select = _strings(lint, "select", wrong)
    return Settings(choice, select or None, _strings(lint, "ignore", wrong)), wrong


def _strings(said: Mapping[str, object], key: str, wrong: list[str]) -> tuple[str, ...]:
    value = said.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        wrong.append(f"partway.lint.{key}: must be a list of names")
        return ()
    return tuple(value)


class _Place(NamedTuple):
    """What follows from a file's path alone: its configuration, its path from there, the top of its project, and the
    path that it is shown by; what the configuration says of it, the rules that it ignores, and whether it is one of the
    files that are linted, or that are looked at at all."""

    config: Config
    relative: str
    root: str
    shown: str
    said: Choice
    ignore: tuple[str, ...]
    included: bool
    may_be_one: bool


class Judge:
    """Reads and lints texts; keeps what it found out about projects until `forget`.

    `generation` goes up whenever earlier answers may be out of date. `problems` says what is wrong with each
    configuration that was used, by its path; empty for one in order.
    """

    def __init__(self) -> None:
        self.settings = Settings()
        self.generation = 0
        self.problems: dict[str, str] = {}
        self._configs = Configs()
        self._roots = Roots()
        self._places: dict[str, _Place] = {}
        self._projects: dict[str, Project] = {}
        self._surroundings = Surroundings()
        self._neighbours: dict[str, Neighbours] = {}

    def forget(self) -> None:
        """Ask configuration and project files anew."""
        self.generation += 1
        self.problems = {}
        self._configs = Configs()
        self._roots = Roots()
        self._places = {}
        self._projects = {}
        self._surroundings = Surroundings()
        self._neighbours = {}

    def config(self, path: str) -> Config:
        """The configuration that holds for a file. A broken one counts as none, and `problems` says why."""
        folder = os.path.dirname(path)
        try:
            config = self._configs.of(folder)
            if config.path is None:
                return config
            if config.path not in self.problems:
                from partway.linting import known_names

                config.check_names(known_names())
                self.problems[config.path] = ""
            if not self.problems[config.path]:
                return config
        except ConfigError as error:
            self.problems[error.path] = str(error)
        return Config(self._roots.of(folder))

    def judge(
        self, path: str, text: str, versions: Versions | None = None, *, named: bool = False
    ) -> Linted | None:
        """What there is to say about a text at an absolute path; None when it is no migration, or excluded.

        `versions` know the text's version before. `named` lints it whatever it looks like.
        """
        from partway.linting import Selection, lint

        choice = self.choice(path, text, named=named)
        if choice is None:
            return None
        place = self._places.get(path) or self._place(path)
        select = self.settings.select or place.config.select
        ignore = (*place.ignore, *self.settings.ignore)
        source = SourceFile(place.shown, text)
        beside = self._beside(path[: len(path) - len(source.path)])
        return lint(source, choice, Selection(select, ignore), self._validated(path, text), versions, beside)

    def choice(self, path: str, text: str, *, named: bool = False) -> Choice | None:
        """What is known of how a migration is run; None for what is none, or excluded. `named` takes it for one
        whatever it looks like."""
        from partway.tools.reading import HEAD, is_migration

        place = self._places.get(path) or self._place(path)
        if not (named or place.may_be_one):
            return None
        choice = self._project(place.root).choice(path, text)
        if not (named or place.included) and (
            choice.foreign or not is_migration(path, text[:HEAD], place.root)
        ):
            return None
        return choice.overridden_by(place.said).overridden_by(self.settings.choice)

    def shown(self, path: str) -> str:
        """The path that a file is shown by: from the top of its project."""
        return (self._places.get(path) or self._place(path)).shown

    def root(self, path: str) -> str:
        """The top of the project that a file belongs to."""
        return (self._places.get(path) or self._place(path)).root

    def read(
        self, path: str, text: str, dialect: str | None = None, server: tuple[int, ...] = ()
    ) -> Migration:
        """The migration at an absolute path as a database reads it that speaks this dialect in this version, unless the
        editor's settings say otherwise; without a dialect, as the project says."""
        return self._read(path, text, Choice(dialect=dialect, server=server))

    def _place(self, path: str) -> _Place:
        """Asked of the file system once for each file, not with each key."""
        from partway.tools.suffixes import may_hold

        config = self.config(path)
        relative = os.path.relpath(path, config.root).replace(os.sep, "/")
        root = self._roots.of(os.path.dirname(path))
        included = bool(config.include.match(relative))
        found = self._places[path] = _Place(
            config,
            relative,
            root,
            path_below(root, path),
            config.choice_for(relative),
            config.ignored_for(relative),
            included,
            not config.exclude.match(relative)
            and (included or may_hold(path.replace(os.sep, "/"), os.path.basename(path))),
        )
        return found

    def beside_changed(self, path: str) -> bool:
        """Whether a file that was saved has changed what findings in the files beside it follow from."""
        relied = any(beside.changed(path) for beside in self._neighbours.values())
        return relied or self._surroundings.changed(path, self._read)

    def _validated(self, path: str, text: str) -> Container[str]:
        """The constraints validated beside this file, asked only where it leaves one to be validated."""
        beside = self._surroundings
        return beside.validated(path, self._read) if beside.concern(text.encode("utf-8", "replace")) else ()

    def _read(self, path: str, text: str, said: Choice = Choice()) -> Migration:  # noqa: B008 - it cannot change
        """The migration at an absolute path, without a word about it."""
        from partway.tools.reading import read

        place = self._places.get(path) or self._place(path)
        choice = self._project(place.root).choice(path, text).overridden_by(place.said)
        choice = choice.overridden_by(said).overridden_by(self.settings.choice)
        shown = place.shown
        return read(SourceFile(shown, text), choice, beside=self._beside(path[: len(path) - len(shown)]))

    def _beside(self, base: str) -> Neighbours:
        if base not in self._neighbours:
            self._neighbours[base] = Neighbours(base)
        return self._neighbours[base]

    def _project(self, root: str) -> Project:
        from partway.project import Project

        if root not in self._projects:
            self._projects[root] = Project(root)
        return self._projects[root]
