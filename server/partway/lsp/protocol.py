"""Partway's side of the wire: pygls's protocol, with our own documents, plain answers, and the exit code kept."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification

if TYPE_CHECKING:
    from collections.abc import Generator

    from partway.lsp.server import Server

logger = logging.getLogger(__name__)


class Raw(dict[str, Any]):
    """An answer that is written as it stands: hundreds of diagnostics are not taken through objects first."""


class Protocol(LanguageServerProtocol):
    """The language server protocol over Partway's documents."""

    _server: Server
    exit_code = 1

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take the document, and say what there is to say."""
        item = params.text_document
        self._server.opened(item.uri, item.language_id, item.version, item.text)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change the document."""
        document = params.text_document
        self._server.changed(document.uri, document.version, params.content_changes)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget the document."""
        self._server.closed(params.text_document.uri)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Say what the server does for this editor. One that gets its diagnostics published is not told to ask."""
        result = yield from super().lsp_initialize(params)
        if not self._server.pulls:
            result.capabilities.diagnostic_provider = None
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Generator[Any, Any, None]:
        """Remember the exit code of the specification: 0 after a shutdown request, 1 without one."""
        Protocol.exit_code = 0 if self._shutdown else 1
        yield from super().lsp_exit(*args)

    def handle_message(self, message: Any) -> None:
        """Requests before `initialize` and after `shutdown` are refused; pygls drops or trips over them."""
        method = getattr(message, "method", None)
        asked = method is not None and getattr(message, "id", None) is not None
        if self._workspace is None and method not in (types.INITIALIZE, types.EXIT):
            if asked:
                self._refuse(message.id, types.ErrorCodes.ServerNotInitialized, "not initialized yet")
        elif self._shutdown and asked:
            self._refuse(message.id, types.ErrorCodes.InvalidRequest, "shut down already")
        else:
            super().handle_message(message)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as pygls has it. A request whose parameters make no sense is answered, so nobody waits for it."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" not in data or "id" not in data:
                raise
            self._refuse(data["id"], types.ErrorCodes.InvalidParams, str(error))
            return JsonRPCNotification("$/refused", "2.0", None)

    def _refuse(self, msg_id: Any, code: types.ErrorCodes, message: str) -> None:
        error = {"code": code.value, "message": message}
        self.write({"jsonrpc": "2.0", "id": msg_id, "error": error})

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        if error is None and isinstance(result, Raw | list) and (isinstance(result, Raw) or _raw(result)):
            self._result_types.pop(msg_id, None)
            self.write({"jsonrpc": "2.0", "id": msg_id, "result": result})
            return
        super()._send_response(msg_id, result, error)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        # An answer that has gone out already needs no warning in the log.
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def write(self, message: dict[str, Any]) -> None:
        """Send a message of plain values."""
        if self.writer is None:
            return
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


def _raw(result: list[Any]) -> bool:
    return not result or isinstance(result[0], Raw)
