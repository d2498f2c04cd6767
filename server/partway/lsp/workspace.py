"""Diagnostics for every migration of the workspace, with progress, in portions that leave room for typing."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from partway.config import ConfigError, Configs
from partway.core.decode import Undecodable, decode
from partway.core.source import SourceFile
from partway.inputs import gather
from partway.lsp.diagnostics import rendered, result_id
from partway.lsp.documents import uri_of
from partway.lsp.positions import Positions
from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from partway.lsp.server import Server

_PORTION = 25  # files between two partial results


async def diagnose(ls: Server, params: types.WorkspaceDiagnosticParams) -> Raw:
    """The report for the workspace. What has not changed since the editor's last result is said to be unchanged."""
    folders = [folder for folder in map(_path, ls.workspace.folders) if folder]
    known = {one.uri: one.value for one in params.previous_result_ids}
    paths = await ls.jobs.run(lambda: _migrations(folders))
    progress = _Progress(ls, params.work_done_token, len(paths))
    partial = params.partial_result_token
    items: list[Raw] = []
    try:
        for number, path in enumerate(paths):
            progress.at(number)
            report = await _report(ls, path, known)
            if report is not None:
                items.append(report)
            if partial is not None and len(items) >= _PORTION:
                _send_partial(ls, partial, items)
                items = []
            await asyncio.sleep(0)
    finally:
        progress.done()
    return Raw(items=items)


async def _report(ls: Server, path: str, known: dict[str, str]) -> Raw | None:
    """One file's report: from the editor's text where it is open, else from disk; None for what is no migration."""
    document = ls.documents.by_path(path)
    generation = ls.judge.generation
    if document is not None:
        linted = await ls.linted_soon(document)
        uri, source, version = document.uri, document.source, document.version
    else:
        found = await ls.jobs.run(lambda: _read(path))
        if found is None:
            return None
        uri, source, version = uri_of(path), found, None
        identity = result_id(path, source.text, generation)
        if known.get(uri) == identity:
            return Raw(kind="unchanged", uri=uri, version=None, resultId=identity)
        linted = await ls.jobs.run(lambda: ls.judge.judge(path, source.text))
    identity = result_id(path, source.text, generation)
    if known.get(uri) == identity:
        return Raw(kind="unchanged", uri=uri, version=version, resultId=identity)
    if linted is None:
        return None
    shown = rendered(linted, Positions(source, ls.documents.encoding))
    return Raw(kind="full", uri=uri, version=version, resultId=identity, items=shown)


def _read(path: str) -> SourceFile | None:
    try:
        with open(path, "rb") as file:
            return decode(file.read(), path)
    except (OSError, Undecodable):
        return None


def _migrations(folders: list[str]) -> list[str]:
    """The files that may be migrations, as a folder walk of the command line finds them."""
    found: list[str] = []
    for folder in folders:
        try:
            found += [one.path for one in gather([folder], Configs()).files]
        except ConfigError:
            continue  # said where it is used
    return list(dict.fromkeys(found))


def _path(uri: str) -> str:
    from partway.lsp.documents import path_of

    path = path_of(uri)
    return path if os.path.isdir(path) else ""


def _send_partial(ls: Server, token: Any, items: list[Raw]) -> None:
    params = {"token": token, "value": {"items": items}}
    ls.protocol.write({"jsonrpc": "2.0", "method": "$/progress", "params": params})


class _Progress:
    """Work done, told to the editor now and then."""

    def __init__(self, ls: Server, token: Any, count: int) -> None:
        self._ls = ls
        self._token = token
        self._count = max(count, 1)
        self._said = -1
        self._send(
            {"kind": "begin", "title": "Partway: linting migrations", "percentage": 0, "cancellable": True}
        )

    def at(self, number: int) -> None:
        """So many files are done."""
        percentage = 100 * number // self._count
        if percentage != self._said:
            self._said = percentage
            self._send({"kind": "report", "message": f"{number} of {self._count}", "percentage": percentage})

    def done(self) -> None:
        """Nothing more comes."""
        self._send({"kind": "end"})

    def _send(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            params = {"token": self._token, "value": value}
            self._ls.protocol.write({"jsonrpc": "2.0", "method": "$/progress", "params": params})
