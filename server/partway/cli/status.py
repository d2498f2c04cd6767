"""`partway status`: which operations of a migration are applied in a database, and where it stopped; or how every
migration of a project stands."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from partway import inputs
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.opened import Opened
from partway.cli.options import add_choice
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
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="FILE",
        help="migrations; with folders, or nothing (the folder you are in), every migration below",
    )
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
        return _Asking(options, found, session, wanted.name).answer(configs)
    except Unreachable as error:
        complain(str(error))
        return WRONG
    except ConfigError as error:
        raise Wrong(str(error)) from None
    finally:
        session.close()


class _Asking:
    def __init__(
        self, options: argparse.Namespace, found: inputs.Inputs, session: Session, database: str
    ) -> None:
        self.options = options
        self.found = found
        self.session = session
        self.database = database
        # The server knows best which dialect it speaks, and in which version.
        self.opened = Opened(options, session.dialect, session.server[:3])
        self.failures: list[tuple[str, str]] = list(found.unreadable)

    def answer(self, configs: Configs) -> int:
        """Ask and show; the exit code. Raises Unreachable, ConfigError."""
        from partway import survey
        from partway.tools.history import tracks

        given = self.opened.given(self.found.files, self.failures)
        whole = bool(self.found.folders)
        named = None if whole else {one.file.path for one in given}
        if named is not None and any(tracks(one.tool) for one in given):
            given += self.opened.around(self.found.files, configs)
        surveyed = survey.survey(self.session, given, named)
        documents = surveyed.documents(self.database)
        for path, why in self.failures:
            complain(f"{path}: {why}")
        if not documents and not self.failures:
            for path in self.found.folders:
                complain(f"{path}: no migrations found in this folder", kind="warning")
        for said in surveyed.troubles:
            complain(said, kind="warning")
        if self.options.format == "json":
            from json import dumps

            sys.stdout.write(dumps(documents, indent=2) + "\n")
        else:
            from partway.cli import standing

            write = standing.write_project if whole else standing.write
            sys.stdout.write(write(documents, colour=colourful(sys.stdout)))
        half_way = [one["half_way"] for one in documents]
        if True in half_way:
            return FINDINGS
        return WRONG if None in half_way or self.failures or not documents else CLEAN
