"""Code actions: a quick fix for each finding, "Ignore here", everything in the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from partway.core.diagnostic import Diagnostic, Group
from partway.core.edit import Applicability, Edit
from partway.core.source import SourceFile, Span
from partway.lsp.positions import Positions
from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from partway.core.migration import Migration
    from partway.linting import Linted
    from partway.lsp.documents import Document

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.partway"
GUARD_ALL = "source.guardAll.partway"
_GUARD_EVERY = "Guard every operation in this file"
KINDS = (QUICK_FIX, FIX_ALL, GUARD_ALL)
_WIDE = 400  # findings in a range beyond which single fixes are no longer offered one by one


def wanted(kind: str, only: Iterable[str] | None) -> bool:
    """Whether a request for these kinds of actions asks for this one: a kind stands for all below it."""
    return only is None or any(not asked or kind == asked or kind.startswith(asked + ".") for asked in only)


def actions(document: Document, linted: Linted, asked: Span, only: list[str] | None) -> Iterator[Raw]:
    """The actions for a stretch of a document. They carry `data`; `resolve` adds the edit."""
    touched: list[tuple[int, Diagnostic]] = []
    if wanted(QUICK_FIX, only):
        touched = [
            (number, one)
            for number, one in enumerate(linted.diagnostics)
            if one.span.start <= asked.end and asked.start <= max(one.span.end, one.span.start + 1)
        ][:_WIDE]
        for number, one in touched:
            if one.fix is not None:
                yield _fix(document, number, one)
        for number, one in touched:
            if one.rule != "unused-suppression":
                yield _action(document, f"Ignore {one.rule} here", QUICK_FIX, {"ignore": number}, one, number)
    # An editor's quick-fix menu leaves out what is of another kind, so there it goes as a quick fix.
    quick = wanted(QUICK_FIX, only) and any(_guards(one) for _, one in touched)
    if quick:
        yield _action(document, _GUARD_EVERY, QUICK_FIX, {"all": "guard"})
    if wanted(GUARD_ALL, only) and not (quick and only is None) and any(map(_guards, linted.diagnostics)):
        yield _action(document, _GUARD_EVERY, GUARD_ALL, {"all": "guard"})
    if wanted(FIX_ALL, only) and any(_safe(one) for one in linted.diagnostics):
        yield _action(document, "Fix everything that Partway can fix safely", FIX_ALL, {"all": "fix"})


def to_resume(uri: str) -> Raw:
    """The action that writes a resume migration, for a migration that stopped half way."""
    from partway.lsp.lenses import GENERATE, RESUME

    command = {"title": GENERATE, "command": RESUME, "arguments": [{"uri": uri}]}
    return Raw(title=GENERATE, kind=QUICK_FIX, command=command)


def _fix(document: Document, number: int, one: Diagnostic) -> Raw:
    assert one.fix is not None  # noqa: S101 - the caller has looked
    title = one.fix.title
    if one.fix.applicability is Applicability.UNSAFE:
        title += " (look at the result: not safe everywhere)"
    found = _action(document, title, QUICK_FIX, {"fix": number}, one, number)
    if one.fix.applicability is Applicability.SAFE:
        found["isPreferred"] = True
    if one.fix.applicability is Applicability.DISPLAY_ONLY:
        found["disabled"] = {"reason": "this change is for you to make by hand"}
    return found


def _action(
    document: Document,
    title: str,
    kind: str,
    data: dict[str, Any],
    one: Diagnostic | None = None,
    number: int | None = None,
) -> Raw:
    found = Raw(title=title, kind=kind, data={**data, "uri": document.uri, "version": document.version})
    if one is not None:
        from partway.lsp.diagnostics import diagnostic

        found["diagnostics"] = [diagnostic(one, document.positions, number or 0)]
    return found


def resolved(
    document: Document, linted: Linted, data: dict[str, Any], lint: Callable[[SourceFile], Linted]
) -> dict[str, Any] | None:
    """The workspace edit of an action on this version of a document; None where there is nothing to change."""
    if data.get("all") in ("guard", "fix"):
        return _rewritten(document, _everything(document, lint, guards=data["all"] == "guard"))
    number = data.get("fix", data.get("ignore"))
    if not isinstance(number, int) or not 0 <= number < len(linted.diagnostics):
        return None  # no action of ours
    one = linted.diagnostics[number]
    if "ignore" in data:
        return workspace_edit(document, (ignoring(linted.migration, one),))
    return workspace_edit(document, one.fix.edits if one.fix is not None else ())


def ignoring(migration: Migration, one: Diagnostic) -> Edit:
    """A comment on a line of its own above the finding that hides it, indented like that line, in the language that
    stands there."""
    source = migration.source
    line = source.position(one.span.start).line
    at = source.line_starts[line - 1]
    text = source.line(line)
    indent = text[: len(text) - len(text.lstrip())]
    in_sql = any(start < at <= end for start, end in migration.embedded)
    comment = "--" if in_sql else migration.comment
    return Edit(Span(at, at), f"{indent}{comment} partway: ignore[{one.rule}]{source.newline}")


def _guards(one: Diagnostic) -> bool:
    return _safe(one) and one.group is Group.IDEMPOTENCY


def _safe(one: Diagnostic) -> bool:
    return one.fix is not None and one.fix.applicability is Applicability.SAFE


def _everything(document: Document, lint: Callable[[SourceFile], Linted], *, guards: bool) -> str:
    """The text after every safe fix, or every safe guard."""
    from partway.fixing import mend

    def only_guards(source: SourceFile) -> Linted:
        found = lint(source)
        return found._replace(diagnostics=[one for one in found.diagnostics if _guards(one)])

    return mend(document.source, only_guards if guards else lint, unsafe=False).source.text


def _rewritten(document: Document, text: str) -> dict[str, Any] | None:
    """The edits from the document's text to another one: only the lines that differ."""
    from difflib import SequenceMatcher

    starts, old = _lines(document.source)
    _, new = _lines(SourceFile(document.path, text))
    edits = [
        Edit(Span(starts[a], starts[b]), "".join(new[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return workspace_edit(document, edits)


def _lines(source: SourceFile) -> tuple[list[int], list[str]]:
    """Where each line begins, and the end of the text; and the lines with their ends."""
    starts = [*source.line_starts, len(source.text)]
    return starts, [source.text[start:end] for start, end in pairwise(starts)]


def workspace_edit(document: Document, edits: Iterable[Edit]) -> dict[str, Any] | None:
    """Edits to this version of a document, which the editor refuses if it has moved on."""
    positions: Positions = document.positions
    changes = [{"range": positions.range(edit.span), "newText": edit.text} for edit in edits]
    if not changes:
        return None
    if not document.versioned_edits:
        return {"changes": {document.uri: changes}}
    identified = {"uri": document.uri, "version": document.version}
    return {"documentChanges": [{"textDocument": identified, "edits": changes}]}
