"""`partway inspect`: what Partway reads in a migration, as text or as JSON."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from partway import inputs
from partway.analysis import Analysis, SectionAnalysis, analyse
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.options import add_choice, choice
from partway.cli.reading import failure
from partway.cli.records import as_range
from partway.cli.run import Options, Run
from partway.cli.terminal import colourful, complain
from partway.config import ConfigError, Configs
from partway.core.operation import Action, Guard, Operation
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `inspect`."""
    parser.epilog = (
        "exit codes:\n"
        "  0  everything was read\n"
        "  1  a file could not be read\n"
        "  2  used or configured wrongly, a path that does not exist, or nothing could be read"
    )
    parser.add_argument(
        "paths", nargs="+", metavar="FILE", help="migrations, folders of them, or - for stdin"
    )
    parser.add_argument("--stdin-filename", metavar="PATH", help="the path that text on stdin goes by")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_choice(parser)


def run(options: argparse.Namespace) -> int:
    """Read and show; the exit code."""
    if options.stdin_filename and "-" not in options.paths:
        raise Wrong("--stdin-filename needs - as a path")
    configs = Configs()
    running = Run(Options(choice=choice(options), detect_transaction=options.transaction == "auto"))
    try:
        found = inputs.gather([path for path in options.paths if path != "-"], configs)
        if "-" in options.paths:
            found.files.append(inputs.from_stdin(options.stdin_filename, configs))
        files, failures = running.open(found.files)
    except ConfigError as error:
        raise Wrong(str(error)) from None
    read: list[tuple[str, Analysis]] = []
    for file in files:
        try:
            migration = running.migration(file)
            if migration is not None:
                read.append((file.input.shown, analyse(migration, ())))
        except Exception as error:  # noqa: BLE001 - a mistake in a reader: the other files are still shown
            failures.append((file.input.shown, failure(error)))
    for path in found.missing:
        complain(f"{path}: no such file or folder")
    failures = [*found.unreadable, *failures]
    for path, why in failures:
        complain(f"{path}: {why}")
    if not read and not found.missing and not failures:
        for path in found.folders:
            complain(f"{path}: no migrations found in this folder", kind="warning")
    if options.format == "json":
        from json import dumps

        sys.stdout.write(dumps([document(path, analysis) for path, analysis in read], indent=2) + "\n")
    else:
        from partway.cli.inspection import write

        sys.stdout.write(write(read, colour=colourful(sys.stdout)))
    if found.missing or (failures and not read):
        return WRONG
    return FINDINGS if failures else CLEAN


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
            {"message": trouble.message, "range": as_range(trouble.span, source)}
            for trouble in migration.troubles
        ],
    }


def _section(analysed: SectionAnalysis, source: SourceFile) -> dict[str, Any]:
    mode = analysed.section.transaction
    return {
        "section": analysed.section.name,
        "transaction": str(mode.mode),
        "reason": mode.reason,
        "range": as_range(analysed.section.span, source),
        "commit_points": [
            {"after": point.after, "kept": str(point.kept), "range": as_range(point.span, source)}
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
            "range": as_range(operation.span, source),
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
        "range": as_range(action.span, source),
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
        "range": as_range(guard.span, source),
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
