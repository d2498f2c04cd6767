"""What the files in a project's folders say of how its migrations are run.

Files are read once each, bounded, as text; nothing is executed. Unreadable files and folders count as absent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from partway.core.footprint import Footprint, footprint
from partway.dialects.dialect import Version
from partway.tools.facts.alembic import ENVIRONMENT, of_environment
from partway.tools.facts.files import BELOW, LIMIT, SCANS, SQLX_CACHE
from partway.tools.facts.found import Facts

if TYPE_CHECKING:
    from partway.tools.alembic.places import Places


class Known(NamedTuple):
    """What is known for a folder, its ancestors included. `levels` are the sets of databases that servers and drivers
    speak of, from the nearest and firmest to the farthest; `configured` those that the nearest configuration names,
    `served` those that the nearest servers are of, `stand_ins` and `tested` as in `Facts`."""

    configured: frozenset[str] = frozenset()
    served: frozenset[str] = frozenset()
    stand_ins: frozenset[str] = frozenset()
    levels: tuple[frozenset[str], ...] = ()
    versions: tuple[tuple[str, Version], ...] = ()
    tools: frozenset[str] = frozenset()
    settings: tuple[tuple[str, str], ...] = ()
    tested: frozenset[str] = frozenset()


class Folders:
    """The folders of the project whose top is `root`. `looked_at` are every file and folder that was looked at, there
    or not, as it was: while all stay so, so does everything that they say."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.looked_at: dict[str, Footprint] = {}
        self._listings: dict[str, dict[str, bool]] = {}
        self._known: dict[str, Known] = {}
        self._places: Places | None = None

    def listing(self, folder: str) -> dict[str, bool]:
        """The names in a folder, each with whether it is a folder."""
        listing = self._listings.get(folder)
        if listing is None:
            self.looked_at[folder] = footprint(folder)
            try:
                with os.scandir(folder) as entries:
                    listing = {entry.name: _is_folder(entry) for entry in entries}
            except (OSError, ValueError):
                listing = {}
            self._listings[folder] = listing
        return listing

    def known(self, folder: str) -> Known:
        """What the files in a folder and in those around it say."""
        known = self._known.get(folder)
        if known is None:
            above = os.path.dirname(folder)
            inside = folder != self.root and above != folder and below(folder, self.root) != folder
            outer = self.known(above) if inside else Known()
            known = self._known[folder] = _together(self._facts(folder), outer)
        return known

    def _facts(self, folder: str) -> Facts:
        """What the files in this folder say, and those in the folders below it that are known by name."""
        facts = Facts()
        listing = self.listing(folder)
        for name in sorted(listing.keys() & SCANS.keys()):
            SCANS[name](self.text(os.path.join(folder, name)), facts)
        for inner, choices, scan in BELOW:
            if listing.get(inner):
                inside = self.listing(os.path.join(folder, inner))
                first = next((name for name in choices if name in inside), None)
                if first is not None:
                    scan(self.text(os.path.join(folder, inner, first)), facts)
        if listing.get(".sqlx"):
            queries = sorted(self.listing(os.path.join(folder, ".sqlx")))[:1]
            SQLX_CACHE(self.text(os.path.join(folder, ".sqlx", *queries)), facts)
        if "manage.py" in listing:
            from partway.tools.facts.django import read_settings

            read_settings(folder, self.listing, self.text, facts)
        if ENVIRONMENT in facts.settings:
            facts.settings[ENVIRONMENT] = below(folder, self.root)
        return facts

    def settings_of_python(self, folder: str) -> dict[str, str]:
        """The settings for a program in this folder: where an alembic.ini names the folder, those of its environment in
        place of what lies above it."""
        known = self.known(folder)
        settings = dict(known.settings)
        if "alembic" not in known.tools:
            return settings
        if self._places is None:
            from partway.tools.alembic.places import Places

            self._places = Places(self.listing, self.text, self.root.replace(os.sep, "/"))
        placed = self._places.naming(folder.replace(os.sep, "/"))
        if placed is None:
            return settings
        own = dict(self.known(os.path.normpath(placed.folder)).settings)
        return (
            {name: value for name, value in settings.items() if not of_environment(name)}
            | {name: value for name, value in own.items() if of_environment(name)}
            | placed.settings(below(placed.folder, self.root))
        )

    def text(self, path: str, limit: int = LIMIT) -> str:
        """The beginning of a file, whatever its bytes, so many of them at the most; empty when it cannot be read."""
        self.looked_at[path] = footprint(path)
        try:
            # A named pipe or a device would never end.
            if not os.path.isfile(path):
                return ""
            with open(path, "rb") as file:
                return file.read(limit).decode("utf-8", "replace")
        except (OSError, ValueError):
            return ""


def below(path: str, folder: str) -> str:
    """The path as seen from a folder; unchanged where it is not below it."""
    start = folder.rstrip(os.sep) + os.sep
    return path[len(start) :] if path.startswith(start) else path


def _together(own: Facts, outer: Known) -> Known:
    """A folder's own facts and those of the folders around it; the nearer ones weigh more."""
    levels = tuple(frozenset(found) for found in (own.served, own.linked) if found)
    versions = [
        (name, version)
        for found in (own.configured, own.served)
        for name, version in found.items()
        if version
    ]
    return Known(
        frozenset(own.configured) or outer.configured,
        frozenset(own.served) or outer.served,
        frozenset(own.stand_ins) or outer.stand_ins,
        (*levels, *outer.levels),
        (*versions, *outer.versions),
        outer.tools | own.tools,
        tuple({**dict(_outer(own, outer)), **own.settings}.items()),
        frozenset(own.tested) or outer.tested,
    )


def _outer(own: Facts, outer: Known) -> Iterator[tuple[str, str]]:
    """The settings that hold from outside: another Alembic environment's do not."""
    apart = ENVIRONMENT in own.settings
    return ((name, value) for name, value in outer.settings if not (apart and of_environment(name)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
