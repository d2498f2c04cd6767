"""What Django's settings say: one file, or a folder with one for each environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from partway.tools.evidence import FOREIGN, WORDS
from partway.tools.facts.found import Facts, add, add_default, url

# So many settings are read, and one folder holds more only in jest.
_MOST = 24
_PRODUCTION = frozenset(("production", "prod", "prd", "live", "deploy"))
_BASE = frozenset(("settings", "base", "common", "default", "defaults", "main", "shared", "__init__"))
_DEVELOPMENT = re.compile(r"(?:^|_)(?:local\w*|dev\w*|tests?|testing|ci|example|sample|docs?|build)(?:_|$)")
_MODULE = re.compile(r"DJANGO_SETTINGS_MODULE[\"']\s*,\s*[\"']([\w.]+)[\"']")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_ENGINE = re.compile(r"\bENGINE\b[\"']?\]?[ \t]*[=:](?!=)([^\r\n]*(?:\n[^\r\n:=]*)?)")
_BACKEND = re.compile(r"[\"'][\w.]*\bbackends?\.([\w.]+)[\"']")
_QUOTED = re.compile(r"[\"']((?:\w+\.)+\w+)[\"']")
_ADDRESS = re.compile(r"\bdj_database_url\.\w+|\benv\.(?:db|db_url|dj_db_url)\b|\bDATABASE_URL\b")
#: What an app has and a package of settings has not.
_OF_APPS = frozenset(("migrations", "models.py", "models"))
_SPECIAL = {"spatialite": "sqlite", "psqlextra": "postgresql", "mssql": "sqlserver"}


def read_settings(
    folder: str, listing: Callable[[str], Mapping[str, bool]], text: Callable[[str], str], facts: Facts
) -> None:
    """The settings of the project whose manage.py is in this folder.

    Production's own say more than those that all environments share, and these more than a developer's: the first of
    these groups that names a database decides. SQLite in a developer's or in the tests' only stands in; and so it does
    in what all share where the project asks for the driver of a server: its files do not say what runs elsewhere."""
    facts.tools.add("django")
    ranked: dict[int, list[str]] = {}
    for path in _files(folder, listing, text(os.path.join(folder, "manage.py"))):
        ranked.setdefault(_rank(path), []).append(path)
    drives_server = bool(facts.linked.keys() - {"sqlite"})
    for rank in sorted(ranked):
        for path in ranked[rank]:
            settings(text(path), facts, stands_in=rank == _DEVELOPERS or (drives_server and rank > 0))
        if facts.configured:
            return


def settings(source: str, facts: Facts, stands_in: bool = False) -> None:
    """One module of settings: the ENGINE of each database, and the schemes of URLs that stand in for one not given."""
    source = _COMMENT.sub("", source)
    for said in _ENGINE.finditer(source):
        for dotted in _QUOTED.finditer(said[1]):
            _note(dotted[1], facts, stands_in)
    for backend in _BACKEND.finditer(source):
        if "db." in backend[0]:
            _note(backend[1], facts, stands_in)
    for address in _ADDRESS.finditer(source):
        for scheme in url().finditer(source, address.end(), address.end() + 200):
            add_default(facts, scheme[1])


def _note(dotted: str, facts: Facts, stands_in: bool) -> None:
    for word in re.findall(r"[a-z]+\d*", dotted.lower()):
        named = _SPECIAL.get(word, word)
        if named in WORDS or named in FOREIGN:
            if stands_in:
                add_default(facts, named)
            else:
                add(facts.configured, named)
            return


# Which files ----------------------------------------------------------------------------------------------------------

_DEVELOPERS = 3


def _rank(path: str) -> int:
    """How much a module of settings says about production, 0 most."""
    stem = os.path.basename(path).removesuffix(".py").lower()
    stem = stem.removeprefix("settings_").removesuffix("_settings")
    if stem in _PRODUCTION:
        return 0
    if stem in _BASE:
        return 1
    return _DEVELOPERS if _DEVELOPMENT.search(stem) else 2


def _files(folder: str, listing: Callable[[str], Mapping[str, bool]], manage: str) -> list[str]:
    """The modules of settings: those that lie where Django's own templates and its users put them, and the one that
    manage.py names."""
    found: list[str] = []
    below = [os.path.join(folder, name) for name, is_folder in sorted(listing(folder).items()) if is_folder]
    for package in (folder, *below):
        names = listing(package)
        found += [os.path.join(package, name) for name in sorted(names) if _is_settings(name)]
        if names.get("settings"):
            inside = os.path.join(package, "settings")
            modules = listing(inside)
            if not modules.keys() & _OF_APPS:  # an app may have that name
                found += [os.path.join(inside, name) for name in sorted(modules) if name.endswith(".py")]
    named = _MODULE.search(manage)
    if named is not None:
        path = os.path.join(folder, *named[1].split("."))
        found += [f"{path}.py", os.path.join(path, "__init__.py")]
    return list(dict.fromkeys(found))[:_MOST]


def _is_settings(name: str) -> bool:
    return name.endswith(".py") and (name.startswith("settings") or name.endswith("_settings.py"))
