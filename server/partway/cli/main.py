"""The program: which command is meant, and what becomes of it. Each command is imported only when it is."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, Protocol, TextIO, cast

from partway.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Exit codes. Public: docs/reference/exit-codes.md.
CLEAN, FINDINGS, WRONG = 0, 1, 2
INTERRUPTED = 130  # what shells report for a program ended by Ctrl-C
#: What writing to a file, a disk or a terminal can end in. Files that are read are opened where a failure has a name.
_UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

_COMMANDS = {
    "lint": "say what in migrations cannot be run again when they stop half way, and mend it",
    "inspect": "show what Partway reads in a migration: operations, guards, commit points",
    "status": "ask a database which operations of a migration are applied, and where it stopped",
    "resume": "write the migration that finishes one which stopped half way",
    "rules": "list the rules",
    "explain": "explain a rule, with examples",
    "server": "run the language server that editors talk to",
}


class _Command(Protocol):
    """What the module of a command holds."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the exit code. Raises Wrong."""


class _Writes(Protocol):
    """Where help is written to."""

    def write(self, text: str, /) -> object:
        """Write a text."""


class Wrong(Exception):
    """The command was used or configured wrongly; the message says how."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. Told how wide that is, argparse need not import what finds it out: it makes one of
    these for every argument."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Parser(argparse.ArgumentParser):
    """One that suggests the option that was meant, and says what is wrong in one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        from partway.core.suggestion import suggestion

        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0]
        if unknown.startswith("-"):
            message = f"there is no option {unknown}{suggestion(unknown, self.options)}"
        sys.stderr.write(f"{self.prog}: error: {message}\nTry '{self.prog} --help'.\n")
        sys.exit(WRONG)

    def print_help(self, file: _Writes | None = None) -> None:
        """Print the help; argparse's own would be silent where it cannot."""
        (file or sys.stdout).write(self.format_help())

    @property
    def options(self) -> list[str]:
        """Every option of this command."""
        return [
            option for action in self._actions for option in action.option_strings if option.startswith("--")
        ]


def program() -> NoReturn:
    """What the `partway` that is installed runs: `main`, whose exit code becomes the process's.

    A lint is over soon and often waited for. Modules and findings hold no cycles worth looking for, and a collector
    that walks all of them costs a tenth of the time; so does taking memory apart at the end, piece by piece, which the
    system takes back in one go."""
    passing = sys.argv[1:2] == ["lint"]
    if passing:
        gc.disable()
    code = main()
    if passing:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Partway with these arguments, those of the process by default; the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    _harden_streams()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        _let_go(sys.stdout)
        return FINDINGS
    except OSError as error:
        if error.filename is not None or error.errno not in _UNWRITTEN:
            raise
        _let_go(sys.stdout)
        with suppress(OSError):  # a log on the same full disk
            sys.stderr.write(f"partway: error: the output cannot be written: {error.strerror}\n")
            sys.stderr.flush()
            return WRONG
        _let_go(sys.stderr)
        return WRONG


def _let_go(stream: TextIO) -> None:
    """Send what is left of a stream nowhere; Python would complain once more when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(arguments: Sequence[str]) -> int:
    try:
        if not arguments or arguments[0] not in _COMMANDS:
            _overview().parse_args(arguments or ["--help"])  # help, version, or a command that does not exist
            return WRONG
        name = arguments[0]
        command = cast(_Command, import_module(f"partway.cli.{name}"))
        parser = _parser(name, _COMMANDS[name])
        command.arguments(parser)
        # Intermixed: a path may stand behind an option.
        code = command.run(parser.parse_intermixed_args(arguments[1:]))
        sys.stdout.flush()
    except Wrong as error:
        from partway.cli.terminal import complain

        complain(str(error))
        return WRONG
    except SystemExit as end:  # argparse has said what there is to say
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else CLEAN
    return code


def _parser(name: str, summary: str) -> _Parser:
    return _Parser(
        prog=f"partway {name}",
        description=summary[0].upper() + summary[1:] + ".",
        allow_abbrev=False,
        formatter_class=_Help,
    )


def _columns() -> int:
    """How wide the terminal is, in characters; 80 where there is none."""
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) > 10:
        return int(given)
    try:
        return max(os.get_terminal_size(sys.__stdout__.fileno()).columns, 20) if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80


def _overview() -> _Parser:
    """The parser for a line that names no command."""
    parser = _Parser(
        prog="partway",
        description="Find what in a database migration cannot be run again when it stops half way, and mend it.",
        epilog="'partway COMMAND --help' explains a command.",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"partway {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", required=True)
    for name, summary in _COMMANDS.items():
        commands.add_parser(name, help=summary)
    return parser


def _harden_streams() -> None:
    """A path or a text that the terminal's encoding lacks must not end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
