"""Positions: agreed in UTF-16 or UTF-8, right whatever stands before them, and harmless where they make no sense."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.lsp import text as editing
from tests.lsp.client import EVERYWHERE, Editor, at, capabilities
from tests.lsp.samples import MYSQL, SCRIPTS, SEPARATORS, TEXTS, path_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENCODINGS = ("utf-8", "utf-16", "utf-32")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENCODINGS)
async def encoded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Editor]:
    """Neovim, counting in one encoding alone."""
    capable = capabilities("neovim")
    capable.general = types.GeneralClientCapabilities(position_encodings=[request.param])
    editor = await Editor.start("neovim", tmp_path_factory.mktemp("encoded"), capable=capable)
    assert editor.encoding == request.param
    yield editor
    assert await editor.stop() == 0


async def test_nothing_said_means_utf_16(tmp_path: Path) -> None:
    editor = await Editor.start("visual-studio-code", tmp_path)
    assert editor.encoding == "utf-16"
    assert await editor.stop() == 0


@pytest.mark.parametrize(("encodings", "chosen"), [(["utf-16", "utf-8"], "utf-16"), (["made-up"], "utf-16")])
async def test_the_editor_s_first_wish_counts(tmp_path: Path, encodings: list[str], chosen: str) -> None:
    capable = capabilities("neovim")
    capable.general = types.GeneralClientCapabilities(position_encodings=list(encodings))
    editor = await Editor.start("neovim", tmp_path, capable=capable)
    assert editor.encoding == chosen
    assert await editor.stop() == 0


async def test_a_finding_stands_where_its_statement_does(encoded: Editor) -> None:
    for text, statement in (
        (SCRIPTS, "ALTER TABLE `表🚀` ADD COLUMN `列é` int"),
        (SCRIPTS, "CREATE TABLE `表🚀`"),
        (SEPARATORS, "ALTER TABLE a ADD COLUMN b int"),
    ):
        uri = encoded.open(path_of("stands"), text)
        starts = {(one.range.start.line, one.range.start.character) for one in await encoded.diagnostics(uri)}
        assert editing.place(text, text.index(statement), encoded.encoding) in starts
        encoded.close(uri)


async def test_a_fix_goes_where_it_belongs(encoded: Editor) -> None:
    """Every text ends up with nothing left to guard, so every edit has hit its place."""
    for name, text in TEXTS.items():
        uri = encoded.open(path_of(name), text)
        for kind in ("source.fixAll.partway", "source.guardAll.partway"):
            for action in await encoded.actions(uri, at(0, 0), only=[kind]):
                result = editing.edited(text, await encoded.chosen(action), encoded.encoding)
                other = encoded.open(path_of(f"fixed-{name}"), result)
                if name not in ("broken",):
                    assert await encoded.actions(other, at(0, 0), only=[kind]) == [], name
                encoded.close(other)
        encoded.close(uri)


async def test_edits_keep_the_server_s_text_in_step(encoded: Editor) -> None:
    """Random edits in text of every kind: at the end the server sees what the editor sees."""
    chance = random.Random(8)
    pieces = [
        "a",
        "🚀",
        "é",
        "\n",
        "\r",
        "\r\n",
        "\u2028",
        "\x0c",
        "\t",
        "役割",
        ";",
        "CREATE TABLE x (id int);",
        "",
    ]
    for name, start in TEXTS.items():
        text = start
        uri = encoded.open(path_of(f"step-{name}"), text)
        for _ in range(60):
            first = chance.randint(0, len(text))
            last = min(len(text), first + chance.choice([0, 0, 1, 2, 8]))
            where = _range(text, first, last, encoded.encoding)
            piece = chance.choice(pieces)
            first, last = (
                editing.offset(text, one.line, one.character, encoded.encoding)
                for one in (where.start, where.end)
            )
            text = text[:first] + piece + text[last:]
            encoded.change(uri, (where, piece))
        tail = "\nCREATE TABLE `zz` (id int) ENGINE = InnoDB;\nDROP TABLE zz;\n"
        end = _range(text, len(text), len(text), encoded.encoding)
        encoded.change(uri, (end, tail))
        text += tail
        other = encoded.open(path_of(f"fresh-{name}"), text)
        assert _seen(await encoded.diagnostics(uri)) == _seen(await encoded.diagnostics(other)), name
        encoded.close(uri)
        encoded.close(other)


async def test_positions_outside_the_text_are_taken_to_its_end(editor: Editor) -> None:
    far = 2**31 - 1
    for name, text in TEXTS.items():
        uri = editor.open(path_of(f"far-{name}"), text)
        for line, character in ((0, far), (far, 0), (far, far), (1, far)):
            await editor.hover(uri, line, character)
            await editor.actions(uri, at(line, character))
            await editor.actions(uri, at(0, 0, line, character))
        # A range whose end comes first, which the specification rules out.
        await editor.actions(uri, types.Range(types.Position(1, 0), types.Position(0, 0)))
        editor.change(uri, (types.Range(types.Position(0, far), types.Position(far, far)), ""))
        await editor.diagnostics(uri)
        editor.close(uri)


async def test_past_the_end_of_a_line_is_before_its_line_end(editor: Editor) -> None:
    uri = editor.open(path_of("past"), MYSQL.replace("\n", "\r\n"))
    editor.change(uri, (at(0, 9999), " -- said"), (at(1, 9999), " -- too"))
    found = await editor.diagnostics(uri)
    assert {one.range.start.line for one in found} == {0, 1}
    assert len([one for one in await editor.actions(uri, EVERYWHERE) if one.is_preferred]) == 2


async def test_between_the_halves_of_a_character_is_before_or_behind_it(editor: Editor) -> None:
    uri = editor.open(path_of("halves"), SCRIPTS)
    for line, one in enumerate(editing.lines(SCRIPTS)):
        for character in range(editing.units(one, "utf-16") + 2):
            await editor.hover(uri, line, character)
            await editor.actions(uri, at(line, character))
    editor.close(uri)


def _range(text: str, first: int, last: int, encoding: str) -> types.Range:
    start, end = editing.place(text, first, encoding), editing.place(text, last, encoding)
    return types.Range(types.Position(*start), types.Position(*max(start, end)))


def _seen(found: list[types.Diagnostic]) -> list[tuple[str, str, str]]:
    return [(str(one.code), str(one.range), one.message) for one in found]
