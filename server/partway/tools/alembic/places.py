"""Where an alembic.ini says that environments are, and their revisions: one section for each (`alembic --name`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import normpath
from typing import NamedTuple

_SECTION = re.compile(r"^\[([^\]\r\n]+)\]", re.MULTILINE)
_OPTION = re.compile(
    r"^(script_location|version_locations|version_table|(?:version_)?path_separator)[ \t]*[=:]"
    r"([^\r\n]*(?:\r?\n(?:[ \t]+[^\r\n]*|(?=[ \t]+\S)))*)",
    re.MULTILINE,
)
#: What stands between two folders, by the word for it.
_BETWEEN = {"os": r"[:;]", ":": ":", ";": ";", "newline": r"[\r\n]+", "space": r"\s+"}


class Environment(NamedTuple):
    """What one section says: the folder of env.py, those of revisions that it names, and the table of its books where
    the section names one. Folders are as the file writes them, from its own folder on."""

    section: str
    scripts: str
    versions: tuple[str, ...] = ()
    table: str = ""


class Placed(NamedTuple):
    """The environment that runs a folder's revisions: the folder of its env.py, its name among those that share it,
    empty for one that shares it with none, and its table as above."""

    folder: str
    name: str = ""
    table: str = ""

    def settings(self, shown: str) -> dict[str, str]:
        """What follows for its revisions; `shown` is its folder as settings name it."""
        found = {"alembic.environment": f"{shown}:{self.name}" if self.name else shown}
        return found | {"alembic.version_table": self.table} if self.table else found


def environments(text: str) -> tuple[Environment, ...]:
    """The environments of an alembic.ini. Never raises."""
    starts = [(match[1].strip(), match.end(), match.start()) for match in _SECTION.finditer(text)]
    ends = [*(start for _, _, start in starts), len(text)][1:]
    sections = {
        name: {
            match[1].removeprefix("version_path_"): match[2].strip()
            for match in _OPTION.finditer(text, at, end)
        }
        for (name, at, _), end in zip(starts, ends, strict=True)
    }
    common = sections.pop("DEFAULT", {})
    found = []
    for name, own in sections.items():
        said = common | own
        if "script_location" in own or ("script_location" in said and own):
            between = said.get("separator", said.get("path_separator", ""))
            versions = re.split(_BETWEEN.get(between, r"[\s,]+"), said.get("version_locations", ""))
            folders = tuple(_folder(each) for each in versions if each.strip())
            found.append(
                Environment(name, _folder(said["script_location"]), folders, said.get("version_table", ""))
            )
    return tuple(found)


def _folder(written: str) -> str:
    """A folder as it is written, from the file's own on: `%(here)s/x`, `./x`, or `package:x`."""
    said = written.strip().replace("%(here)s", "").replace("\\", "/").replace(":", "/").strip("/")
    steps = [step for step in said.split("/") if step not in ("", ".")]
    return "/".join(steps)


class Places:
    """Looks for environments in the files that lie above revisions; `names` lists a folder, `text` reads a file, and
    `top` is where paths begin."""

    def __init__(
        self, names: Callable[[str], Mapping[str, bool]], text: Callable[[str], str], top: str = ""
    ) -> None:
        self._names = names
        self._text = text
        self._top = top
        self._known: dict[str, tuple[Environment, ...]] = {}

    def naming(self, folder: str) -> Placed | None:
        """The environment that names this folder, or one above it, as one of its revisions'."""
        for base, found in self._above(folder):
            for one in found:
                if any(_is_below(folder, each) for said in one.versions for each in self._meant(base, said)):
                    scripts = self._scripts(base, one)
                    shared = [other for other in found if other.scripts == one.scripts]
                    if scripts is not None:
                        return Placed(scripts, one.section if len(shared) > 1 else "", one.table)
        return None

    def only(self, folder: str) -> str | None:
        """The folder of the only env.py that the nearest alembic.ini speaks of."""
        for base, found in self._above(folder):
            scripts = {self._scripts(base, one) for one in found} - {None}
            if scripts:
                return scripts.pop() if len(scripts) == 1 else None
        return None

    def _above(self, folder: str) -> Iterator[tuple[str, tuple[Environment, ...]]]:
        """The alembic.ini files in a folder and above it, the nearest first."""
        while True:
            if folder not in self._known:
                there = self._names(folder).get("alembic.ini") is False
                self._known[folder] = (
                    environments(self._text(_joined(folder, "alembic.ini"))) if there else ()
                )
            if self._known[folder]:
                yield folder, self._known[folder]
            if folder == self._top or not folder.strip("/"):
                return
            folder = folder.rpartition("/")[0]

    def _scripts(self, base: str, one: Environment) -> str | None:
        folders = self._meant(base, one.scripts)
        return next((folder for folder in folders if self._names(folder).get("env.py") is False), None)

    def _meant(self, base: str, said: str) -> tuple[str, ...]:
        """What a folder can be: it is looked for from where Alembic is called, and a package where Python finds it."""
        return tuple(_joined(each, said) for each in (base, _joined(base, "src"), self._top))


def _joined(folder: str, more: str) -> str:
    joined = f"{folder}/{more}" if folder and more else folder or more
    return normpath(joined) if ".." in more else joined


def _is_below(folder: str, other: str) -> bool:
    return folder == other or folder.startswith(f"{other}/")
