"""Findings as the protocol's diagnostics: published, pulled for one document, pulled for the workspace."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from partway.core.diagnostic import Diagnostic, Severity
from partway.lsp.pages import page_uri
from partway.lsp.positions import Positions
from partway.lsp.protocol import Ready, encoded

if TYPE_CHECKING:
    from partway.linting import Linted

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_UNNECESSARY = 1


def rendered(linted: Linted, positions: Positions) -> list[Ready]:
    """The diagnostics of a document, in the order of the findings. `data` is the finding's number in this version."""
    return [diagnostic(one, positions, number) for number, one in enumerate(linted.diagnostics)]


def together(said: list[Ready]) -> Ready:
    """Diagnostics as a list in JSON."""
    return Ready(f"[{','.join(said)}]")


def diagnostic(one: Diagnostic, positions: Positions, number: int) -> Ready:
    """One finding as JSON; `number` is its place among the document's."""
    line, character = positions.place(one.span.start)
    last, end = positions.place(one.span.end)
    said = f"{one.message}\n{one.known_help}" if one.known_help else one.message
    return Ready(
        f'{{"range":{{"start":{{"line":{line},"character":{character}}},"end":{{"line":{last},"character":{end}}}}},'
        f'"data":{number},{_same_anywhere(one.rule, one.severity, said)}}}'
    )


# With each key nearly all findings are as they were, but for their places.
@lru_cache(maxsize=2048)
def _same_anywhere(rule: str, severity: Severity, message: str) -> str:
    """What a finding's JSON has besides its place and number, without the braces."""
    shown: dict[str, Any] = {
        "severity": _SEVERITIES[severity],
        "code": rule,
        "source": "partway",
        "message": message,
    }
    if (page := page_uri(rule)) is not None:
        shown["codeDescription"] = {"href": page}
    if rule == "unused-suppression":
        shown["tags"] = [_UNNECESSARY]
    return encoded(shown)[1:-1]


def result_id(path: str, text: str, generation: int) -> str:
    """The same for the same text under the same settings."""
    return blake2b(f"{generation}\0{path}\0{text}".encode("utf-8", "replace"), digest_size=12).hexdigest()
