"""The two messages that come with each key, a change and the question for its diagnostics, taken apart by hand.

The general way through the protocol's classes and pygls's handlers costs more than reading what has changed. What does
not look exactly as expected goes that way all the same, and gets its refusal there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lsprotocol import types

_ASKED = frozenset(("textDocument", "identifier", "previousResultId"))


class Changed(NamedTuple):
    """What `textDocument/didChange` says."""

    uri: str
    version: int
    changes: list[types.TextDocumentContentChangeEvent]


def changed(params: Any) -> Changed | None:
    """A change of a document; None where its parameters are not as they should be."""
    try:
        document = params["textDocument"]
        uri, version = document["uri"], document["version"]
        changes = [_change(one) for one in params["contentChanges"]]
    except (KeyError, TypeError, ValueError):
        return None
    if type(uri) is not str or type(version) is not int:
        return None
    return Changed(uri, version, changes)


def _change(said: Any) -> types.TextDocumentContentChangeEvent:
    text = said["text"]
    if type(text) is not str:
        raise TypeError("a change without a text")
    if "range" not in said:
        return types.TextDocumentContentChangeWholeDocument(text)
    start, end = said["range"]["start"], said["range"]["end"]
    return types.TextDocumentContentChangePartial(
        types.Range(
            types.Position(start["line"], start["character"]), types.Position(end["line"], end["character"])
        ),
        text,
    )


def asked(message: dict[str, Any]) -> types.DocumentDiagnosticRequest | None:
    """The question for a document's diagnostics; None where it says anything besides."""
    params = message.get("params")
    if not isinstance(params, dict) or not _ASKED.issuperset(params):
        return None
    document = params.get("textDocument")
    uri = document.get("uri") if isinstance(document, dict) else None
    known = params.get("identifier"), params.get("previousResultId")
    if type(uri) is not str or not all(one is None or type(one) is str for one in known):
        return None
    return types.DocumentDiagnosticRequest(
        message["id"], types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), *known)
    )
