"""An editor for tests: pytest-lsp's client with a folder of its own, and the few steps that every test takes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

#: The command that editors run.
SERVER = [sys.executable, "-m", "partway", "server"]
#: The editors that the tests play. Today's Visual Studio Code asks for diagnostics; the one that pytest-lsp knows is
#: from before that and has them published, as Neovim 0.11 has since it cannot be told to ask again.
CLIENTS = ("visual-studio-code", "visual-studio-code-pulling", "neovim")


class Client(LanguageClient):
    """pytest-lsp's client, which also keeps what that one drops."""

    def __init__(self, features: dict[str, Any] | None = None) -> None:
        super().__init__(converter_factory=default_converter)
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.partial: dict[Any, list[Any]] = {}
        self.progressed: dict[Any, list[Any]] = {}
        self.registered: list[types.Registration] = []
        self.refuses_registration = False
        register_lsp_features(
            self, {**DEFAULT_CLIENT_FEATURES, types.PROGRESS: _progress, **_FEATURES, **(features or {})}
        )


def _publish(client: Client, params: types.PublishDiagnosticsParams) -> None:
    client.diagnostics[params.uri] = params.diagnostics
    client.published[params.uri] = params


def _register(client: Client, params: types.RegistrationParams) -> None:
    if client.refuses_registration:
        raise RuntimeError("no registrations here")
    client.registered += params.registrations


def _progress(client: Client, params: types.ProgressParams) -> None:
    value = params.value
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    (client.progressed if kind in ("begin", "report", "end") else client.partial).setdefault(
        params.token, []
    ).append(value)


_FEATURES = {
    types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _publish,
    types.CLIENT_REGISTER_CAPABILITY: _register,
}


def capabilities(name: str) -> types.ClientCapabilities:
    """What this editor says that it can do."""
    pulling = name.endswith("-pulling")
    found = client_capabilities(name.removesuffix("-pulling"))
    if pulling:
        assert found.text_document is not None
        assert found.workspace is not None
        found.text_document.diagnostic = types.DiagnosticClientCapabilities(dynamic_registration=True)
        found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
        found.general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf16])
    return found


@dataclass
class Editor:
    """One editor with one folder open in it."""

    client: Client
    name: str
    folder: Path
    result: types.InitializeResult
    versions: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def start(
        cls,
        name: str,
        folder: Path,
        *,
        capable: types.ClientCapabilities | None = None,
        settings: dict[str, Any] | None = None,
        options: Any = None,
        command: Sequence[str] = SERVER,
        env: dict[str, str] | None = None,
        client: Client | None = None,
    ) -> Editor:
        """Start a server on this folder. `settings` is what the editor has under "partway"."""
        client = client or Client()
        if settings is not None:
            client.set_configuration({"partway": settings})
        (folder / ".git").mkdir(parents=True, exist_ok=True)
        await client.start_io(*command, env={**os.environ, **(env or {})}, cwd=folder)
        uri = folder.as_uri()
        result = await client.initialize_session(
            types.InitializeParams(
                capabilities=capable or capabilities(name),
                root_uri=uri,
                workspace_folders=[types.WorkspaceFolder(uri, folder.name)],
                initialization_options=options,
            )
        )
        return cls(client, name, folder, result)

    async def stop(self) -> int:
        """Shut the server down as the specification has it; its exit code."""
        await self.client.shutdown_session()
        process = self.client._server
        assert process is not None
        code = await asyncio.wait_for(process.wait(), 20)
        await self.client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp has no types there
        return code

    @property
    def pulls(self) -> bool:
        """Whether the server would have this editor ask for diagnostics."""
        return self.result.capabilities.diagnostic_provider is not None

    @property
    def encoding(self) -> str:
        """The position encoding that was agreed."""
        agreed = self.result.capabilities.position_encoding or "utf-16"
        return str(getattr(agreed, "value", agreed))

    def uri(self, name: str) -> str:
        """The URI of a file in the folder."""
        return (self.folder / name).as_uri()

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file into the folder; its URI."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path.as_uri()

    def open(self, name: str, text: str, *, language: str = "sql") -> str:
        """Open a document; `name` is a path in the folder or a URI. Its URI."""
        uri = name if ":" in name else self.uri(name)
        self.versions[uri] = 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, 1, text))
        )
        return uri

    def change(self, uri: str, *changes: tuple[types.Range, str] | str) -> int:
        """Change a document: a range and its new text, or the whole text. The new version."""
        version = self.versions[uri] = self.versions[uri] + 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [
                    types.TextDocumentContentChangeWholeDocument(change)
                    if isinstance(change, str)
                    else types.TextDocumentContentChangePartial(range=change[0], text=change[1])
                    for change in changes
                ],
            )
        )
        return version

    def save(self, uri: str) -> None:
        """Say that a document was saved."""
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        """Close a document."""
        self.versions.pop(uri, None)
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    async def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """What the user sees on this version of a document."""
        if self.pulls:
            report = await self.pull(uri)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            return list(report.items)
        await self.settled()
        for _ in range(500):
            published = self.client.published.get(uri)
            if published is not None and published.version == self.versions.get(uri):
                return list(published.diagnostics)
            await asyncio.sleep(0.02)
        raise AssertionError(f"nothing was published for version {self.versions.get(uri)} of {uri}")

    async def codes(self, uri: str) -> list[str]:
        """The rules that a document breaks, in order of place."""
        return [str(one.code) for one in await self.diagnostics(uri)]

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """Ask for a document's diagnostics."""
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), identifier="partway", previous_result_id=previous
            )
        )

    async def settled(self) -> None:
        """Wait until all that was sent has been dealt with: requests are answered in order."""
        await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams("partway.explainRule", ["no-such-rule"])
        )

    async def configured(self) -> None:
        """Wait until the server has asked for what it wants to know and has dealt with the answers: each of its own
        questions goes out only after the answer to the one before."""
        for _ in range(8):
            await self.settled()
            await asyncio.sleep(0.01)

    async def actions(
        self,
        uri: str,
        where: types.Range,
        *,
        only: Sequence[types.CodeActionKind | str] | None = None,
        diagnostics: Sequence[types.Diagnostic] = (),
    ) -> list[types.CodeAction]:
        """The code actions for a stretch of a document."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                where,
                types.CodeActionContext(list(diagnostics), only=list(only) if only is not None else None),
            )
        )
        assert found is not None
        assert all(isinstance(one, types.CodeAction) for one in found)
        return [one for one in found if isinstance(one, types.CodeAction)]

    async def chosen(self, action: types.CodeAction) -> list[types.TextEdit]:
        """The edits of an action, resolved first where it came without."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        edit = action.edit
        assert edit is not None, action.title
        if edit.document_changes:
            [change] = edit.document_changes
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[change.text_document.uri]
            return [one for one in change.edits if isinstance(one, types.TextEdit)]
        assert edit.changes
        [edits] = edit.changes.values()
        return list(edits)

    async def symbols(self, uri: str) -> list[types.DocumentSymbol]:
        """The outline of a document."""
        found = await self.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
        )
        return [one for one in found or [] if isinstance(one, types.DocumentSymbol)]

    async def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        """What stands at a place."""
        return await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        )


def at(
    line: int, character: int, end_line: int | None = None, end_character: int | None = None
) -> types.Range:
    """A range, empty where no end is given."""
    start = types.Position(line, character)
    if end_line is None:
        return types.Range(start, start)
    return types.Range(start, types.Position(end_line, end_character or 0))


EVERYWHERE = at(0, 0, 10_000_000, 0)
