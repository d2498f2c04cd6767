"""`partway inspect`: what Partway reads in a migration, as text or as JSON."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from partway.analysis import Analysis, analyse
from partway.cli import inputs
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.options import add_choice, choice
from partway.cli.records import as_range
from partway.cli.run import Options, Run
from partway.cli.terminal import colourful, complain
from partway.config import ConfigError, Configs
from partway.core.operation import Action, Operation
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `inspect`."""
    parser.epilog = "exit codes:\n  0  everything was read\n  1  some files were not\n  2  used wrongly, or nothing was read"
    parser.add_argument("paths", nargs="+", metavar="FILE", help="migrations, folders of them, or - for stdin")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the path that text on stdin goes by")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_choice(parser)


def run(options: argparse.Namespace) -> int:
    """Read and show; the exit code."""
    configs = Configs()
    try:
        found = inputs.gather([path for path in options.paths if path != "-"], configs)
        if "-" in options.paths:
            found.files.append(inputs.from_stdin(options.stdin_filename, configs))
        running = Run(Options(choice=choice(options), detect_transaction=options.transaction == "auto"))
        files, failures = running.open(found.files)
    except ConfigError as error:
        raise Wrong(str(error)) from None
    for path in found.missing:
        complain(f"{path}: no such file or folder")
    for path, why in [*found.unreadable, *failures]:
        complain(f"{path}: {why}")
    read = []
    for file in files:
        migration = running.migration(file)
        if migration is not None:
            read.append((file.input.shown, analyse(migration, ())))
    if not read and not found.missing and not failures:
        for path in found.folders:
            complain(f"{path}: no migrations found in this folder", kind="warning")
    if options.format == "json":
        from json import dumps

        sys.stdout.write(dumps([document(path, analysis) for path, analysis in read], indent=2) + "\n")
    else:
        from partway.cli.formats.inspection import write

        sys.stdout.write(write(read, colour=colourful(sys.stdout)))
    if found.missing:
        return WRONG
    if failures or found.unreadable:
        return FINDINGS if read else WRONG
    return CLEAN
