"""A project as its files describe it: where it begins, and tool, dialect, server and settings of each migration.

Nothing is executed. One `Project` serves a run; an editor makes a new one,
or calls `forget`, when files have changed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from partway.dialects import NAMES
from partway.folders import Folders, Known, below
from partway.tools.choice import Choice
from partway.tools.evidence import dialect_of_path, foreign_to
from partway.tools.facts.files import BELOW, SCANS
from partway.tools.place import Hints
from partway.tools.reading import PLAIN, identify
from partway.tools.registry import speaks
from partway.tools.runners import Runners
from partway.voting import SEVERAL, Votes

if TYPE_CHECKING:
    from partway.core.footprint import Footprint

#: A folder that holds one of these is a project's top.
_MARKERS = (".git", ".hg", ".jj")
_DEEPEST = 40
# Without a marker, files of another project must not be taken for ours: so far up and no further.
_UNMARKED = 4
#: Tools whose migrations give their dialect away by names of types, and that have a list of drivers beside them.
_BY_TYPES = frozenset(("rails",))


def find_root(path: str) -> str:
    """The top of the project that a file or folder belongs to: the nearest folder upwards with a repository in it.

    Without a repository, the highest of the four folders around it that holds a file which says something about the
    project, else the folder itself, or the one around a migration's own (`20240131_users/up.sql`).
    """
    path = os.path.abspath(path)
    start = path if os.path.isdir(path) else os.path.dirname(path)
    private = {os.path.expanduser("~"), os.path.abspath(os.sep)}
    around, name = os.path.split(start)
    candidate = around if re.match(r"v?\d", name) and around not in private else start
    here = start
    for level in range(_DEEPEST):
        if _is_repository(here):
            return here
        if level <= _UNMARKED and here not in private and _speaks(here):
            candidate = here
        above = os.path.dirname(here)
        if above == here:
            break
        here = above
    return candidate


def _is_repository(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, marker)) for marker in _MARKERS)


def _speaks(folder: str) -> bool:
    """Whether a file here, or in one of the folders below that are known by name, says something about the project."""
    names = frozenset(_names(folder))
    if not names.isdisjoint(SCANS) or not names.isdisjoint((".sqlx", "manage.py")):
        return True
    return any(
        inner in names and not frozenset(choices).isdisjoint(_names(os.path.join(folder, inner)))
        for inner, choices, _ in BELOW
    )


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


class _Spot(NamedTuple):
    """What a file's place alone decides: what is known in its folder, the settings there (in `hints`, and sorted), the
    database that its path names, and that one's name where Partway has no dialect for it."""

    folder: str
    known: Known
    hints: Hints
    settings: tuple[tuple[str, str], ...]
    foreign: str
    dialect: str | None


class _Beside(NamedTuple):
    """What the folder of a file decides: what is known in it, and the settings there, in `hints` and sorted."""

    known: Known
    hints: Hints
    settings: tuple[tuple[str, str], ...]


class Project:
    """The project whose top is this folder. Unreadable files and folders count as absent."""

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        # The path speaks from the repository's top on; where no repository is, from a few folders above the project.
        names = self.root.split(os.sep)
        self._speaks_from = (
            self.root if _is_repository(self.root) else os.sep.join(names[:-_UNMARKED] or names[:1])
        )
        self.forget()

    def forget(self) -> None:
        """Forget what was read, because files may have changed."""
        folders = self._folders = Folders(self.root)
        self._votes = Votes(self.root, folders.listing, folders.text)
        self._spots: dict[str, _Spot] = {}
        self._besides: dict[tuple[str, bool], _Beside] = {}
        self._runners = Runners(self.root, folders.listing, folders.text)

    @property
    def looked_at(self) -> dict[str, Footprint]:
        """Every file and folder that was looked at, there or not, as it was: while all stay so, so does every
        choice."""
        return self._folders.looked_at

    def choice(self, path: str, text: str) -> Choice:
        """What the project says of how this file is run.

        The dialect is, in this order, the one that the path speaks of, the one configured, the one that the file and
        its neighbours are written in, the one whose server or driver the project uses; None where nothing decides, as
        when a file stands for several databases."""
        spot = self._spots.get(path)
        if spot is None:
            spot = self._spots[path] = self._spot(os.path.abspath(path))
        folder, known, settings = spot.folder, spot.known, spot.settings
        tool = identify(path, text, spot.hints)
        if tool == PLAIN and "pop.folder" not in spot.hints.settings:
            runner = self._runners.beside(folder)
            if runner:
                settings = _sorted({**spot.hints.settings, "plain.runner": runner})
        foreign, dialect = spot.foreign, spot.dialect
        if not foreign and dialect is None and "pop.folder" not in spot.hints.settings:
            dialect = self._dialect(folder, tool, text, known)
            if dialect is None and self._votes.of_programs(folder, tool) == SEVERAL:
                # So that the file's own text does not decide either.
                settings = _sorted({**dict(settings), "databases": SEVERAL})
        if dialect is not None and dialect not in NAMES:
            foreign, dialect = dialect, None
        server = next((version for named, version in known.versions if named == dialect), ())
        return Choice(tool, dialect, server, None, settings, foreign)

    def _spot(self, path: str) -> _Spot:
        """What holds at an absolute path whatever the file's text."""
        folder, _, name = path.rpartition(os.sep)
        beside = self._beside(folder, python=name.endswith(".py"))
        hints, settings = beside.hints, beside.settings
        if f"{name}.conf" in self._folders.listing(folder):
            own = dict(hints.settings)
            self._script(os.path.join(folder, f"{name}.conf"), own)
            hints, settings = Hints(hints.tools, own), _sorted(own)
        relative = below(path, self._speaks_from)
        foreign = foreign_to(relative)
        dialect = None if foreign else dialect_of_path(relative)
        return _Spot(folder, beside.known, hints, settings, foreign, dialect)

    def _beside(self, folder: str, *, python: bool) -> _Beside:
        """What holds for every file in a folder, or for every Python file there."""
        found = self._besides.get((folder, python))
        if found is None:
            folders = self._folders
            known, listing = folders.known(folder), folders.listing(folder)
            settings = folders.settings_of_python(folder) if python else dict(known.settings)
            if listing.get("meta") and "_journal.json" in folders.listing(os.path.join(folder, "meta")):
                settings["drizzle.folder"] = "true"
            if self._votes.names_several(folder):
                settings["pop.folder"] = "true"
            found = _Beside(known, Hints(known.tools, settings), _sorted(settings))
            self._besides[folder, python] = found
        return found

    def _dialect(self, folder: str, tool: str, text: str, known: Known) -> str | None:
        if len(known.configured) == 1:
            # Drivers and URLs for MySQL are MariaDB's as well; the server says which of them it is.
            named = next(iter(known.configured))
            return "mariadb" if named == "mysql" and _only_mariadb(known.served) else named
        written = self._votes.of_files(folder)
        if written is None and tool != PLAIN:
            written = self._votes.of_programs(folder, tool)
        if written is None:
            written = speaks(tool, text)
        if written == SEVERAL:
            written = None
            known = known._replace(stand_ins=frozenset())
        mentioned = known.configured.union(*known.levels)
        if mentioned and written not in mentioned and tool in _BY_TYPES:
            written = None  # a type of the project's own may bear the name of another database's
        if written is not None:
            return "mariadb" if written == "mysql" and _only_mariadb(mentioned) else written
        left = known.configured
        for level in known.levels:
            left = (left & level or left) if left else level
        if left == {"mysql"} and _only_mariadb(known.served):
            return "mariadb"
        if not known.tested:  # SQLite beside tests on servers is there to make revisions with
            left = left or known.stand_ins
        return next(iter(left)) if len(left) == 1 else None

    def _script(self, path: str, settings: dict[str, str]) -> None:
        """Flyway's script configuration beside a file."""
        match = re.search(r"^\s*executeInTransaction\s*=\s*(\w+)", self._folders.text(path), re.MULTILINE)
        if match is not None:
            settings["flyway.script.executeInTransaction"] = match[1].lower()


def _sorted(settings: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(settings.items()))


def _only_mariadb(mentioned: frozenset[str]) -> bool:
    return "mariadb" in mentioned and "mysql" not in mentioned
