"""How every migration of the workspace stands in the chosen database: project by project, half-applied ones first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from partway.core.decode import Undecodable, decode
from partway.live.unreachable import Unreachable
from partway.lsp.documents import uri_of
from partway.lsp.protocol import Raw
from partway.lsp.workspace import migrations_below, workspace_folders

if TYPE_CHECKING:
    from partway.lsp.server import Server

#: So many migrations of a project are asked about, the latest ones: old ones stopped long ago, or never.
MOST = 100


async def project_status(ls: Server) -> Raw:
    """The database's name, and the projects: each with its folder, why it could not be asked (None where it could),
    its migrations as in the JSON of `status` with their `uri`, and how many `older` ones were not asked about.

    What the user stops half way is answered with what is there by then.
    """
    name = ls.live.database
    found = Raw(database=name, projects=[])
    if name is None:
        return found
    folders = workspace_folders(ls)
    by_root: dict[str, list[str]] = {}
    for path in await ls.jobs.run(lambda: migrations_below(folders)):
        by_root.setdefault(ls.judge.root(path), []).append(path)
    task = asyncio.ensure_future(_ask(ls, name, by_root, found["projects"]))
    ls.live.follow(task)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()  # raises what went wrong
    for project in found["projects"]:
        project["migrations"].sort(key=lambda said: said["half_way"] is not True)
    return found


async def _ask(ls: Server, name: str, by_root: dict[str, list[str]], projects: list[Raw]) -> None:
    with ls.live.progress.during(f"Partway: asking {name} about every migration"):
        for root, paths in by_root.items():
            texts = await ls.jobs.run(lambda paths=paths: _texts(ls, paths))  # type: ignore[misc]
            if texts:
                project = Raw(root=root, message=None, migrations=[], older=max(0, len(texts) - MOST))
                projects.append(project)
                await _ask_project(ls, name, texts[-MOST:][::-1], project)


async def _ask_project(ls: Server, name: str, texts: list[tuple[str, str]], project: Raw) -> None:
    for path, text in texts:
        try:
            answer = await ls.live.look(name, path, text)
        except Unreachable as error:
            project["message"] = str(error)
            return
        project["migrations"].append(Raw(answer.said, uri=uri_of(path)))


def _texts(ls: Server, paths: list[str]) -> list[tuple[str, str]]:
    """The migrations among these files, in order, with the editor's text of those that are open."""
    found: list[tuple[str, str]] = []
    for path in sorted(paths, key=_in_order):
        document = ls.documents.by_path(path)
        try:
            if document is not None:
                text = document.source.text
            else:
                with open(path, "rb") as file:
                    text = decode(file.read(), path).text
            if ls.judge.is_migration(path, text):
                found.append((path, text))
        except (OSError, Undecodable):
            continue
    return found


def _in_order(path: str) -> list[Any]:
    """By the numbers in a name, as tools count: 10 comes after 9."""
    import re

    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path) if part]
