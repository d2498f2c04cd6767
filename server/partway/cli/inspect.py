"""`partway inspect`: what Partway reads in a migration, as text or as JSON."""

from __future__ import annotations

import argparse
import sys

from partway import inputs
from partway.analysis import Analysis, analyse
from partway.cli.file import Options
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.options import add_choice, choice
from partway.cli.reading import failure
from partway.cli.run import Run
from partway.cli.terminal import colourful, complain
from partway.config import ConfigError, Configs
from partway.inspection import document


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
