"""The documents open in the editor, their text kept in step with it, and one analysis per version of each.

Partway keeps the text itself: pygls splits lines at U+2028 and form feed, which moves every later edit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from partway.core.source import SourceFile
from partway.lsp.positions import UTF16, Positions
from partway.versions import Versions

if TYPE_CHECKING:
    from partway.linting import Linted


class Document:
    """An open document at one version. `judged` holds what was found for this version and generation of settings."""

    __slots__ = (
        "_positions", "encoding", "generation", "judged", "language", "path", "source", "uri", "version",
        "versioned_edits", "versions",
    )  # fmt: skip

    def __init__(
        self,
        uri: str,
        path: str,
        language: str,
        version: int,
        text: str,
        encoding: str,
        *,
        versioned_edits: bool,
    ) -> None:
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version
        self.source = SourceFile(path, text)
        self.encoding = encoding
        self.versioned_edits = versioned_edits
        self.versions = Versions()
        self.generation = -1
        self.judged: Linted | None = None
        self._positions: Positions | None = None

    @property
    def positions(self) -> Positions:
        """The converter for this version's text."""
        if self._positions is None:
            self._positions = Positions(self.source, self.encoding)
        return self._positions

    def change(self, version: int, changes: Any) -> None:
        """Apply the changes of one notification, in their order."""
        for change in changes:
            if getattr(change, "range", None) is None:
                text = change.text
            else:
                span = self.positions.span(change.range)
                old = self.source.text
                text = old[: span.start] + change.text + old[span.end :]
            self.source = SourceFile(self.path, text)
            self._positions = None
        self.version = version
        self.generation = -1
        self.judged = None


class Documents:
    """The open documents by URI."""

    def __init__(self) -> None:
        self.encoding = UTF16
        #: Whether the editor takes edits that say which version of a document they are for.
        self.versioned_edits = False
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(list(self._open.values()))

    def get(self, uri: str) -> Document | None:
        """The open document of this URI."""
        return self._open.get(uri)

    def by_path(self, path: str) -> Document | None:
        """The open document that lies at this absolute path."""
        return next((document for document in self._open.values() if document.path == path), None)

    def open(self, uri: str, language: str, version: int, text: str) -> Document:
        """Take a document that the editor has opened."""
        document = Document(
            uri, path_of(uri), language, version, text, self.encoding, versioned_edits=self.versioned_edits
        )
        self._open[uri] = document
        return document

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._open.pop(uri, None)


def path_of(uri: str) -> str:
    """The absolute path that a file URI names; for a document without a file (untitled:) a name in no folder."""
    from pygls.uris import to_fs_path

    path = to_fs_path(uri) if uri.startswith("file:") else None
    if path is None:
        return os.sep + uri.partition(":")[2].replace("/", "_").replace(os.sep, "_")
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    from pygls.uris import from_fs_path

    return from_fs_path(path) or ""
