"""Resume migrations where no database is chosen: guarded from the first operation, in the dialect of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from partway.analysis import Analysis, analyse
from partway.core.decode import Undecodable, decode
from partway.finishing import Assumed, Finish, finish_unasked
from partway.lsp.workspace import migrations_below
from partway.surveyed import Given
from partway.tools.history import File
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from partway.lsp.judging import Judge


def unasked(judge: Judge, path: str, folder: str, typed: dict[str, str], assumed: Assumed) -> Finish:
    """The resume migration of the migration at this path; `folder` is its project's, `typed` are the texts of open
    documents by their paths. Raises CannotResume."""
    given = _given(judge, [path], typed)
    analysis = given[0].read() if given else None
    if analysis is None:
        raise CannotResume("this is no migration")
    root = judge.config(path).root
    around = (one for one in migrations_below([folder]) if one != path and judge.config(one).root == root)
    return finish_unasked(given[0], _given(judge, around, typed), analysis.migration.dialect, assumed)


def _given(judge: Judge, paths: Iterable[str], typed: dict[str, str]) -> list[Given]:
    found = []
    for path in paths:
        text = typed[path] if path in typed else _text(path)
        choice = judge.choice(path, text) if text is not None else None
        if text is None or choice is None:
            continue
        read = _reader(judge, path, text)
        found.append(
            Given(judge.shown(path), File(path, text), choice.tool or "sql", dict(choice.settings), read)
        )
    return found


def _reader(judge: Judge, path: str, text: str) -> Callable[[], Analysis | None]:
    return lambda: analyse(judge.read(path, text), ())


def _text(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return decode(file.read(), path).text
    except (OSError, Undecodable):
        return None
