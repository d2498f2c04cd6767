"""A migration to findings: how each section runs, what a repeat would run into, and what the rules say of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from partway.analysis.exposure import exposures
from partway.analysis.flow import flow
from partway.analysis.guarding import guard_writer
from partway.analysis.history import History
from partway.core.diagnostic import Diagnostic
from partway.core.migration import Migration, Section
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.rules.case import Case, CommitPoint
from partway.rules.rule import Rule

__all__ = ["Analysis", "SectionAnalysis", "analyse"]


class SectionAnalysis(NamedTuple):
    """A section with its commit points and the indexes of the operations that a repeat would run into."""

    section: Section
    commit_points: tuple[CommitPoint, ...]
    exposed: tuple[int, ...]


class Analysis(NamedTuple):
    """What there is to say about a migration, findings in the order of their places. Where rules were asked, `sections`
    are those that any of them was asked about."""

    migration: Migration
    sections: tuple[SectionAnalysis, ...]
    diagnostics: list[Diagnostic]


def _nowhere(_constraint: str) -> bool:
    return False


def analyse(
    migration: Migration, rules: Iterable[Rule], validated_elsewhere: Callable[[str], bool] = _nowhere
) -> Analysis:
    """Ask these rules about each section. `validated_elsewhere` says whether another migration of the project validates
    the constraint of this name."""
    rules = list(rules)
    table = dialect_named(migration.dialect)
    analysed: list[SectionAnalysis] = []
    diagnostics: list[Diagnostic] = []
    for section in migration.sections:
        # What the tool derives has the same text as the other direction, where all of it is said.
        asked = [rule for rule in rules if rule.of_derived] if section.derived else rules
        if rules and not asked:
            continue
        operations = section.operations
        running = flow(section, table)
        points = running.commit_points
        if running.elsewhere:
            running = flow(section, table, running.elsewhere)
        history = History(operations, table, migration.source.text)
        exposed = exposures(operations, running, history, migration.server)
        analysed.append(SectionAnalysis(section, points, tuple(sorted(exposed))))
        if not asked:
            continue
        case = Case(
            migration,
            section,
            table,
            operations,
            running,
            exposed,
            guard_writer(migration, section, operations, history),
            validated_elsewhere,
            {},
        )
        diagnostics += [
            Diagnostic(
                rule.name,
                rule.group,
                found.severity or rule.severity,
                found.message,
                found.help,
                found.span,
                found.fix,
                found.later,
            )
            for rule in asked
            for found in rule.check(case)
        ]
    # A program's method that is called more than once, or by both ways, is at fault once.
    once: dict[tuple[Span, str, str], Diagnostic] = {}
    for one in diagnostics:
        once.setdefault((one.span, one.rule, one.message), one)
    diagnostics = sorted(once.values(), key=lambda diagnostic: (diagnostic.span, diagnostic.rule))
    return Analysis(migration, tuple(analysed), diagnostics)
