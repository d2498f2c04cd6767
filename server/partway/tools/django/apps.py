"""Where the project's apps lie: labels, folders of migrations, and the model that settings.AUTH_USER_MODEL names."""

from __future__ import annotations

import re

from partway.tools.beside import Beside

_FOLDER = "migrations"
_LABEL = re.compile(r"^\s+label\s*(?::\s*str\s*)?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_USER = re.compile(r"^\s*AUTH_USER_MODEL\s*(?::\s*str\s*)?=\s*[\"'](\w+)\.(\w+)[\"']", re.MULTILINE)
_SKIPPED = frozenset(("node_modules", "static", "templates", "locale", "docs", "tests", _FOLDER))
#: So many folders are looked at for apps.
_MOST = 3000


def app_folder(path: str) -> str:
    """The folder of the app that a migration's path lies in; empty where it lies in no folder of migrations."""
    folders = path.replace("\\", "/").split("/")[:-1]
    for at in range(len(folders) - 1, -1, -1):
        if folders[at] == _FOLDER:
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


def user_model(path: str, beside: Beside) -> tuple[str, str]:
    """What settings.AUTH_USER_MODEL names, auth.User unless the project's settings say otherwise."""
    known: dict[str, tuple[tuple[str, str], str]] = beside.memory.setdefault("django user", {})
    top = app_folder(path).rpartition("/")[0]
    if top not in known:
        known[top] = _user_model(top, beside)
    found, place = known[top]
    if place:
        beside.rely(place)
    return found


def _user_model(top: str, beside: Beside) -> tuple[tuple[str, str], str]:
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
            match = _USER.search(beside.text(candidate))
            if match:
                return (match[1], match[2]), candidate
        if not top:
            return ("auth", "User"), ""
        top = top.rpartition("/")[0]
