"""Partway's side of the wire: pygls's protocol, with our own documents, plain answers, and the exit code kept."""

from __future__ import annotations

import logging
from contextvars import copy_context
from json import JSONEncoder
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification

from partway.lsp.frequent import asked, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from partway.lsp.server import Server


logger = logging.getLogger(__name__)


class Raw(dict[str, Any]):
    """An answer that is written as it stands: hundreds of diagnostics are not taken through objects first. Its keys are
    plain words."""


class Ready(str):
    """JSON text that goes into a message as it stands."""

    __slots__ = ()


_encode = JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def encoded(value: Any) -> str:
    """Plain values as JSON, with what is ready among them taken as it stands."""
    if isinstance(value, Ready):
        return value
    if isinstance(value, Raw):
        return "{" + ",".join([f'"{key}":{encoded(one)}' for key, one in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([encoded(one) for one in value]) + "]"
    return _encode(value)


class Protocol(LanguageServerProtocol):
    """The language server protocol over Partway's documents."""

    _server: Server
    exit_code = 1

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        #: Handlers that may answer a request as soon as it is there, by method. One that needs longer gives None, and
        #: the feature's own handler takes its turn in the event loop, where it can be cancelled.
        self.at_once: dict[str, Callable[[Server, Any], Raw | None]] = {}

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
        self._server.look_ahead()

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
        try:
            yield from super().lsp_exit(*args)
        finally:
            self.writer = None  # it is closed: what a request that was under way has to say goes nowhere

    def take(self, message: dict[str, Any]) -> None:
        """Deal with a message as it came in."""
        method = message.get("method")
        if method == types.TEXT_DOCUMENT_DID_CHANGE and "id" not in message and self._is_served(message):
            change = changed(message.get("params"))
            if change is not None:
                self._server.changed(change.uri, change.version, change.changes)
                return
        elif (
            method == types.TEXT_DOCUMENT_DIAGNOSTIC
            and self._is_served(message)
            and _is_id(message.get("id"))
        ):
            question = asked(message)
            if question is not None:
                self.handle_message(question)
                return
        self.handle_message(self.structure_message(message))

    def _is_served(self, message: dict[str, Any]) -> bool:
        """Whether messages of this kind are taken now: behind `initialize` and before `shutdown`."""
        return self._workspace is not None and not self._shutdown and message.get("jsonrpc") == self.VERSION

    def handle_message(self, message: Any) -> None:
        """Requests before `initialize` and after `shutdown` are refused; pygls drops or trips over them."""
        method = getattr(message, "method", None)
        asked = method is not None and getattr(message, "id", None) is not None
        if self._workspace is None and method not in (types.INITIALIZE, types.EXIT):
            if asked:
                self._refuse(message.id, types.ErrorCodes.ServerNotInitialized, "not initialized yet")
        elif self._shutdown and asked:
            self._refuse(message.id, types.ErrorCodes.InvalidRequest, "shut down already")
        elif method is None or self._shutdown or message.jsonrpc != self.VERSION:
            super().handle_message(message)
        elif not asked:
            # As pygls does, which finds out what a message is by a look at all its attributes, with each key.
            copy_context().run(self._handle_notification, method, message.params)
        else:
            quick = self.at_once.get(method)
            answer = quick(self._server, message.params) if quick is not None else None
            if answer is not None:
                self._send_response(message.id, answer)
            else:
                copy_context().run(self._handle_request, message.id, method, message.params)

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
        self.write(Raw(jsonrpc="2.0", id=msg_id, error=error))

    def _send_response(self, msg_id: Any, result: Any = None, error: Any = None) -> None:
        if error is None and isinstance(result, Raw | list) and (isinstance(result, Raw) or _raw(result)):
            self._result_types.pop(msg_id, None)
            self.write(Raw(jsonrpc="2.0", id=msg_id, result=result))
            return
        super()._send_response(msg_id, result, error)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        # An answer that has gone out already needs no warning in the log.
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def notify_raw(self, method: str, params: Raw) -> None:
        """Send a notification of plain values."""
        self.write(Raw(jsonrpc="2.0", method=method, params=params))

    def write(self, message: Raw) -> None:
        """Send a message of plain values."""
        if self.writer is None:
            return
        body = encoded(message).encode("utf-8", "replace")
        self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


def _is_id(said: Any) -> bool:
    return type(said) is int or type(said) is str


def _raw(result: list[Any]) -> bool:
    return not result or isinstance(result[0], Raw)
