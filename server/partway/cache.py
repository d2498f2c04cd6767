"""The cache of findings: what was found in a file is kept under a digest of everything it follows from.

One file for each project, in the user's cache folder. Its first line is JSON: what made it, the names of all
rules, and what was looked at in the project. Each other line holds a key, a checksum and the findings of one
migration as JSON, so that only what is asked for is decoded. It can be deleted at any time. Two processes may write
it at once: it is replaced whole, the last one wins, and the other's findings are found again. Anything that is not
as it should be counts as not there.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from functools import cache
from json import dumps, loads
from typing import Any

from partway.core.digests import blake2b
from partway.core.footprint import Footprint, footprint
from partway.version import __version__

_MOST_ENTRIES = 20_000
_MOST_BYTES = 64 * 1024 * 1024
#: A project's cache that was not written for so long (seconds) is deleted when another one is.
_KEPT_FOR = 60 * 24 * 3600.0


def default_folder() -> str | None:
    """Where caches go: $PARTWAY_CACHE_DIR, or `partway` in the user's cache folder; None where there is no home."""
    named = os.environ.get("PARTWAY_CACHE_DIR")
    if named:
        return named
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return os.path.join(base, "partway") if os.path.isabs(base) else None


def maker() -> str:
    """A digest of what findings follow from besides the file: Partway's version and code."""
    digest = blake2b(f"{__version__} {sys.version_info[:2]}".encode(), digest_size=16)
    digest.update(_code())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """Path, size and time of each file of code. It does not change while it runs."""
    found = ""
    for path in _files():
        try:
            stat = os.stat(path)
        except OSError:
            continue
        found += f"{path} {stat.st_size} {stat.st_mtime_ns}\n"
    return found.encode(errors="surrogateescape")


def _files() -> Iterable[str]:
    """Partway's own files but for those that only present findings."""
    pending = [os.path.dirname(__file__)]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            if entry.is_dir():
                if entry.name not in ("__pycache__", "cli", "lsp"):
                    pending.append(entry.path)
            elif entry.name.endswith((".py", ".scm")):
                yield entry.path


def key(data: bytes, facts: Any) -> str:
    """The digest of a file's bytes and of everything else that its findings follow from (`facts`: any JSON value)."""
    digest = blake2b(data, digest_size=16)
    digest.update(b"\0")
    digest.update(dumps(facts, separators=(",", ":")).encode())
    return digest.hexdigest()


class Cache:
    """One project's cache. Read when made; written by `save`. Neither ever raises: a cache that cannot be used is
    empty."""

    def __init__(self, folder: str, root: str) -> None:
        name = blake2b(os.fsencode(os.path.normcase(root)), digest_size=12).hexdigest()
        self.path = os.path.join(folder, f"{name}.findings")
        self.maker = maker()
        #: Every name that can be selected or ignored, as `save` was last told; empty when nothing is cached.
        self.names: frozenset[str] = frozenset()
        self._entries: dict[str, bytes] = {}
        self._used: dict[str, bytes] = {}
        self._shortcuts: dict[str, str] = {}
        self._looked_at: dict[str, Footprint] = {}
        #: Whether there is anything to save.
        self.changed = False
        self._read()

    def _read(self) -> None:
        try:
            with open(self.path, "rb") as file:
                lines = file.read().split(b"\n")
            head = loads(lines[0])
            if head["maker"] != self.maker:
                return
            self.names = frozenset(head["names"])
            looked_at = {
                path: found and (found[0], found[1], found[2]) for path, found in head["looked_at"].items()
            }
            if all(footprint(path) == found for path, found in looked_at.items()):
                self._looked_at = looked_at
                self._shortcuts = {str(name): str(key) for name, key in head["shortcuts"].items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self.names = frozenset()
            return
        for line in lines[1:]:
            name, _, rest = line.partition(b" ")
            if rest:
                self._entries[name.decode("latin-1")] = rest

    def shortcut(self, name: str) -> str | None:
        """The key that was last worked out for what is known without looking at the project; None if none was, or if
        any file of the project that was looked at for it has changed."""
        return self._shortcuts.get(name)

    def remember(self, name: str, key: str, looked_at: dict[str, Footprint]) -> None:
        """Keep a shortcut, with what was looked at to work it out."""
        self._shortcuts[name] = key
        self._looked_at |= looked_at
        self.changed = True

    def get(self, name: str) -> Any:
        """The value that is kept under this key, None if there is none."""
        rest = self._entries.get(name)
        if rest is None:
            return None
        checksum, _, body = rest.partition(b" ")
        if checksum != _checksum(name, body):
            del self._entries[name]
            self.changed = True
            return None
        self._used[name] = rest
        return loads(body)

    def put(self, name: str, body: bytes) -> None:
        """Keep a value under this key; `body` is its JSON, on one line."""
        self._used[name] = _checksum(name, body) + b" " + body
        self.changed = True

    def save(self, names: frozenset[str]) -> None:
        """Write the cache, least recently used findings first out when it is full."""
        self.names = names
        # Entries used in this run go last, and the first ones are dropped.
        entries = {name: rest for name, rest in self._entries.items() if name not in self._used} | self._used
        size = 0
        kept: list[bytes] = []
        for name, rest in reversed(entries.items()):
            size += len(name) + len(rest) + 2
            if size > _MOST_BYTES or len(kept) >= _MOST_ENTRIES:
                break
            kept.append(name.encode("latin-1") + b" " + rest)
        shortcuts = dict(list(self._shortcuts.items())[-_MOST_ENTRIES:])
        head = dumps(
            {
                "maker": self.maker,
                "names": sorted(names),
                "looked_at": self._looked_at,
                "shortcuts": shortcuts,
            }
        ).encode()
        _replace(self.path, b"\n".join([head, *reversed(kept), b""]))


def _checksum(name: str, body: bytes) -> bytes:
    """Of the key as well: a damaged one may be another one's."""
    return blake2b(name.encode("latin-1") + b" " + body, digest_size=6).hexdigest().encode()


def _replace(path: str, data: bytes) -> None:
    """Put a whole new file in the place of `path`, or leave everything as it is; and tidy up beside it."""
    folder = os.path.dirname(path)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        _remove(temporary)
        return
    oldest = time.time() - _KEPT_FOR
    try:
        for entry in os.scandir(folder):
            if ".findings" in entry.name and entry.stat().st_mtime < oldest:
                _remove(entry.path)
    except OSError:
        return


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
