"""Checksums as the real tools compute them, over texts with every kind of line end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partway.tools.history import Entry, File, history_of
from tests.history.conftest import RealTools
from tests.history.scenes import look, moment
from tests.history.tools import Migrations

BODY = "CREATE TABLE t{} (id int);"
TEXTS = {
    "line feed": BODY + "\n-- end\n",
    "none at the end": BODY + "\n-- end",
    "carriage return and line feed": BODY + "\r\n-- end\r\n",
    "mixed": BODY + "\r\n-- a\n\n\n-- end\n\n",
    "spaces": "  " + BODY + "  \n\t-- end  \n",
    "other scripts": "-- 历史 é \U0001f600\n" + BODY + "\n",
    "other line ends": "-- a\u2028b\x0bc\x0cd\x85e\n" + BODY + "\n",
    "long": "-- " + "x" * 9000 + "\n" + BODY + "\n",
    "byte order mark": "\ufeff" + BODY + "\n",
}
PATHS = {
    "flyway": "sql/V{}__x.sql",
    "sqlx": "migrations/{}_x.sql",
    "prisma": "prisma/migrations/2024010{}000000_x/migration.sql",
}


@pytest.mark.parametrize("name", list(PATHS))
def test_what_the_tool_wrote_is_what_partway_computes(real_tools: RealTools, name: str) -> None:
    tool = real_tools.tool(name, "sqlite")
    if tool is None:
        return  # named at the end of the run; its recorded tables hold checksums too
    tool.lab.fresh()
    texts = {
        PATHS[name].format(number): text.format(number)
        for number, (kind, text) in enumerate(TEXTS.items(), 1)
        # The other two send the mark to the engine, which refuses it.
        if kind != "byte order mark" or name == "flyway"
    }
    usual = tool.files(Migrations({}))
    tool.write({**usual, **texts})
    ran = tool.up()
    assert ran.ok, ran.output
    found = moment(name, "sqlite", tool.settings, look(tool.lab, name, tool.settings, texts))
    module = history_of(name)
    assert len(found.history.entries) == len(texts)
    entries = {module.key(entry.identity): entry for entry in found.history.entries}
    edited: Callable[[Entry, File], bool | None] = getattr(module, "edited")  # noqa: B009 # not every tool has it
    for item in found.order.items:
        text = texts[item.path]
        assert edited(entries[item.identity], File(item.path, text)) is False, repr(text[:80])
        assert edited(entries[item.identity], File(item.path, f"{text}-- more\n")) is True
        assert edited(entries[item.identity], File(item.path, text.replace("int", "Int"))) is True
        if name == "flyway":  # which looks at the lines alone
            other = text.replace("\r\n", "\n").replace("\n", "\r\n")
            assert edited(entries[item.identity], File(item.path, other)) is False
