"""New files in the editor: made by a workspace edit, so that they are the user's to look at, change and save."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from partway.core.decode import Undecodable, decode
from partway.lsp.documents import uri_of
from partway.lsp.positions import Positions

if TYPE_CHECKING:
    from partway.core.source import SourceFile
    from partway.finishing import Finish
    from partway.lsp.server import Server
    from partway.tools.resuming import Change

_START = types.Range(types.Position(0, 0), types.Position(0, 0))


async def open_new(ls: Server, finish: Finish) -> str:
    """Make the files of a resume migration, with the changes that go with them, and show the first. What is wrong, in
    words; empty where all went well."""
    resumed = finish.resumed
    made = [(resumed.path, resumed.text), *((one.path, one.text) for one in resumed.beside)]
    for path, _ in made:
        if os.path.lexists(path):
            return f"{path} is there already: remove it first"
    if not _can_create(ls):
        return f"this editor makes no files for a server: save the answer as {resumed.path}, or run partway resume"
    changes: list[Any] = []
    for path, text in made:
        uri = uri_of(path)
        changes.append(types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False)))
        identified = types.OptionalVersionedTextDocumentIdentifier(uri)
        changes.append(types.TextDocumentEdit(identified, [types.TextEdit(_START, text)]))
    for change in resumed.changes:
        edit = _changed(ls, change)
        if edit is None:
            return f"{change.path}, which has to change with it, cannot be read"
        changes.append(edit)
    params = types.ApplyWorkspaceEditParams(types.WorkspaceEdit(document_changes=changes), "Resume migration")
    answer = await ls.workspace_apply_edit_async(params)
    if not answer.applied:
        return (
            f"the editor did not make the file{f': {answer.failure_reason}' if answer.failure_reason else ''}"
        )
    window = ls.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        shown = types.ShowDocumentParams(uri_of(resumed.path), take_focus=True)
        await ls.window_show_document_async(shown)
    return ""


def _can_create(ls: Server) -> bool:
    workspace = ls.client_capabilities.workspace
    edit = workspace.workspace_edit if workspace is not None else None
    # Neovim says that it makes files, and not that it takes `documentChanges`, without which there is no making them.
    operations = edit.resource_operations if edit is not None else None
    return bool(operations and types.ResourceOperationKind.Create in operations)


def _changed(ls: Server, change: Change) -> types.TextDocumentEdit | None:
    uri = uri_of(change.path)
    document = ls.documents.get(uri)
    source = document.source if document is not None else _read(change.path)
    if source is None:
        return None
    positions = document.positions if document is not None else Positions(source, ls.documents.encoding)
    edits = []
    for edit in change.edits:
        where = positions.range(edit.span)
        start, end = where["start"], where["end"]
        span = types.Range(
            types.Position(start["line"], start["character"]), types.Position(end["line"], end["character"])
        )
        edits.append(types.TextEdit(span, edit.text))
    version = document.version if document is not None else None
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), edits)


def _read(path: str) -> SourceFile | None:
    try:
        with open(path, "rb") as file:
            return decode(file.read(), path)
    except (OSError, Undecodable):
        return None
