"""How every migration of the workspace stands in the chosen database: project by project, half-applied ones first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from partway.live.unreachable import Unreachable
from partway.lsp.documents import uri_of
from partway.lsp.protocol import Raw
from partway.lsp.workspace import migrations_below, workspace_folders

if TYPE_CHECKING:
    from partway.lsp.server import Server


async def project_status(ls: Server) -> Raw:
    """The database's name, and the projects: each with its `root`, a `message` that says why it could not be asked
    (None where it could), `troubles` that keep a tool from running anything, and its migrations as in the JSON of
    `status` with their `uri`; those that somebody has to see to first, then the latest.

    What the user stops half way is answered with what is there by then.
    """
    name = ls.live.database
    found = Raw(database=name, projects=[])
    if name is None:
        return found
    task = asyncio.ensure_future(_ask(ls, name, found["projects"]))
    ls.live.follow(task)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()  # raises what went wrong
    return found


async def _ask(ls: Server, name: str, projects: list[Raw]) -> None:
    folders = workspace_folders(ls)
    with ls.live.progress.during(f"Partway: asking {name} about every migration"):
        below = await ls.jobs.run(lambda: migrations_below(folders))
        # A database is a configuration's, and so is each answer.
        by_root: dict[str, list[str]] = {}
        for path in below:
            by_root.setdefault(ls.judge.config(path).root, []).append(path)
        for root, paths in by_root.items():
            project = Raw(root=root, message=None, troubles=[], migrations=[])
            try:
                migrations, troubles = await ls.live.look_at_all(name, paths)
            except Unreachable as error:
                project["message"] = str(error)
            else:
                said = [Raw(one, uri=uri_of(path)) for path, one in reversed(migrations)]
                project["migrations"] = sorted(
                    said, key=lambda one: (True, None, False).index(one["half_way"])
                )
                project["troubles"] = list(troubles)
            if project["message"] is not None or project["migrations"]:
                projects.append(project)
