"""A project that fails half way, is mended, marked as done and goes on: what Partway asks and sees at each step.

`play` goes through it with the real tool. What it saw can be kept as JSON, for machines that do not have the tool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from partway.dialects.questions import questions
from partway.tools.history import (
    File,
    History,
    HistoryModule,
    Marking,
    Order,
    Target,
    history_of,
    read_history,
)
from partway.tools.recorded import Recorded, recorded
from partway.tools.tracking import said
from tests.engines.lab import Lab
from tests.history.tools import Migrations, Ran, Tool

#: The second one stops at its second statement, since there is a table of that name.
TEXTS = {
    1: "CREATE TABLE one (id int);\n",
    2: "CREATE TABLE two (id int);\nCREATE TABLE one (id int);\nCREATE TABLE three (id int);\n",
    10: "CREATE TABLE four (id int);\n",
}
EDITED = {**TEXTS, 1: "-- Changed after it ran.\nCREATE TABLE one (id int);\n"}
#: What the second one would have left, had its second statement not been there.
MEND = ("CREATE TABLE IF NOT EXISTS two (id int)", "CREATE TABLE IF NOT EXISTS three (id int)")


class Seen(NamedTuple):
    """What the database answered at one moment, and the project's files then. `ok` is whether the tool was content with
    what it last did, `output` what it said."""

    files: Mapping[str, str]
    here: Sequence[str]
    columns: Sequence[Sequence[str]]
    rows: Sequence[Sequence[object]]
    ok: bool = True
    output: str = ""

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Seen:
        """What `_asdict` gave, read back."""
        return cls(**found)


class Moment(NamedTuple):
    """What Partway makes of something seen."""

    history: History
    order: Order
    module: HistoryModule
    target: Target
    files: Mapping[str, File]

    def recorded(self, number: int) -> Recorded:
        """What the history says of the migration with this number."""
        return recorded(self.history, self.order, self.file(number))

    def file(self, number: int) -> File:
        """The file of the migration with this number."""
        item = self.order.items[sorted(TEXTS).index(number)]
        return self.files[item.path]

    def marking(self, number: int) -> Marking:
        """How it is marked as done."""
        return self.module.mark_done(self.target, self.history, self.order, self.file(number))


def moment(tool: str, dialect: str, settings: Mapping[str, str], seen: Seen) -> Moment:
    """What Partway makes of what was seen; pure."""
    module = history_of(tool)
    target = Target(dialect, settings, *seen.here)
    files = {path: File(path, text) for path, text in seen.files.items()}
    history = read_history(tool, module.table(target), seen.columns, seen.rows)
    return Moment(history, module.order(files.values(), settings), module, target, files)


def look(lab: Lab, tool: str, settings: Mapping[str, str], files: Mapping[str, str]) -> Seen:
    """Ask the database what Partway asks."""
    asked, module = questions(lab.dialect), history_of(tool)
    here = [said(value) for value in lab.rows(asked.here)[0]]
    target = Target(lab.dialect, settings, *here)
    table = module.table(target)
    columns = [[str(schema), str(column)] for schema, column in lab.rows(asked.columns(table))]
    rows: list[list[object]] = []
    if columns:
        found = lab.rows(module.rows(target, table, [column for _, column in columns]))
        rows = [[_plain(value) for value in row] for row in found]
    return Seen(files, here, columns, rows)


def _plain(value: object) -> object:
    """A value as JSON can hold it; what a driver gives as bytes or a time is read as text anyway."""
    return value if value is None or isinstance(value, bool | int) else said(value)


class Play:
    """One tool going through the scenes on an empty database."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.lab = tool.lab
        self.scenes: dict[str, Seen] = {}

    def play(self) -> dict[str, Seen]:
        """All scenes by name."""
        self._half_way()
        self.lab.execute(*self._moment("half").marking(2).sql)
        self._look("marked", 1, 2)
        self._up("after", *TEXTS)
        if self._moment("half").marking(2).command and type(self.tool).mark is not Tool.mark:
            self._half_way()
            done = self.tool.mark(self._moment("half").marking(2).command)
            self._look("marked-by-command", 1, 2, ok=done.ok, output=done.output)
            self._up("after-command", *TEXTS)
        self._write(EDITED)
        ran = self.tool.up() if self.tool.refuses_edited else Ran(ok=True, output="")
        self._look("edited", *EDITED, texts=EDITED, ok=ran.ok, output=ran.output)
        return self.scenes

    def _half_way(self) -> None:
        self.lab.fresh()
        self._look("nothing", 1)
        self._up("half", 1, 2)
        self.lab.execute(*MEND)

    def _up(self, scene: str, *numbers: int) -> None:
        self._write({number: TEXTS[number] for number in numbers})
        ran = self.tool.up()
        self._look(scene, *numbers, ok=ran.ok, output=ran.output)

    def _write(self, texts: Mapping[int, str]) -> None:
        self.tool.write(self.tool.files(Migrations(texts, frozenset({2}))))

    def _look(
        self,
        scene: str,
        *numbers: int,
        texts: Mapping[int, str] = TEXTS,
        ok: bool = True,
        output: str = "",
    ) -> None:
        files = self.tool.files(Migrations({number: texts[number] for number in numbers}, frozenset({2})))
        seen = look(self.lab, self.tool.name, self.tool.settings, files)
        self.scenes[scene] = seen._replace(ok=ok, output=output)

    def _moment(self, scene: str) -> Moment:
        return moment(self.tool.name, self.lab.dialect, self.tool.settings, self.scenes[scene])
