"""Suppression comments: `partway: ignore[rule]` on or above a line, `partway: ignore-file[rule]` anywhere in the file,
and what is said about those that hide nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from partway.core.diagnostic import Diagnostic, Group, Severity
from partway.core.edit import Edit, Fix
from partway.core.migration import Comment, Migration
from partway.core.source import SourceFile, Span
from partway.core.suggestion import suggestion

#: The rule under which a suppression that hides nothing is reported; its page is rules/unused_suppression.py.
UNUSED = "unused-suppression"

_DIRECTIVE = re.compile(r"\bpartway:[ \t]*ignore(-file)?(?![\w-])(?:[ \t]*\[([^\]\r\n]*)\])?", re.IGNORECASE)
_NAME = re.compile(r"[^\s,]+")
# What may stand around the words of a comment in the languages that migrations are written in: -- # // /* */ <!-- -->
_OPENING = re.compile(r"\s*(?:--+|#+|//+|/\*+|<!--|\*)?\s*")


class Suppression(NamedTuple):
    """One directive in a comment. `rules` maps each rule named to its place; empty for a bare `ignore`, which hides
    all. `lines` are the lines (from 1) whose findings it hides, None for the whole file. `used` are the
    rules whose findings it has hidden so far."""

    comment: Comment
    span: Span
    rules: dict[str, Span]
    bare: bool
    lines: frozenset[int] | None
    used: set[str]


def suppressions(source: SourceFile, comments: Iterable[Comment]) -> list[Suppression]:
    """Every directive in these comments, in order."""
    found = []
    for comment in comments:
        if "partway" not in comment.text.lower():
            continue
        for match in _DIRECTIVE.finditer(comment.text):
            start = comment.span.start
            inside = match.group(2)
            rules = {}
            if inside is not None:
                names = _NAME.finditer(comment.text, match.start(2), match.end(2))
                rules = {name.group(): Span(start + name.start(), start + name.end()) for name in names}
            lines = None if match.group(1) else _lines(source, comment)
            span = Span(start + match.start(), start + match.end())
            found.append(Suppression(comment, span, rules, inside is None, lines, set()))
    return found


def apply(
    migration: Migration,
    diagnostics: Iterable[Diagnostic],
    *,
    enabled: Collection[str],
    known: Collection[str],
    narrowed: bool = False,
) -> list[Diagnostic]:
    """The findings that no comment hides, and one for each suppression that hides nothing or names no rule.

    `enabled` are the rules that were asked, `known` all that exist; a suppression of a known rule that was not asked
    is left alone, and so is a bare one when `narrowed` says that only some of the default rules were asked.
    """
    source = migration.source
    found = suppressions(source, migration.comments)
    if not found:
        return list(diagnostics)
    statements = _Statements(migration)
    kept = [one for one in diagnostics if not _hidden(one, found, statements.lines(one.span))]
    if UNUSED in enabled:
        reports = (_report(one, source, enabled, known, narrowed) for one in found)
        unused = [report for report in reports if report is not None]
        named = [one for one in found if UNUSED in one.rules]
        kept += [report for report in unused if not _hidden(report, named, statements.lines(report.span))]
        kept.sort(key=lambda one: (one.span, one.rule))
    return kept


def _lines(source: SourceFile, comment: Comment) -> frozenset[int]:
    """The lines that a comment speaks about: its own if there is code beside it, else the next one, and where that is
    a comment too, all up to the next one with code."""
    line, column = source.position(comment.span.start)
    if source.line(line)[: column - 1].strip():
        return frozenset((line,))
    last, column = source.position(comment.span.end)
    if source.line(last)[column - 1 :].strip():
        return frozenset((last,))
    # A line comment's span may take in its line end.
    last = first = last + 1 if column > 1 else last
    while last < len(source.line_starts) and source.line(last).lstrip().startswith(("--", "#", "//", "/*")):
        last += 1
    return frozenset(range(first, last + 1))


class _Statements:
    """Where each statement of a migration begins and ends, in lines."""

    def __init__(self, migration: Migration) -> None:
        self.source = migration.source
        steps = (step for section in migration.sections for step in section.steps)
        self.spans = sorted({*(step.span for step in steps)})

    def lines(self, span: Span) -> set[int]:
        """The lines on which a comment reaches a finding: the first and last of the finding, and of its statement."""
        from bisect import bisect_right

        spans = {span}
        at = bisect_right(self.spans, (span.start, len(self.source.text) + 1)) - 1
        if at >= 0 and span.end <= self.spans[at].end:
            spans.add(self.spans[at])
        return {
            self.source.position(offset).line
            for start, end in spans
            for offset in (start, max(start, end - 1))
        }


def _hidden(diagnostic: Diagnostic, found: Iterable[Suppression], lines: set[int]) -> bool:
    """Whether a suppression reaches this finding; every one that does is marked as used."""
    hidden = False
    for one in found:
        if (one.bare or diagnostic.rule in one.rules) and (one.lines is None or one.lines & lines):
            one.used.add(diagnostic.rule)
            hidden = True
    return hidden


def _report(
    one: Suppression, source: SourceFile, enabled: Collection[str], known: Collection[str], narrowed: bool
) -> Diagnostic | None:
    """What there is to say about a suppression, if anything."""
    if one.bare:
        if one.used or narrowed:
            return None
        return _diagnostic(one.span, "this suppression hides nothing", "remove it", _without(one, source))
    unknown = [name for name in one.rules if name not in known]
    idle = [name for name in one.rules if name in enabled and name not in one.used and name != UNUSED]
    if not one.rules:
        return _diagnostic(one.span, "this suppression names no rule", "name the rule", _without(one, source))
    if not unknown and not idle:
        return None
    useless = [name for name in one.rules if name in unknown or name in idle]
    kept = [name for name in one.rules if name not in useless]
    said = []
    if idle:
        said.append(f"{_list(idle)} {'has' if len(idle) == 1 else 'have'} nothing to hide here")
    said += [f"there is no rule `{name}`{suggestion(name, known)}" for name in unknown]
    # A misspelt name is a person's to mend: only names that are idle for certain are taken out without asking.
    fix = None if unknown else _without(one, source) if not kept else _only(one, source, kept)
    help_text = "name an existing rule" if unknown else "remove it"
    span = one.rules[useless[0]] if kept or unknown else one.span
    return _diagnostic(span, "; ".join(said), help_text, fix)


def _diagnostic(span: Span, message: str, help_text: str, fix: Fix | None) -> Diagnostic:
    return Diagnostic(UNUSED, Group.SYNTAX, Severity.INFO, message, help_text, span, fix)


def _list(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _only(one: Suppression, source: SourceFile, kept: list[str]) -> Fix:
    """A fix that leaves only these names between the brackets."""
    text = source.text[one.span.start : one.span.end]
    brackets = Span(one.span.start + text.index("[") + 1, one.span.end - 1)
    return Fix("Remove what is not needed from the suppression", (Edit(brackets, ", ".join(kept)),))


def _without(one: Suppression, source: SourceFile) -> Fix:
    """A fix that deletes a directive and the reason written after it; the whole comment, and its line, if nothing
    else is in it."""
    text = source.text
    start, end = one.comment.span
    opening = _OPENING.match(one.comment.text)
    alone = opening is not None and opening.end() == one.span.start - start
    if not alone or len(_DIRECTIVE.findall(one.comment.text)) > 1 or len(one.comment.text.splitlines()) > 1:
        # Something else is said in this comment: take out the directive, its reason stays with the rest.
        before = one.span.start
        while before > start and text[before - 1] in " \t":
            before -= 1
        return Fix("Remove the suppression", (Edit(Span(before, one.span.end), ""),))
    # A line comment's span may or may not hold its line end.
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    line_start = start
    while line_start > 0 and text[line_start - 1] in " \t":
        line_start -= 1
    at_line_start = line_start == 0 or text[line_start - 1] in "\r\n"
    at_line_end = end >= len(text) or text[end] in "\r\n"
    if at_line_start and at_line_end:
        if text[end : end + 2] == "\r\n":
            end += 2
        elif end < len(text):
            end += 1
        return Fix("Remove the suppression", (Edit(Span(line_start, end), ""),))
    # Between two words of a statement a comment is white space: leave some.
    between = not at_line_start and not at_line_end and not text[end].isspace()
    return Fix(
        "Remove the suppression",
        (Edit(Span(line_start if not at_line_start else start, end), " " if between else ""),),
    )
