"""Which request goes to which handler."""

from __future__ import annotations

from lsprotocol import types

from partway.lsp import handlers, live_handlers, resume_handlers
from partway.lsp.actions import KINDS
from partway.lsp.server import Server


def create() -> Server:
    """A server with every feature on it."""
    server = Server()
    server.feature(types.INITIALIZE)(handlers.initialize)
    server.feature(types.INITIALIZED)(handlers.initialized)
    server.feature(types.SHUTDOWN)(handlers.shutdown)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(handlers.configured)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(handlers.watched)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(handlers.saved)
    server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=True, identifier="partway"
        ),
    )(handlers.diagnostics)
    server.protocol.at_once[types.TEXT_DOCUMENT_DIAGNOSTIC] = handlers.diagnostics_at_once
    server.feature(types.WORKSPACE_DIAGNOSTIC)(handlers.workspace_diagnostics)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(handlers.cancelled)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=list(KINDS),
            resolve_provider=True,
        ),
    )(handlers.code_actions)
    server.feature(types.CODE_ACTION_RESOLVE)(handlers.resolve)
    server.feature(types.TEXT_DOCUMENT_HOVER)(handlers.hover)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(handlers.symbols)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))(
        live_handlers.code_lenses
    )
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=False))(
        live_handlers.inlay_hints
    )
    server.command("partway.databases")(live_handlers.databases)
    server.command("partway.useDatabase")(live_handlers.use_database)
    server.command("partway.chooseDatabase")(live_handlers.choose_database)
    server.command("partway.refreshStatus")(live_handlers.refresh_status)
    server.command("partway.showStatus")(live_handlers.show_status)
    server.command("partway.projectStatus")(live_handlers.project_status)
    server.command("partway.migrationStatus")(live_handlers.migration_status)
    server.command("partway.resume")(resume_handlers.resume)
    server.command("partway.explainRule")(handlers.explain_rule)
    server.command("partway.operations")(handlers.operations)
    return server
