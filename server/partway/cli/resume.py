"""`partway resume`: the migration that finishes one which stopped half way, written where its tool looks for it."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING

from partway import inputs
from partway.cli.formats.text import printable
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.opened import Opened
from partway.cli.options import add_choice
from partway.cli.terminal import complain
from partway.config import ConfigError, Configs

if TYPE_CHECKING:
    from partway.finishing import Assumed, Finish
    from partway.surveyed import Given

_NUMBERS = re.compile(r"\d+(?:\s*,\s*\d+)*")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `resume`."""
    parser.epilog = (
        "exit codes:\n"
        "  0  the resume migration is written\n"
        "  1  it is not, for a reason that is told, with what to do\n"
        "  2  wrong usage or configuration, or the database cannot be asked"
    )
    parser.add_argument("file", metavar="FILE", help="the migration that stopped half way")
    parser.add_argument(
        "--database",
        metavar="NAME|URL",
        help="a database of the configuration or of the project's own files, env:NAME, or a URL; it is only read",
    )
    parser.add_argument(
        "--applied",
        type=int,
        metavar="N",
        help="without a database: the first N operations have run; without this either, all are guarded",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="where to write it, - for stdout (default: where the tool looks for it)",
    )
    parser.add_argument(
        "--assume-applied",
        type=_numbers,
        default=(),
        metavar="N[,N]",
        help="operations that have run",
    )
    parser.add_argument(
        "--assume-pending", type=_numbers, default=(), metavar="N[,N]", help="operations that have not run"
    )
    parser.add_argument(
        "--back",
        action="store_true",
        help="instead, a script that takes back what has run, where it can be; run by hand",
    )
    add_choice(parser)


def _numbers(text: str) -> tuple[int, ...]:
    if not _NUMBERS.fullmatch(text.strip()):
        raise argparse.ArgumentTypeError(f"`{text}` is no list of numbers, such as 3 or 3,4")
    return tuple(int(part) for part in text.split(","))


def run(options: argparse.Namespace) -> int:
    """Write it; the exit code."""
    from partway.live.unreachable import Unreachable
    from partway.tools.resuming import CannotResume

    configs = Configs()
    try:
        found = inputs.gather([options.file], configs)
    except ConfigError as error:
        raise Wrong(str(error)) from None
    if found.missing or found.folders or not found.files:
        complain(f"{options.file}: {'is a folder' if found.folders else 'no such file'}; name one migration")
        return WRONG
    if options.back and not options.database:
        raise Wrong("--back takes back what a database holds: name it with --database")
    if options.database and options.applied is not None:
        raise Wrong("--applied says what --database would find out: give one of them")
    failures: list[tuple[str, str]] = []
    try:
        finish = _finish(options, found, configs, failures)
        return _write(finish, options)
    except CannotResume as refusal:
        for path, why in failures:
            complain(f"{path}: {why}")
        complain(f"{options.file}: {refusal.reason}", kind="refused")
        for line in (refusal.advice, refusal.query):
            if line:
                sys.stderr.write(f"  {printable(line)}\n")
        return FINDINGS
    except Unreachable as error:
        complain(str(error))
        return WRONG
    except ConfigError as error:
        raise Wrong(str(error)) from None


def _finish(
    options: argparse.Namespace, found: inputs.Inputs, configs: Configs, failures: list[tuple[str, str]]
) -> Finish:
    """Raises CannotResume, Unreachable, ConfigError."""
    from partway.databases import target
    from partway.finishing import Assumed, finish, finish_unasked, undo
    from partway.live.connect import connect
    from partway.tools.resuming import CannotResume

    assumed = Assumed(frozenset(options.assume_applied), frozenset(options.assume_pending))
    if not options.database:
        opened = Opened(options)
        given = _one(opened.given(found.files, failures), options.file)
        analysis = given.read()
        if analysis is None:
            raise CannotResume("it is no migration that can be read")
        if options.applied is not None:
            assumed = _first(options.applied, given, assumed)
        return finish_unasked(given, opened.around(found.files, configs), analysis.migration.dialect, assumed)
    wanted = target(options.database, found.files[0].config)
    session = connect(wanted.address, wanted.limits)
    try:
        opened = Opened(options, session.dialect, session.server[:3])
        given = _one(opened.given(found.files, failures), options.file)
        if options.back:
            return undo(session, wanted.name, given, assumed)
        return finish(session, wanted.name, given, opened.around(found.files, configs), assumed)
    finally:
        session.close()


def _one(given: list[Given], shown: str) -> Given:
    from partway.tools.resuming import CannotResume

    if not given:
        raise CannotResume(f"{shown} is the migration of no tool that Partway knows")
    return given[0]


def _first(number: int, given: Given, assumed: Assumed) -> Assumed:
    """The first operations have run, all others have not, but for what is said of single ones."""
    from partway.status import operations_of
    from partway.tools.resuming import CannotResume

    analysis = given.read()
    total = len(operations_of(analysis)) if analysis is not None else 0
    if not 0 <= number <= total:
        raise CannotResume(f"it has {total} operations, of which {number} cannot have run")
    applied = frozenset(range(number)) - assumed.pending | assumed.applied
    return assumed._replace(applied=applied, pending=frozenset(range(total)) - applied)


def _write(finish: Finish, options: argparse.Namespace) -> int:
    from partway.cli.made import Made, make
    from partway.cli.resume_report import report

    resumed = finish.resumed
    if options.output == "-":
        sys.stdout.write(resumed.text)
        return CLEAN
    made = Made(
        ((options.output or resumed.path, resumed.text), *((one.path, one.text) for one in resumed.beside)),
        resumed.changes,
    )
    make(made)
    sys.stdout.write(report(finish, made, options.file, options.database))
    return CLEAN
