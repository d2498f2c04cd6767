"""The resume migration for Django: one operation that changes no state, and runs what has not run of the failed one.

A failed migration that is marked as done has its state in the graph already, so its operations cannot be written out
once more: the state would get them twice. So one operation replays them from the state before it, looks at the
database before each, and sends what failure lost of the SQL that Django puts off to a migration's end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from partway.core.migration import Migration
from partway.core.postcondition import Postcondition
from partway.tools.django import resume_looks, resume_wholes
from partway.tools.django.resume_pieces import pieces
from partway.tools.django.resume_text import text
from partway.tools.history import Item
from partway.tools.resuming import CannotResume, Request, Resumed, Whole, Written

_NUMBER = re.compile(r"\d+")


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether Django's introspection, or else the catalog, can be asked about a fact."""
    return resume_looks.visible(dialect, fact)


def wholes(migration: Migration) -> tuple[Whole, ...]:
    """Each operation with all that it sends at once."""
    return resume_wholes.wholes(migration)


def resume(request: Request) -> Resumed:
    """The migration, and another one that joins it with those that follow the failed one already. Raises
    CannotResume."""
    app, _, failed = request.migration.identity.rpartition(".")
    replacing = [item for item in request.order.items if request.migration.identity in item.replaces]
    if not app or replacing:
        by = replacing[0].identity if replacing else ""
        raise CannotResume(
            f"{failed} is replaced by {by}" if by else f"which app {failed} belongs to is not known",
            "Finish it by hand, and mark it as done with migrate --fake",
        )
    program, found = pieces(request.migration)
    ends = _ends(request, app)
    name = _next(request, app, f"resume_{failed}")
    path = _sibling(request, name)
    beside: list[Written] = []
    notes: list[str] = []
    if ends:
        merge = _merge_name(name)
        beside.append(Written(_sibling(request, merge), _merge(app, name, ends)))
    if request.following:
        notes.append(
            f"{request.following[0].identity} depends on {failed} as well: once it is marked as done, run"
            f" `python manage.py migrate {app} {name}` before `python manage.py migrate`. Where"
            f" {request.following[0].identity} has run, the resume does nothing"
        )
    return Resumed(
        path, text(request, app, failed, program, found), f"{app}.{name}", tuple(beside), (), tuple(notes)
    )


def _ends(request: Request, app: str) -> list[str]:
    """The names of the last ones of this app among those that follow the failed one."""
    own = [item for item in request.following if item.identity.startswith(f"{app}.")]
    needed = {name for item in own for name in item.needs}
    return sorted(item.identity.partition(".")[2] for item in own if item.identity not in needed)


def _next(request: Request, app: str, said: str) -> str:
    """A name behind those of all of the app's migrations: Django runs what comes last by name first, where several
    migrations follow one."""
    names = [item.identity.partition(".")[2] for item in _of(request.order.items, app)]
    last = max(names, default="")
    numbers = [found[0] for found in map(_NUMBER.match, names) if found]
    if not numbers or not _NUMBER.match(last):
        return f"{last or said}_resume"
    width = max(4, *(len(number) for number in numbers))
    return f"{max(map(int, numbers)) + 1:0{width}}_{said}"


def _of(items: Sequence[Item], app: str) -> list[Item]:
    return [item for item in items if item.identity.startswith(f"{app}.")]


def _merge_name(name: str) -> str:
    number = _NUMBER.match(name)
    return f"{int(number[0]) + 1:0{len(number[0])}}_merge_{name}" if number else f"{name}_merge"


def _merge(app: str, name: str, ends: Sequence[str]) -> str:
    """The migration that Django asks for where several have no other one after them."""
    lines = "".join(
        f"        ({resume_looks.quoted(app)}, {resume_looks.quoted(each)}),\n" for each in (*ends, name)
    )
    return (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [\n{lines}    ]\n\n    operations = []\n"
    )


def _sibling(request: Request, name: str) -> str:
    return os.path.join(os.path.dirname(request.file.path), f"{name}.py")
