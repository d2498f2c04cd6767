"""Code lenses on a migration's first line: how it stands in the database, and what can be done about that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from partway.lsp.standing import Answer

SHOW = "partway.showStatus"
REFRESH = "partway.refreshStatus"
CHOOSE = "partway.chooseDatabase"
RESUME = "partway.resume"
GENERATE = "Generate resume migration"

_FIRST_LINE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def answered(uri: str, answer: Answer, *, edited: bool) -> list[Raw]:
    """The lenses of a migration that the database has told of; `edited` where the text has changed since."""
    if not answer.operations:
        return []
    said = summary(answer) + (" (before your changes)" if edited else "")
    resume = [_lens(GENERATE, RESUME, uri)] if answer.said["half_way"] else []
    return [_lens(said, SHOW, uri), *resume, _lens("Refresh", REFRESH, uri)]


def unanswered(uri: str, database: str, why: str) -> list[Raw]:
    """The lenses where the database could not be asked."""
    return [_lens(f"{database}: {why}", SHOW, uri), _lens("Refresh", REFRESH, uri)]


def asking(uri: str, database: str) -> list[Raw]:
    """The lens while the database is being asked for the first time."""
    return [_lens(f"asking {database}...", SHOW, uri)]


def to_ask(uri: str, database: str) -> list[Raw]:
    """The lens where the database is asked on demand."""
    return [_lens(f"Ask {database} what is applied", REFRESH, uri)]


def to_choose(uri: str) -> list[Raw]:
    """The lens where databases are known and none is chosen."""
    return [_lens("Choose database...", CHOOSE, uri)]


def _lens(title: str, command: str, uri: str) -> Raw:
    return Raw(range=_FIRST_LINE, command={"title": title, "command": command, "arguments": [{"uri": uri}]})


def summary(answer: Answer) -> str:
    """`3 of 5 applied on dev, stopped before adding foreign key users.fk`; with what the tool's table says where that
    is not the same."""
    books = answer.said["history"]
    verdict = books["verdict"] if books is not None else ""
    if verdict in ("incomplete", "blocked", "in-progress", "unclear"):
        return f"{answer.database}: {books['words']}"
    if verdict == "pending":
        return f"not applied on {answer.database}"
    return _in_catalog(answer) + {"complete": ", recorded", "unrecorded": ", not recorded"}.get(verdict, "")


def _in_catalog(answer: Answer) -> str:
    from partway.status import doing

    point, total, database = answer.standing.point, len(answer.operations), answer.database
    if point is None:
        applied = sum(str(one.state) == "applied" for one in answer.standing.states)
        return f"{applied} of {total} applied on {database}, not in the order of the file"
    least, most = point.after + 1, point.before
    if least == total:
        return f"{total} of {total} applied on {database}"
    if most == 0 and not answer.said["half_way"]:
        first = answer.standing.states[0]
        return f"not applied on {database}" + (f": {first.reason}" if str(first.state) == "different" else "")
    if least == 0 and most == total:
        return f"nothing on {database} shows whether it is applied"
    stopped = doing(answer.operations[least])
    if least == most:
        return f"{least} of {total} applied on {database}, stopped before {stopped}"
    return f"{least} to {most} of {total} applied on {database}, not seen whether {stopped} ran"
