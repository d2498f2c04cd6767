"""Where the project's apps lie: labels, folders of migrations, and the model that settings.AUTH_USER_MODEL names."""

from __future__ import annotations

import re
from typing import NamedTuple

from partway.tools.beside import Beside

_FOLDER = "migrations"
_OTHER_FOLDER = re.compile(r"\w+_migrations|migrations_\w+")
_LABEL = re.compile(r"^\s+label\s*(?::\s*str\s*)?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_MODEL = re.compile(r"^\s*(\w+_MODEL)\s*(?::\s*str\s*)?=\s*[\"'](\w+)\.(\w+)[\"']", re.MULTILINE)
_KEY = r"\s*(?::\s*str\s*)?=\s*[\"'](?:[\w.]*\.)?((?:Big|Small)?AutoField)[\"']"
_FIELD = re.compile(r"^\s*DEFAULT_AUTO_FIELD" + _KEY, re.MULTILINE)
_SKIPPED = frozenset(("node_modules", "static", "templates", "locale", "docs", "tests", _FOLDER))
#: So many folders are looked at for apps.
_MOST = 3000


def app_folder(path: str) -> str:
    """The folder of the app that a migration's path lies in; empty where it lies in no folder of migrations. One of
    another name, which MIGRATION_MODULES may give, counts where there is none of the usual."""
    folders = path.replace("\\", "/").split("/")[:-1]
    for is_one in (_FOLDER.__eq__, _OTHER_FOLDER.fullmatch):
        for at in range(len(folders) - 1, -1, -1):
            if is_one(folders[at]):
                return "/".join(folders[:at])
    return ""


def label(path: str, beside: Beside | None) -> str:
    """The label of the app that a migration belongs to."""
    folder = app_folder(path)
    name = folder.rpartition("/")[2]
    if beside is None or not name:
        return name
    return _label(folder, beside) or name


def _label(folder: str, beside: Beside) -> str:
    known: dict[str, str] = beside.memory.setdefault("django labels", {})
    if folder not in known:
        text = beside.text(f"{folder}/apps.py") if "apps.py" in beside.names(folder) else ""
        found = set(_LABEL.findall(text))
        known[folder] = found.pop() if len(found) == 1 else folder.rpartition("/")[2]
    return known[folder]


def folders(path: str, beside: Beside) -> dict[str, str]:
    """Folders of migrations by their app's label: of the apps beside this one, and of those a little further away."""
    known: dict[str, dict[str, str]] = beside.memory.setdefault("django apps", {})
    top = app_folder(path).rpartition("/")[0]
    if top not in known:
        found: dict[str, str] = {}
        seen = 0
        around = top
        while True:
            level = [around]
            for _ in range(3):
                below: list[str] = []
                for folder in level:
                    if seen >= _MOST:
                        break
                    seen += 1
                    names = beside.names(folder)
                    if names.get(_FOLDER):
                        found.setdefault(_label(folder, beside), f"{folder}/{_FOLDER}" if folder else _FOLDER)
                    below += [
                        f"{folder}/{name}" if folder else name
                        for name, is_folder in sorted(names.items())
                        if is_folder and name not in _SKIPPED and not name.startswith((".", "_"))
                    ]
                level = below
            if not around:
                break
            around = around.rpartition("/")[0]
        known[top] = found
    return known[top]


class Settings(NamedTuple):
    """What the project's settings say: swappable models, as (setting, app, name), the keys of tables by default (""
    for nothing), and where."""

    models: tuple[tuple[str, str, str], ...] = ()
    auto_field: str = ""
    places: tuple[str, ...] = ()


def settings(path: str, beside: Beside) -> Settings:
    """What the settings of the project say, which this migration belongs to."""
    known: dict[str, Settings] = beside.memory.setdefault("django settings", {})
    top = app_folder(path).rpartition("/")[0]
    if top not in known:
        known[top] = _settings(top, beside)
    for place in known[top].places:
        beside.rely(place)
    return known[top]


def _settings(top: str, beside: Beside) -> Settings:
    found = Settings()
    while True:
        names = beside.names(top)
        prefix = f"{top}/" if top else ""
        candidates = [prefix + "settings.py"] if "settings.py" in names else []
        for name, is_folder in sorted(names.items()):
            if not is_folder or name in _SKIPPED or name.startswith("."):
                continue
            inside = beside.names(prefix + name)
            if "settings.py" in inside:
                candidates.append(f"{prefix}{name}/settings.py")
            for settings in ("settings",) if "settings" in inside else ():
                files = beside.names(f"{prefix}{name}/{settings}")
                candidates += [
                    f"{prefix}{name}/{settings}/{file}" for file in sorted(files) if file.endswith(".py")
                ]
            if name == "settings":
                candidates += [f"{prefix}{name}/{file}" for file in sorted(inside) if file.endswith(".py")]
        for candidate in candidates:
            text = beside.text(candidate)
            models, field = tuple(dict.fromkeys(_MODEL.findall(text))), _FIELD.search(text)
            if models or field:
                found = Settings(
                    (*found.models, *models),
                    found.auto_field or (field[1] if field else ""),
                    (*found.places, candidate),
                )
        if not top or found.places:
            return found
        top = top.rpartition("/")[0]
