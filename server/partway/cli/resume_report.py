"""What `partway resume` tells people: what was found and written, what each operation comes to, and what is next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from partway.cli.formats.text import printable
from partway.cli.made import Made, shown
from partway.finishing import Finish
from partway.tools.history import Marking
from partway.tools.resuming import LeftOut, Step


def report(finish: Finish, made: Made, file: str, database: str | None) -> str:
    """The report, a line for each file and each operation, then the steps that are left."""
    lines = [*_found(finish), *_files(made), "", *_operations(finish), "", *_next(finish, file, database)]
    return "\n".join(printable(line) for line in lines) + "\n"


def _found(finish: Finish) -> Iterator[str]:
    surveyed = finish.surveyed
    if surveyed is None or surveyed.analysis is None or surveyed.standing is None:
        yield "No database was asked: every operation looks first whether it has run."
        return
    from partway import status

    yield status.verdict_sentence(surveyed.given.shown, surveyed.analysis, surveyed.standing, surveyed.told)


def _files(made: Made) -> Iterator[str]:
    for path, _ in made.files:
        yield f"wrote {shown(path)}"
    for change in made.changes:
        yield f"changed {shown(change.path)}: {change.why}"


_WORDS = {True: "has run", False: "to run", None: "guarded"}


def _operations(finish: Finish) -> Iterator[str]:
    every: list[Step | LeftOut] = sorted((*finish.steps, *finish.left_out), key=lambda one: one.number)
    for one in every:
        operation = one.operation
        word = "left out" if isinstance(one, LeftOut) else _WORDS[one.ran]
        yield f"{one.number:>3}  {word:<8}  {operation.kind} {operation.target}".rstrip()


def _next(finish: Finish, file: str, database: str | None) -> Iterator[str]:
    yield "Next:"
    number = 1
    if finish.marking is not None:
        for line in _marking(finish.marking):
            yield f"  {number}. mark {file} as done: {line}" if number == 1 else f"     {line}"
            number += 1
    run = "run it" if not finish.resumed.identity else "run the tool as usual: it goes on with the new file"
    number = 2 if number > 1 else 1
    yield f"  {number}. {run}"
    if database:
        asked = shlex.join(["partway", "status", file, "--database", database])
        yield f"  {number + 1}. see that all of it is applied: {asked}"
    for note in finish.resumed.notes:
        yield f"Note: {note}."


def _marking(marking: Marking) -> Iterator[str]:
    if marking.refusal:
        yield marking.refusal
    else:
        yield from marking.typed
