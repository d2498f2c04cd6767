"""`partway status`: which operations of a migration are applied in a database, and where it stopped."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from partway import inputs
from partway.analysis import analyse
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.options import add_choice, choice
from partway.cli.reading import failure
from partway.cli.run import Options, Run
from partway.cli.terminal import colourful, complain
from partway.config import ConfigError, Configs

if TYPE_CHECKING:
    from partway.live.sessions.session import Session


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `status`."""
    parser.epilog = (
        "exit codes:\n"
        "  0  nothing is half way\n"
        "  1  something is half way\n"
        "  2  it could not be told: the database cannot be asked, or nothing in it says"
    )
    parser.add_argument("paths", nargs="+", metavar="FILE", help="migrations")
    parser.add_argument(
        "--database",
        metavar="NAME|URL",
        help="a database of the configuration or of the project's own files, env:NAME, or a URL",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_choice(parser)


def run(options: argparse.Namespace) -> int:
    """Ask and show; the exit code."""
    from partway.databases import names, target
    from partway.live.connect import connect
    from partway.live.unreachable import Unreachable

    configs = Configs()
    try:
        found = inputs.gather(options.paths, configs)
        config = found.files[0].config if found.files else configs.of(os.getcwd())
    except ConfigError as error:
        raise Wrong(str(error)) from None
    if not options.database:
        known = names(config)
        listed = f": one of {', '.join(known)}, or a URL" if known else " and a URL, or env:NAME"
        raise Wrong(f"which database? Give --database{listed}")
    for path in found.missing:
        complain(f"{path}: no such file or folder")
    if found.missing:
        return WRONG
    try:
        wanted = target(options.database, config)
        session = connect(wanted.address, wanted.limits)
    except Unreachable as error:
        complain(str(error))
        return WRONG
    try:
        return _ask(options, found, session, wanted.name)
    except Unreachable as error:
        complain(str(error))
        return WRONG
    finally:
        session.close()


def _ask(options: argparse.Namespace, found: inputs.Inputs, session: Session, database: str) -> int:
    from partway import status

    said = choice(options)
    # The server knows best which dialect it speaks, and in which version.
    said = said._replace(dialect=said.dialect or session.dialect, server=said.server or session.server[:3])
    running = Run(Options(choice=said, detect_transaction=options.transaction == "auto"))
    files, failures = running.open(found.files)
    documents = []
    for file in files:
        try:
            migration = running.migration(file)
        except Exception as error:  # noqa: BLE001 - a mistake in a reader: the other files are still shown
            failures.append((file.input.shown, failure(error)))
            continue
        if migration is None:
            continue
        analysis = analyse(migration, ())
        standing, snapshot = status.ask(session, analysis)
        documents.append(status.document(file.input.shown, analysis, standing, snapshot, database))
    for path, why in (*found.unreadable, *failures):
        complain(f"{path}: {why}")
    if options.format == "json":
        from json import dumps

        sys.stdout.write(dumps(documents, indent=2) + "\n")
    else:
        from partway.cli.standing import write

        sys.stdout.write(write(documents, colour=colourful(sys.stdout)))
    half_way = [one["half_way"] for one in documents]
    if True in half_way:
        return FINDINGS
    return WRONG if None in half_way or failures or not documents else CLEAN
