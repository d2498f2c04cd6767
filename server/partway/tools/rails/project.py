"""What a project's other files say for its migrations: which Rails runs them, and its own plurals."""

from __future__ import annotations

import re

from partway.tools.beside import Beside
from partway.tools.rails.inflection import Inflector, inflector

_LOCKED = re.compile(r"^    (?:activerecord|rails) \((\d+)\.(\d+)", re.MULTILINE)
_WANTED = re.compile(
    r"^[ \t]*gem[ \t(]+[\"'](?:activerecord|rails)[\"'],[ \t]*[\"'](?:~>|>=|=)?[ \t]*(\d+)\.(\d+)",
    re.MULTILINE,
)
_BRACKET = re.compile(r"<\s*(?:::)?ActiveRecord::Migration\[(\d+)\.(\d+)\]")
#: What tells which Rails it is: the very version first, then what is asked for.
_TELLING = (("Gemfile.lock", _LOCKED), ("Gemfile", _WANTED))
_INFLECTIONS = "config/initializers/inflections.rb"


def rails_of(path: str, beside: Beside | None) -> tuple[int, ...]:
    """The version of Rails in the nearest Gemfile.lock, else in the nearest Gemfile, else at least that of the newest
    migration beside; empty where nothing tells."""
    for name, pattern in _TELLING if beside is not None else ():
        for folder in _above(path):
            said = _said(beside, folder + name)
            found = pattern.search(said) if said else None
            if found is not None:
                return int(found[1]), int(found[2])
    return _newest(path, beside) if beside is not None else ()


def _newest(path: str, beside: Beside) -> tuple[int, ...]:
    """The version in the newest migration of the folder, as in an engine without a Gemfile of its own: nothing older
    runs it. Empty where it has none."""
    folder = path.replace("\\", "/").rpartition("/")[0]
    key = "rails newest", folder
    if key not in beside.memory:
        names = [name for name in beside.names(folder) if name.endswith(".rb") and name[:1].isdigit()]
        beside.memory[key] = f"{folder}/{max(names)}" if names else ""
    newest = str(beside.memory[key])
    if not newest or newest == path:
        return ()
    found = _BRACKET.search(_said(beside, newest))
    return (int(found[1]), int(found[2])) if found is not None else ()


def inflector_of(path: str, beside: Beside | None) -> Inflector:
    """The plurals of the project that a migration belongs to."""
    for folder in _above(path) if beside is not None else ():
        said = _said(beside, folder + _INFLECTIONS)
        if said:
            return inflector(said)
    return inflector()


def model_text(path: str, beside: Beside | None, model: str) -> str:
    """The file of a model of the project; empty where it has none at the place where Rails looks for it."""
    return text_of(path, beside, f"app/models/{model}.rb")


def text_of(path: str, beside: Beside | None, *places: str) -> str:
    """The first of these files that the project has, by their paths from its top; empty where it has none."""
    for folder in _above(path) if beside is not None else ():
        for place in places:
            said = _said(beside, folder + place)
            if said:
                return said
    return ""


def _said(beside: Beside | None, path: str) -> str:
    """A file's text, read once for all migrations."""
    if beside is None:
        return ""
    key = "rails", path
    if key not in beside.memory:
        folder, _, name = path.rpartition("/")
        beside.memory[key] = beside.text(path) if name in beside.names(folder) else ""
    if beside.memory[key]:
        beside.rely(path)
    return str(beside.memory[key])


def _above(path: str) -> list[str]:
    """The folders above a file, the nearest first, each with its slash; the project's top is the empty one."""
    if path.startswith("/"):
        return []
    folders = path.replace("\\", "/").split("/")[:-1]
    return ["/".join(folders[:count]) + "/" if count else "" for count in range(len(folders), -1, -1)][:6]
