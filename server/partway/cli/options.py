"""The options that say how migrations are run, where the project does not: shared by `lint` and `inspect`."""

from __future__ import annotations

import argparse

from partway.config import TRANSACTIONS, server_version
from partway.dialects import NAMES as DIALECTS
from partway.tools.choice import TOOLS, Choice


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Declare `--dialect`, `--server-version`, `--tool` and `--transaction`."""
    group = parser.add_argument_group(
        "project",
        "Read from the configuration, or else from the project's own files, where they are not given.",
    )
    group.add_argument("--dialect", choices=DIALECTS, help="the database")
    group.add_argument(
        "--server-version",
        type=_version,
        default=(),
        metavar="VERSION",
        help="its oldest version in use, such as 15 or 10.11",
    )
    group.add_argument(
        "--tool", choices=TOOLS, metavar="TOOL", help=f"the migration tool: {', '.join(TOOLS)}"
    )
    group.add_argument(
        "--transaction",
        choices=TRANSACTIONS,
        help="how the tool runs migrations; auto: as the tool does by itself, whatever is configured",
    )


def choice(options: argparse.Namespace) -> Choice:
    """What these options say."""
    transaction = None if options.transaction == "auto" else options.transaction
    return Choice(options.tool, options.dialect, options.server_version, transaction)


def _version(text: str) -> tuple[int, ...]:
    try:
        return server_version(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
