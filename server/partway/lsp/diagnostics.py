"""Findings as the protocol's diagnostics: published, pulled for one document, pulled for the workspace."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from partway.core.diagnostic import Diagnostic, Severity
from partway.lsp.pages import page_uri
from partway.lsp.positions import Positions

if TYPE_CHECKING:
    from partway.linting import Linted

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_UNNECESSARY = 1


def rendered(linted: Linted, positions: Positions) -> list[dict[str, Any]]:
    """The diagnostics of a document, in the order of the findings. `data` is the finding's number in this version."""
    return [diagnostic(one, positions, number) for number, one in enumerate(linted.diagnostics)]


def diagnostic(one: Diagnostic, positions: Positions, number: int) -> dict[str, Any]:
    """One finding; `number` is its place among the document's."""
    shown: dict[str, Any] = {
        "range": positions.range(one.span),
        "severity": _SEVERITIES[one.severity],
        "code": one.rule,
        "source": "partway",
        "message": f"{one.message}\n{one.known_help}" if one.known_help else one.message,
        "data": number,
    }
    if (page := page_uri(one.rule)) is not None:
        shown["codeDescription"] = {"href": page}
    if one.rule == "unused-suppression":
        shown["tags"] = [_UNNECESSARY]
    return shown


def result_id(path: str, text: str, generation: int) -> str:
    """The same for the same text under the same settings."""
    return blake2b(f"{generation}\0{path}\0{text}".encode("utf-8", "replace"), digest_size=12).hexdigest()
