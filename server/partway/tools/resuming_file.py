"""A resume migration's file for the tools whose migrations are SQL: its text put together, or a script for a person
where the tool has no number left between two migrations."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

from partway.core.migration import Section
from partway.core.operation import InTransaction
from partway.dialects.questions import quoted
from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed, Written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, body, comment, header, in_lines_of, is_general


def written(
    request: Request,
    path: str,
    identity: str,
    style: Style,
    *,
    head: Sequence[str] = (),
    foot: Sequence[str] = (),
    beside: Sequence[Written] = (),
    notes: Sequence[str] = (),
) -> Resumed:
    """The file: what was found as a comment, `head`, the statements, `foot`. Raises CannotResume."""
    _refuse_one_query(request)
    said = "\n".join(
        [*header(request, general=is_general(request, style)), *head, "", body(request, style), *foot]
    )
    text = in_lines_of(request, said.rstrip("\n") + "\n")
    return Resumed(path, text, identity, tuple(beside), notes=tuple(notes))


def in_turn(
    request: Request,
    tool: str,
    match: re.Match[str] | None,
    style: Callable[[Request, str], Style],
    write: Callable[[Request, re.Match[str], str, Style], Resumed],
) -> Resumed:
    """What `write` makes under the number right behind the failed migration's, which is the first group of its name's
    `match`; a script for a person where what follows leaves none, or other databases could not run it. No match: `tool`
    does not run the file. `style` is that of a migration with such a number. Raises CannotResume."""
    if match is None:
        raise CannotResume(f"{tool} does not run {file_name(request.file.path)}")
    number = next_number(match[1], [item.identity for item in request.following])
    if number is None:
        return by_hand(request, style(request, match[1]), no_number(request, tool))
    if not is_general(request, style(request, number)):
        return by_hand(request, style(request, match[1]), HERE_ALONE)
    return write(request, match, number, style(request, number))


#: Why SQLite's resumes are no migrations of a tool that runs them on every database of the project.
HERE_ALONE = (
    "SQL on SQLite has no conditions, so that it is right on this database alone, and elsewhere fails"
)


def no_number(request: Request, tool: str) -> str:
    """Why there is no migration of the tool's where the next one follows at once."""
    return f"{tool} has no number between {file_name(request.file.path)} and what follows it"


def by_hand(request: Request, style: Style, why: str, name: str = "", folder: str = "") -> Resumed:
    """A script that no tool runs, beside the folder of the migrations. `name` is what the migration is called, the
    file's name if not given. Raises CannotResume."""
    folder = folder or os.path.dirname(os.path.dirname(request.file.path))
    path = os.path.join(folder, f"finish_{name or stem(request.file.path)}.sql")
    note = f"{why}: run this script by hand, with the migration marked as done, before the tool goes on"
    return written(request, path, "", style._replace(wrap=None, alone=True), notes=(note,))


def recorded(request: Request, condition: str) -> str:
    """A condition that is true where the tracking table has a row of this kind; empty where there is no such table."""
    if request.table is None:
        return ""
    table = quoted(request.target.dialect, request.table)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608 # names are quoted


def undo_script(request: Request, lost: Sequence[str]) -> Resumed:
    """The script that takes back what has run of a migration; it is run by hand. Raises CannotResume."""
    folder = os.path.dirname(os.path.dirname(request.file.path))
    name = file_name(request.file.path)
    said = [
        f"Takes back what {name} did before it stopped; the tool knows nothing of it, so it is run by hand."
    ]
    if request.found is not None:
        said.append(f"{request.found.when}, {request.found.database}: {request.found.sentence}.")
    said += [f"The rows in {each} are lost with it." for each in lost]
    text = "\n".join([*comment(said), "", body(request, Style())])
    path = os.path.join(folder, f"undo_{name.rpartition('.')[0]}.sql")
    note = "run it by hand; then the migration can run from its beginning, once what made it fail is mended"
    return Resumed(path, in_lines_of(request, text), notes=(note,))


def nothing_to_undo(request: Request) -> str:
    """The comment that stands in a way down."""
    return f"-- Nothing to undo: rolling back {file_name(request.file.path)} undoes all of it."


def way_down(request: Request, name: str) -> Written:
    """The file of a way down of its own, which does nothing."""
    return Written(sibling(request, name), f"{nothing_to_undo(request)}\nSELECT 1;\n")


def sibling(request: Request, name: str) -> str:
    """The path of a file of this name in the failed migration's folder."""
    return os.path.join(os.path.dirname(request.file.path), name)


def stem(path: str) -> str:
    """A migration's name without what says that it is SQL, or which direction it goes."""
    name = file_name(path)
    for suffix in (".sql", ".up"):
        name = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    return name


def way_up(request: Request) -> Section | None:
    """The part of the failed migration that is resumed."""
    return next((one for one in request.migration.sections if one.name == "up"), None)


def opted_out(request: Request) -> bool:
    """Whether the failed migration turned the tool's transaction off."""
    section = way_up(request)
    return section is not None and section.transaction.opt_out is not None


def _refuse_one_query(request: Request) -> None:
    section = way_up(request)
    if section is None or not section.transaction.implicit or len(request.steps) < 1:
        return
    for step in request.steps:
        if any(action.in_transaction is InTransaction.REFUSED for action in step.operation.actions):
            raise CannotResume(
                f"the tool sends a file as one query, in which {step.operation.kind} {step.operation.target} must stand"
                " alone",
                "Drop the index if it is INVALID, and run the migration again: a failure leaves nothing else of it",
            )
