"""What happens on each request and notification. None of them fails: what goes wrong is logged, the answer is empty."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from partway.lsp.diagnostics import together
from partway.lsp.documents import path_of
from partway.lsp.judging import read_settings
from partway.lsp.live_settings import read_live_settings
from partway.lsp.protocol import Raw, Ready
from partway.lsp.server import INLINE, WATCHED, Server

if TYPE_CHECKING:
    from partway.linting import Linted
    from partway.lsp.documents import Document

logger = logging.getLogger("partway")
F = TypeVar("F", bound=Callable[..., Any])


def answered(empty: Callable[[], Any]) -> Callable[[F], F]:
    """A handler that never fails: what goes wrong is logged, and the editor gets an empty answer."""

    def decorate(handler: F) -> F:
        if asyncio.iscoroutinefunction(handler):

            @wraps(handler)
            async def later(ls: Server, *arguments: Any) -> Any:
                try:
                    return await handler(ls, *arguments)
                except Exception:
                    logger.exception("%s failed", handler.__name__)
                    return empty()

            return later  # type: ignore[return-value]  # F is what was wrapped

        @wraps(handler)
        def now(ls: Server, *arguments: Any) -> Any:
            try:
                return handler(ls, *arguments)
            except Exception:
                logger.exception("%s failed", handler.__name__)
                return empty()

        return now  # type: ignore[return-value]  # F is what was wrapped

    return decorate


def _report(identity: str, items: list[Ready]) -> Raw:
    return Raw(kind="full", resultId=identity, items=together(items))


@answered(lambda: None)
def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Take what the editor can do and the settings that it sends along."""
    text_document = params.capabilities.text_document
    workspace = params.capabilities.workspace
    # An editor that cannot be told to ask again would show what was right before the configuration changed.
    refresh = workspace and workspace.diagnostics and workspace.diagnostics.refresh_support
    ls.pulls = bool(text_document and text_document.diagnostic and refresh)
    edits = workspace.workspace_edit if workspace else None
    ls.documents.versioned_edits = bool(edits and edits.document_changes)
    options = params.initialization_options
    said = options.get("settings", options) if isinstance(options, dict) else None
    section = said.get("partway", said) if isinstance(said, dict) else None
    ls.judge.settings, _ = read_settings(section)
    ls.live.trusted = not (isinstance(options, dict) and options.get("trusted") is False)
    ls.live.settings, _ = read_live_settings(section)


@answered(lambda: None)
async def initialized(ls: Server, _params: types.InitializedParams) -> None:
    """Register for changes of files and settings, and ask for the settings."""
    from partway.lsp.settings import pull, watch

    ls.live.start()
    await watch(ls, WATCHED)
    await pull(ls)


@answered(lambda: None)
def shutdown(ls: Server, _params: None) -> None:
    """Take leave of the databases."""
    ls.live.close()


@answered(lambda: None)
async def configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Settings have changed."""
    from partway.lsp.settings import pull, take

    if not await pull(ls):
        take(ls, params.settings)


@answered(lambda: None)
def watched(ls: Server, _params: types.DidChangeWatchedFilesParams) -> None:
    """A file that findings follow from has changed on disk."""
    ls.relint()


@answered(lambda: None)
async def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A configuration has been saved, or a migration that others are judged by, or that a database is asked about."""
    ls.news.set()
    document = ls.documents.get(params.text_document.uri)
    if document is not None:
        ls.live.saved(document)
    path = path_of(params.text_document.uri)
    name = os.path.basename(path)
    if any(fnmatchcase(name, pattern) for pattern in WATCHED) or await ls.jobs.run(
        lambda: ls.judge.beside_changed(path)
    ):
        ls.relint()


@answered(lambda: None)
def cancelled(ls: Server, params: types.WorkDoneProgressCancelParams) -> None:
    """The user has stopped work that shows its progress."""
    ls.stopped.add(params.token)
    ls.live.stopped(params.token)


@answered(lambda: _report("", []))
async def diagnostics(ls: Server, params: types.DocumentDiagnosticParams) -> Any:
    """The findings of one document, or that they are as they were."""
    document = ls.documents.get(params.text_document.uri)
    if document is None:
        return _report("", [])
    return _findings(ls, document, await ls.linted_soon(document), params.previous_result_id)


@answered(lambda: None)
def diagnostics_at_once(ls: Server, params: types.DocumentDiagnosticParams) -> Raw | None:
    """The same of a short document, without a turn of the event loop; None where it takes longer."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or len(document.source.text) > INLINE:
        return None
    return _findings(ls, document, ls.linted(document), params.previous_result_id)


def _findings(ls: Server, document: Document, linted: Linted | None, previous: str | None) -> Raw:
    identity = ls.found_id(document)
    if identity == previous:
        return Raw(kind="unchanged", resultId=identity)
    return _report(identity, ls.found(document, linted))


@answered(lambda: Raw(items=[]))
async def workspace_diagnostics(ls: Server, params: types.WorkspaceDiagnosticParams) -> Any:
    """The findings of every migration in the workspace."""
    from partway.lsp.workspace import diagnose

    return await diagnose(ls, params)


@answered(list)
async def code_actions(ls: Server, params: types.CodeActionParams) -> Any:
    """What can be done about the findings in a stretch of a document."""
    from partway.lsp.actions import QUICK_FIX, actions, resolved, to_resume, wanted

    document = ls.documents.get(params.text_document.uri)
    linted = await ls.linted_soon(document) if document is not None else None
    if document is None or linted is None:
        return []
    only = (
        [str(getattr(kind, "value", kind)) for kind in params.context.only] if params.context.only else None
    )
    found = list(actions(document, linted, document.positions.span(params.range), only))
    answer = ls.live.answers.get(document.uri)
    if answer is not None and answer.said["half_way"] and wanted(QUICK_FIX, only):
        found.append(to_resume(document.uri))
    if not _resolves(ls):
        for action in found:
            if "data" not in action:
                continue
            edit = resolved(
                document, linted, action.pop("data"), lambda source: ls.lint_text(document, source)
            )
            if edit is not None:
                action["edit"] = edit
    return found


async def resolve(ls: Server, params: types.CodeAction) -> Any:
    """The action that was chosen, with its edit; without one where there is nothing to change."""
    answer = Raw(title=params.title)
    if params.kind is not None:
        answer["kind"] = str(getattr(params.kind, "value", params.kind))
    edit = await _edit_of(ls, params.data if isinstance(params.data, dict) else {})
    if edit is not None:
        answer["edit"] = edit
    return answer


@answered(lambda: None)
async def _edit_of(ls: Server, data: dict[str, Any]) -> dict[str, Any] | None:
    from partway.lsp.actions import resolved

    document = ls.documents.get(str(data.get("uri")))
    if document is None or document.version != data.get("version"):
        return None  # the document has moved on: an edit for another text would do harm
    linted = await ls.linted_soon(document)
    if linted is None or document.version != data["version"]:
        return None
    return resolved(document, linted, data, lambda source: ls.lint_text(document, source))


@answered(lambda: None)
async def hover(ls: Server, params: types.HoverParams) -> Any:
    """What an operation does, how it behaves in a transaction, what a failure leaves."""
    from partway.lsp import standing
    from partway.lsp.explain import hover as explained

    document = ls.documents.get(params.text_document.uri)
    linted = await ls.linted_soon(document) if document is not None else None
    if document is None or linted is None:
        return None
    offset = document.positions.offset(params.position.line, params.position.character)
    found = explained(linted, offset)
    if found is None:
        return None
    text, span = found
    known = ls.live.shown(document, linted.migration)
    if known is not None and (state := standing.explained(*known, offset)):
        text = f"{state}\n\n---\n\n{text}"
    return Raw(contents={"kind": "markdown", "value": text}, range=document.positions.range(span))


@answered(list)
async def symbols(ls: Server, params: types.DocumentSymbolParams) -> Any:
    """The operations of a document."""
    from partway.lsp.explain import symbols as explained

    document = ls.documents.get(params.text_document.uri)
    linted = await ls.linted_soon(document) if document is not None else None
    return (
        explained(linted.migration, document.positions) if document is not None and linted is not None else []
    )


@answered(lambda: None)
def explain_rule(_ls: Server, rule: str) -> Any:
    """A rule's page as Markdown; None for a name that is no rule's."""
    from partway.lsp.pages import markdown

    return markdown(rule)


@answered(lambda: None)
async def operations(ls: Server, asked: Any) -> Any:
    """What `partway inspect --format json` says of a document."""
    from partway.analysis import analyse
    from partway.inspection import document as inspected

    uri = asked.get("uri") if isinstance(asked, dict) else getattr(asked, "uri", asked)
    document = ls.documents.get(str(uri))
    if document is None:
        return None
    linted = await ls.linted_soon(document) or ls.lint_text(document, document.source)
    return Raw(inspected(document.path, analyse(linted.migration, ())))


def _resolves(ls: Server) -> bool:
    """Whether the editor asks for an action's edit when it is chosen."""
    text_document = ls.client_capabilities.text_document
    support = text_document and text_document.code_action and text_document.code_action.resolve_support
    return bool(support and "edit" in support.properties)
