"""The language server: which request goes to which feature, and what is kept between them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from partway.core.source import SourceFile
from partway.linting import Linted
from partway.lsp.diagnostics import rendered, result_id, together
from partway.lsp.documents import Document, Documents
from partway.lsp.jobs import Jobs
from partway.lsp.judging import Judge
from partway.lsp.live import Live
from partway.lsp.positions import UTF16
from partway.lsp.protocol import Protocol, Raw, Ready
from partway.version import __version__
from partway.versions import Versions

if TYPE_CHECKING:
    from partway.lsp.workspace import Reported

logger = logging.getLogger("partway")
F = TypeVar("F", bound=Callable[..., Any])

#: Up to so many characters a document is read between two messages; a longer one in a thread.
INLINE = 48_000
#: Files that findings follow from; a change of one may change every answer.
WATCHED = (
    "partway.toml",
    "pyproject.toml",
    "alembic.ini",
    "database.yml",
    "schema.prisma",
    "flyway.*",
    "*compose*.y*ml",
)


class Server(LanguageServer):
    """One editor's session."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("partway", __version__, protocol_cls=Protocol)
        self.documents = Documents()
        self.judge = Judge()
        self.jobs = Jobs()
        self.live = Live(self)
        self.pulls = False
        #: Tokens of work that the user has stopped.
        self.stopped: set[int | str] = set()
        #: Set when what the workspace's report follows from may have changed.
        self.news = asyncio.Event()
        #: What was on disk when a file was last reported for the workspace, by path.
        self.reported: dict[str, Reported] = {}
        self._ahead: list[Document] = []
        self._late: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, str] = {}

    def start_io(self, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None) -> None:
        """Serve over these streams until the editor says exit or is gone."""
        from pygls.io_ import StdoutWriter

        from partway.lsp.stdio import serve

        self.protocol.set_writer(StdoutWriter(stdout or sys.stdout.buffer))
        with suppress(KeyboardInterrupt, SystemExit, BrokenPipeError):
            asyncio.run(serve(self, stdin or sys.stdin.buffer))

    def opened(self, uri: str, language: str, version: int, text: str) -> None:
        """A document was opened."""
        agreed = self.protocol.server_capabilities.position_encoding
        self.documents.encoding = str(getattr(agreed, "value", agreed) or UTF16)
        document = self.documents.open(uri, language, version, text)
        self._publish_soon(document)
        self.live.opened(document)

    def changed(self, uri: str, version: int, changes: Any) -> None:
        """A document was changed."""
        document = self.documents.get(uri)
        if document is not None:
            document.change(version, changes)
            self._publish_soon(document)
            if self.pulls and len(document.source.text) <= INLINE:
                self._ahead.append(document)

    def closed(self, uri: str) -> None:
        """A document was closed: its published diagnostics go."""
        self.documents.close(uri)
        self.live.closed(uri)
        self.news.set()
        if not self.pulls:
            self._publish(uri, None, [])

    def linted(self, document: Document) -> Linted | None:
        """What there is to say about a document as it is now; found once for each version and generation."""
        if document.generation != self.judge.generation:
            document.judged = self._judged(document)
            document.generation = self.judge.generation
            self.tell_problems()
        return document.judged

    def _judged(self, document: Document) -> Linted | None:
        try:
            return self.judge.judge(document.path, document.source.text, document.versions)
        except Exception:
            # A mistake of ours: better nothing than what was right for another text.
            logger.exception("version %s of a document could not be linted", document.version)
            document.versions = Versions()
            return None

    def look_ahead(self) -> None:
        """Begin with what the editor is about to ask, while its question is on the way."""
        ahead, self._ahead = self._ahead, []
        for document in ahead:
            if self.documents.get(document.uri) is document:
                self.linted(document)

    async def linted_soon(self, document: Document) -> Linted | None:
        """The same without holding up the editor over a long document. A change meanwhile starts it again."""
        while document.generation != self.judge.generation and len(document.source.text) > INLINE:
            source, generation = document.source, self.judge.generation
            judged = await self.jobs.run(partial(self.judge.judge, document.path, source.text))
            if document.source is source and self.judge.generation == generation:
                document.judged, document.generation = judged, generation
                self.tell_problems()
        return self.linted(document)

    def relint(self) -> None:
        """Settings, configuration or project files have changed: everything that was said may be out of date."""
        self.judge.forget()
        self.show_again()
        self.live.news.refresh_lenses()

    def show_again(self) -> None:
        """Have every diagnostic shown anew."""
        self.news.set()
        if self.pulls:
            self.workspace_diagnostic_refresh(None)
        else:
            for document in self.documents:
                self._publish_soon(document)

    async def linted_text(self, path: str, text: str) -> Linted | None:
        """What there is to say about a text that is not open in the editor; None too where that goes wrong."""
        try:
            if len(text) > INLINE:
                return await self.jobs.run(lambda: self.judge.judge(path, text))
            return self.judge.judge(path, text)
        except Exception:
            logger.exception("a file could not be linted")
            return None

    def around(self, path: str) -> str:
        """The folder in which a file's project lies: as far as the editor has it open, at least the file's own."""
        from partway.lsp.workspace import workspace_folders

        root, own = self.judge.config(path).root, os.path.dirname(path)
        open_ = [one for one in workspace_folders(self) if path.startswith(one + os.sep)]
        return max([root, *open_], key=len) if open_ else own

    def lint_text(self, document: Document, source: SourceFile) -> Linted:
        """A text that a document could become, which is a migration because the document is one."""
        found = self.judge.judge(document.path, source.text, named=True)
        assert found is not None  # noqa: S101 - a file that is named is always linted
        return found

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A mistake goes to the log, not into the user's face."""
        # Never the error's own words: they may quote a document.
        logger.error("%s: %s", getattr(source, "__name__", source), type(error).__name__)

    def _publish_soon(self, document: Document) -> None:
        if self.pulls:
            return
        if len(document.source.text) <= INLINE:
            self._publish_now(document)
            return
        late = self._late.pop(document.uri, None)
        if late is not None:
            late.cancel()
        self._late[document.uri] = asyncio.ensure_future(self._publish_late(document))

    async def _publish_late(self, document: Document) -> None:
        await self.linted_soon(document)
        self._late.pop(document.uri, None)
        if self.documents.get(document.uri) is document:
            self._publish_now(document)

    def _publish_now(self, document: Document) -> None:
        self._publish(document.uri, document.version, self.found(document, self.linted(document)))

    def found(self, document: Document, linted: Linted | None) -> list[Ready]:
        """The diagnostics of a document: what its text shows, and what the database has answered."""
        said = rendered(linted, document.positions) if linted is not None else []
        return said + self.live.diagnostics(document, linted)

    def found_id(self, document: Document) -> str:
        """The same for the same diagnostics of a document."""
        identity = result_id(document.path, document.source.text, self.judge.generation)
        return identity + self.live.tag(document.uri)

    def _publish(self, uri: str, version: int | None, diagnostics: list[Ready]) -> None:
        params = Raw(uri=uri, diagnostics=together(diagnostics))
        if version is not None:
            params["version"] = version
        self.protocol.notify_raw("textDocument/publishDiagnostics", params)

    def tell_problems(self) -> None:
        """Say what is wrong with a configuration, once for each thing that is wrong."""
        for path, problem in list(self.judge.problems.items()):
            if problem != self._told.get(path, ""):
                self._told[path] = problem
                if problem:
                    message = types.ShowMessageParams(types.MessageType.Error, f"Partway: {problem}")
                    self.window_show_message(message)
