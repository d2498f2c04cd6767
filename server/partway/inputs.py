"""From the paths of a command line to the files to read: folders are walked, what does not belong is left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from partway.config import Config, Configs
from partway.core.globs import Globs
from partway.tools.suffixes import SUFFIXES, may_hold

#: Folders that hold other people's migrations, or none. Hidden folders are left out as well.
SKIPPED = frozenset({"node_modules", "vendor", "venv", "virtualenv", "site-packages", "__pycache__"})


class Input(NamedTuple):
    """A file to read. `shown` is its path as the user will see it, `path` is absolute, `relative` is from the root
    of `config` with forward slashes. `base` is the folder that a walk began in, empty for a file that was named: one
    that was met in a walk may be no migration at all. `data` is what was given in place of the file, as on stdin."""

    shown: str
    path: str
    relative: str
    config: Config
    base: str = ""
    data: bytes | None = None


class Inputs(NamedTuple):
    """The files, in order and each once; the paths that do not exist; what could not be looked into, and why; and the
    folders named."""

    files: list[Input]
    missing: list[str]
    unreadable: list[tuple[str, str]]
    folders: list[str]


def gather(paths: list[str], configs: Configs, *, force_exclude: bool = False) -> Inputs:
    """The files that these paths name. With `force_exclude` a file that is named is treated like one met in its folder.

    Raises ConfigError.
    """
    found = Inputs([], [], [], [])
    seen: set[str] = set()
    for path in paths:
        absolute = os.path.abspath(path)
        try:
            mode = os.stat(absolute).st_mode
        except (FileNotFoundError, NotADirectoryError):
            found.missing.append(path)
            continue
        except (OSError, ValueError) as error:
            found.unreadable.append((path, reason(error)))
            continue
        if stat.S_ISDIR(mode):
            found.folders.append(path)
            walk = _Walk(absolute, configs, found.unreadable)
            files = walk.files("" if path in (".", "./") else path)
        else:
            config = configs.of(os.path.dirname(absolute))
            relative = _relative(absolute, config.root)
            left_out = force_exclude and config.exclude.match(relative)
            base = config.root if force_exclude and not config.include.match(relative) else ""
            files = iter(() if left_out else (Input(path, absolute, relative, config, base),))
        for one in files:
            if one.path not in seen:
                seen.add(one.path)
                found.files.append(one)
    return found


def reason(error: OSError | ValueError) -> str:
    """Why the system refused, in its words."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def _relative(path: str, root: str) -> str:
    try:
        relative = os.path.relpath(path, root)
    except ValueError:  # another drive
        return path.replace(os.sep, "/")
    return relative.replace(os.sep, "/")


class _Walk:
    """One walk through a folder. Links to folders are not followed, so it ends; links to files are."""

    def __init__(self, base: str, configs: Configs, unreadable: list[tuple[str, str]]) -> None:
        self._base = base
        self._configs = configs
        self._unreadable = unreadable

    def files(self, shown: str) -> Iterator[Input]:
        """Every file below that may be a migration, in the order of names."""
        root = self._configs.of(self._base).root
        yield from self._walk(self._base, shown, _ignored_above(self._base, root))

    def _walk(self, folder: str, shown: str, ignored: _Ignored) -> Iterator[Input]:
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self._unreadable.append((shown or folder, reason(error)))
            return
        config: Config | None = None
        ignored = ignored.inside(folder, any(entry.name == ".gitignore" for entry in entries))
        for entry in entries:
            name = entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if name.startswith(".") or (is_folder and name in SKIPPED):
                continue
            if not is_folder and not name.lower().endswith(SUFFIXES):
                continue
            config = config or self._configs.of(folder)
            # What tells most files quickly comes first: projects have thousands of programs and long lists of patterns.
            if not is_folder and config.include.empty and not may_hold(entry.path.replace(os.sep, "/"), name):
                continue
            if ignored.takes(entry.path, folder=is_folder):
                continue
            relative = _below(entry.path, config.root)
            if config.exclude.verdict(relative, folder=is_folder):
                continue
            label = os.path.join(shown, name) if shown else name
            if is_folder:
                if not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                    yield from self._walk(entry.path, label, ignored)
            elif _is_file(entry):
                base = "" if config.include.match(relative) else self._base
                if base and not may_hold(entry.path.replace(os.sep, "/"), name):
                    continue
                yield Input(label, entry.path, relative, config, base)


def _below(path: str, root: str) -> str:
    relative = path[len(root) :].lstrip(os.sep) if path.startswith(root) else os.path.relpath(path, root)
    return relative.replace(os.sep, "/")


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A regular file, or a link that leads nowhere: that one is for the reader to complain about. A pipe would wait
    for ever."""
    try:
        return entry.is_file() or (entry.is_symlink() and not os.path.exists(entry.path))
    except OSError:
        return True


class _Ignored(NamedTuple):
    """The .gitignore files that hold for a folder: each with the folder it lies in, outermost first."""

    files: tuple[tuple[str, Globs], ...] = ()

    def inside(self, folder: str, present: bool) -> _Ignored:
        """With the folder's own .gitignore, if it has one."""
        if not present:
            return self
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                lines = [line.rstrip("\r\n").rstrip(" ") for line in file]
        except OSError:
            return self
        globs = Globs(line for line in lines if line and not line.startswith("#"))
        return self if globs.empty else _Ignored((*self.files, (folder, globs)))

    def takes(self, path: str, *, folder: bool) -> bool:
        """Whether git would leave this path out; the innermost file that says anything about it decides."""
        for base, globs in reversed(self.files):
            verdict = globs.verdict(_below(path, base), folder=folder)
            if verdict is not None:
                return verdict
        return False


def _ignored_above(folder: str, root: str) -> _Ignored:
    """What the .gitignore files above a folder say, from the project's top on."""
    above: list[str] = []
    here = folder
    while here != root and len(here) > len(root):
        here = os.path.dirname(here)
        above.append(here)
    ignored = _Ignored()
    for one in reversed(above):
        ignored = ignored.inside(one, present=True)
    return ignored


def from_stdin(name: str | None, configs: Configs) -> Input:
    """What stands on stdin, under the path that it is said to go by."""
    import sys

    absolute = os.path.abspath(name or "-")
    config = configs.of(os.path.dirname(absolute))
    return Input(
        name or "-", absolute, _relative(absolute, config.root), config, data=sys.stdin.buffer.read()
    )
