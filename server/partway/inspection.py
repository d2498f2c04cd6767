"""The JSON of `inspect`: what Partway read in a migration, as the command line and the editor hand it out."""

from __future__ import annotations

from typing import Any

from partway.analysis import Analysis, SectionAnalysis
from partway.core.operation import Action, Guard, Operation
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile


def document(path: str, analysis: Analysis) -> dict[str, Any]:
    """What the JSON of `inspect` says of one file."""
    migration = analysis.migration
    sections = analysis.sections
    source = migration.source
    return {
        "path": path,
        "tool": migration.tool,
        "dialect": migration.dialect,
        "server_version": ".".join(map(str, migration.server)) or None,
        "identity": migration.identity or None,
        # That of the way up, where a file has two.
        "transaction": str(sections[0].section.transaction.mode) if sections else None,
        "operations": [one for section in sections for one in _operations(section, source)],
        "sections": [_section(section, source) for section in sections],
        "troubles": [
            {"message": trouble.message, "range": source.range(trouble.span)}
            for trouble in migration.troubles
        ],
    }


def _section(analysed: SectionAnalysis, source: SourceFile) -> dict[str, Any]:
    mode = analysed.section.transaction
    return {
        "section": analysed.section.name,
        "transaction": str(mode.mode),
        "reason": mode.reason,
        "range": source.range(analysed.section.span),
        "commit_points": [
            {"after": point.after, "kept": str(point.kept), "range": source.range(point.span)}
            for point in analysed.commit_points
        ],
        "exposed": list(analysed.exposed),
    }


def _operations(analysed: SectionAnalysis, source: SourceFile) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "kind": operation.kind,
            "target": operation.target,
            "section": operation.section,
            "guarded": operation.guarded,
            "repeat": str(operation.repeat),
            "in_transaction": str(operation.in_transaction),
            "range": source.range(operation.span),
            "postconditions": [_postcondition(one) for one in operation.postconditions],
            "actions": [_action(one, source) for one in operation.actions],
            "notes": _notes(operation),
        }
        for index, operation in enumerate(analysed.section.operations)
    ]


def _notes(operation: Operation) -> list[str]:
    return [*operation.notes, *([operation.why_opaque] if operation.why_opaque else [])]


def _action(action: Action, source: SourceFile) -> dict[str, Any]:
    return {
        "kind": action.kind,
        "target": action.target,
        "range": source.range(action.span),
        "traits": sorted(action.traits),
        "guard": _guard(action.guard, source),
    }


def _guard(guard: Guard | None, source: SourceFile) -> dict[str, Any] | None:
    if guard is None:
        return None
    return {
        "form": str(guard.form),
        "covers": guard.covers,
        "flaw": guard.flaw or None,
        "range": source.range(guard.span),
    }


def _postcondition(one: Postcondition) -> dict[str, Any]:
    return {
        "object": one.object,
        "name": str(one.name),
        "table": None if one.table is None else str(one.table),
        "present": one.present,
        "attributes": dict(one.attributes),
        "text": str(one),
    }
