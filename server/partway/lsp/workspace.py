"""Diagnostics for every migration of the workspace, with progress, in portions that leave room for typing."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from partway.config import Config, ConfigError, Configs
from partway.core.decode import Undecodable, decode
from partway.core.source import SourceFile
from partway.inputs import gather
from partway.lsp.diagnostics import rendered, result_id
from partway.lsp.documents import path_of, uri_of
from partway.lsp.positions import Positions
from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from partway.lsp.server import Server

_PORTION = 25  # files read at once, and between two partial results
_LOOK_AGAIN = 5.0  # seconds: not every editor says when a file has changed on disk


class Reported(NamedTuple):
    """What a file was when it was last reported: its time of change, its size, the generation of settings, and the
    answer's id. As long as these hold, it need not be read to know that nothing has changed."""

    changed: int
    size: int
    generation: int
    identity: str


class _OnDisk(NamedTuple):
    """A file as it is now; no source where it is as it was reported, or cannot be read."""

    path: str
    source: SourceFile | None
    reported: Reported | None


async def diagnose(ls: Server, params: types.WorkspaceDiagnosticParams) -> Raw:
    """The report for the workspace. What has not changed since the editor's last result is said to be unchanged.

    Where nothing at all has changed, the request stays open until something does: an editor asks again as soon as it
    has its answer.
    """
    progress = _Progress(ls, params.work_done_token)
    try:
        while True:
            ls.news.clear()
            found = await _Pass(ls, params, progress).report()
            progress.done()
            if found is not None:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(ls.news.wait(), _LOOK_AGAIN)
    finally:
        ls.stopped.discard(params.work_done_token)
        progress.done()


class _Pass:
    """One look at every migration of the workspace."""

    def __init__(self, ls: Server, params: types.WorkspaceDiagnosticParams, progress: _Progress) -> None:
        self._ls = ls
        self._work = params.work_done_token
        self._portions = params.partial_result_token
        self._known = {one.uri: one.value for one in params.previous_result_ids}
        self._progress = progress
        self._items: list[Raw] = []
        self._news = not self._known

    async def report(self) -> Raw | None:
        """What is to be answered; None where all is as the editor knows it."""
        ls = self._ls
        folders = workspace_folders(ls)
        paths = await ls.jobs.run(lambda: migrations_below(folders))
        for start in range(0, len(paths), _PORTION):
            self._progress.at(start, len(paths))
            for found in await ls.jobs.run(partial(_read, ls, paths[start : start + _PORTION], self._known)):
                self._take(await _report(ls, found, self._known))
                await asyncio.sleep(0)
            self._send_portion()
            if self._work in ls.stopped:
                return Raw(items=self._items)
        for gone in _gone(ls, folders, self._known, set(paths)):
            self._take(gone)
        self._send_portion()
        ls.tell_problems()
        return Raw(items=self._items) if self._news else None

    def _take(self, report: Raw | None) -> None:
        if report is not None:
            self._items.append(report)
            self._news = self._news or report["kind"] != "unchanged"

    def _send_portion(self) -> None:
        if self._portions is not None and self._items and self._news:
            # The report says so itself: what went out in portions is not in the answer again.
            portion = Raw(items=list(self._items))
            self._ls.protocol.notify_raw("$/progress", Raw(token=self._portions, value=portion))
            self._items.clear()


async def _report(ls: Server, found: _OnDisk, known: dict[str, str]) -> Raw | None:
    """One file's report: from the editor's text where it is open, else from disk; None for what is no migration."""
    path = found.path
    document = ls.documents.by_path(path)
    generation = ls.judge.generation
    if document is not None:
        linted = await ls.linted_soon(document)
        uri, version = document.uri, document.version
        identity = ls.found_id(document)
        if known.get(uri) == identity:
            return Raw(kind="unchanged", uri=uri, version=version, resultId=identity)
        shown = ls.found(document, linted)
    else:
        uri, version = uri_of(path), None
        if found.source is None:
            if found.reported is None:
                return None
            return Raw(kind="unchanged", uri=uri, version=None, resultId=found.reported.identity)
        source = found.source
        identity = result_id(path, source.text, generation)
        if found.reported is not None:
            ls.reported[path] = found.reported._replace(generation=generation, identity=identity)
        if known.get(uri) == identity:
            return Raw(kind="unchanged", uri=uri, version=None, resultId=identity)
        linted = await ls.linted_text(path, source.text)
        shown = rendered(linted, Positions(source, ls.documents.encoding)) if linted is not None else []
    if linted is None:
        # No migration, or not any longer.
        return Raw(kind="full", uri=uri, version=version, items=[]) if known.get(uri) else None
    return Raw(kind="full", uri=uri, version=version, resultId=identity, items=shown)


def _read(ls: Server, paths: list[str], known: dict[str, str]) -> list[_OnDisk]:
    """These files, read where they may have changed since the editor's last result."""
    found = []
    generation = ls.judge.generation
    for path in paths:
        source = reported = None
        try:
            status = os.stat(path)
            before = ls.reported.get(path)
            reported = Reported(status.st_mtime_ns, status.st_size, generation, "")
            if before == reported._replace(identity=before.identity if before else "") and (
                before.identity and known.get(uri_of(path)) == before.identity
            ):
                reported = before
            else:
                with open(path, "rb") as file:
                    source = decode(file.read(), path)
        except (OSError, Undecodable):
            reported = None
        found.append(_OnDisk(path, source, reported))
    return found


def migrations_below(folders: list[str]) -> list[str]:
    """The files that may be migrations, as a folder walk of the command line finds them."""
    found = [one.path for folder in folders for one in gather([folder], _Forgiving()).files]
    return list(dict.fromkeys(found))


class _Forgiving(Configs):
    """A broken configuration excludes nothing. What is wrong with it is said when a file below it is judged."""

    def of(self, folder: str) -> Config:
        """The configuration for a folder's files."""
        try:
            return super().of(folder)
        except ConfigError:
            return Config(folder)


def _gone(ls: Server, folders: list[str], known: dict[str, str], paths: set[str]) -> Iterator[Raw]:
    """Empty reports for what the editor has results of and the walk has not met: deleted, or excluded now."""
    for uri in known:
        path = path_of(uri)
        inside = any(path.startswith(folder + os.sep) for folder in folders)
        if inside and path not in paths and ls.documents.get(uri) is None:
            ls.reported.pop(path, None)
            yield Raw(kind="full", uri=uri, version=None, items=[])


def workspace_folders(ls: Server) -> list[str]:
    """The workspace's folders; pygls keeps them by decoded URIs, which cannot be taken for URIs again."""
    uris = [folder.uri for folder in ls.workspace.folders.values()]
    if not uris and ls.workspace.root_uri:
        uris = [ls.workspace.root_uri]
    return [path for path in map(path_of, uris) if os.path.isdir(path)]


class _Progress:
    """Work done, told to the editor now and then."""

    def __init__(self, ls: Server, token: Any) -> None:
        self._ls = ls
        self._token = token
        self._said = -1
        self._send(
            {"kind": "begin", "title": "Partway: linting migrations", "percentage": 0, "cancellable": True}
        )

    def at(self, number: int, count: int) -> None:
        """So many files of so many are done."""
        percentage = 100 * number // count
        if percentage != self._said:
            self._said = percentage
            self._send({"kind": "report", "message": f"{number} of {count}", "percentage": percentage})

    def done(self) -> None:
        """Nothing more is told, however often the files are looked at again."""
        self._send({"kind": "end"})
        self._token = None

    def _send(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            self._ls.protocol.notify_raw("$/progress", Raw(token=self._token, value=value))
