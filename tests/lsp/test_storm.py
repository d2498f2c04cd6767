"""A storm: thousands of edits and requests, half of them cancelled, while files and configuration change underneath."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import SERVER
from tests.lsp.samples import GOOSE, MYSQL, SCRIPTS
from tests.lsp.text import place
from tests.lsp.wire import Wire

_EDITS = 2000
_PIECES = (
    "a", " ", ";", "\n", "\r\n", "'", '"', "`", "$$", "/*", "*/", "--", "(", ")", "🚀", "役", "\u2028", "\x0c",
    "CREATE TABLE t (id int) ENGINE = InnoDB;\n", "DROP TABLE t;\n", "ALTER TABLE t ADD COLUMN c int;\n",
    "-- partway: ignore[unguarded-drop]\n", "BEGIN;\n", "COMMIT;\n", "DO $$ BEGIN\n", "END $$;\n", "",
)  # fmt: skip
_CONFIGURATIONS = ('dialect = "mysql"\n', "dialect = \n", 'ignore = ["unguarded-drop"]\n', "colour = 1\n", "")
_METHODS = (
    "textDocument/diagnostic", "textDocument/documentSymbol", "textDocument/hover", "textDocument/codeAction",
    "workspace/diagnostic", "partway.operations",
)  # fmt: skip
_PULLING = {
    "textDocument": {"diagnostic": {}, "codeAction": {"resolveSupport": {"properties": ["edit"]}}},
    "workspace": {"diagnostics": {"refreshSupport": True}, "configuration": True},
}


@pytest.mark.parametrize("pulls", [True, False], ids=["pulling", "published"])
def test_storm(tmp_path: Path, pulls: bool) -> None:
    chance = random.Random(4711)
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    texts: dict[str, str] = {}
    for number, text in enumerate((MYSQL, GOOSE, SCRIPTS)):
        path = folder / f"db/migrations/00{number}_a.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        texts[path.as_uri()] = text
    log = tmp_path / "log"
    with Wire([*SERVER, "--log-file", str(log)], cwd=folder, settings={}) as wire:
        wire.initialize(folder, _PULLING if pulls else {"workspace": {"configuration": True}})
        for uri, text in texts.items():
            wire.open(uri, text)
        versions = dict.fromkeys(texts, 1)
        asked: list[int] = []
        cancelled: set[int] = set()
        for number in range(_EDITS):
            uri = chance.choice(list(texts))
            versions[uri] += 1
            texts[uri] = _edit(wire, chance, uri, texts[uri], versions[uri])
            if chance.random() < 0.6:
                request = _ask(wire, chance, uri, texts[uri])
                asked.append(request)
                if chance.random() < 0.5:
                    cancelled.add(request)
                    wire.notify("$/cancelRequest", {"id": request})
            if number % 97 == 0:
                _meddle(wire, chance, folder, uri)
            if number % 10 == 0:
                # As fast as it is read, yet not faster than anybody can type for two hundred edits on end.
                wire.call("workspace/executeCommand", {"command": "partway.explainRule", "arguments": ["x"]})
        wire.settings = {"transaction": "none"}
        (folder / "partway.toml").write_text('dialect = "mysql"\n')
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
        _told(wire, folder / "partway.toml")
        for request in asked:
            answer = wire.answer(request)
            if "error" in answer:
                assert request in cancelled
                assert answer["error"]["code"] == -32800, answer
        end = _seen(wire, texts, pulls=pulls)
        assert wire.shutdown() == 0
    assert not log.exists() or not log.read_text(), log.read_text()[-3000:]
    with Wire(cwd=folder, settings={"transaction": "none"}) as wire:
        wire.initialize(folder, _PULLING if pulls else {"workspace": {"configuration": True}})
        for uri, text in texts.items():
            wire.open(uri, text, versions[uri])
        assert _seen(wire, texts, pulls=pulls) == end
        assert wire.shutdown() == 0


def _edit(wire: Wire, chance: random.Random, uri: str, text: str, version: int) -> str:
    piece = chance.choice(_PIECES)
    first = chance.randint(0, len(text))
    # The text stays about as long as it is.
    last = min(
        len(text), first + (chance.choice([0, 0, 1, 3]) if len(text) < 1500 else chance.randint(0, 60))
    )
    if "\n" in (text[first : first + 1], text[last : last + 1]) and "\r" in text:
        first = last = len(text)  # no place between CR and LF
    start, end = place(text, first, "utf-16"), place(text, last, "utf-16")
    wire.change(
        uri,
        version,
        {
            "range": {
                "start": {"line": start[0], "character": start[1]},
                "end": {"line": end[0], "character": end[1]},
            },
            "text": piece,
        },
    )
    return text[:first] + piece + text[last:]


def _ask(wire: Wire, chance: random.Random, uri: str, text: str) -> int:
    method = chance.choice(_METHODS)
    line, character = place(text, chance.randint(0, len(text)), "utf-16")
    at = {"line": line, "character": character}
    document: dict[str, Any] = {"textDocument": {"uri": uri}}
    if method == "workspace/diagnostic":
        return wire.ask(method, {"previousResultIds": [], "workDoneToken": "w", "partialResultToken": "p"})
    if method == "partway.operations":
        return wire.ask("workspace/executeCommand", {"command": method, "arguments": [{"uri": uri}]})
    if method == "textDocument/hover":
        document["position"] = at
    if method == "textDocument/codeAction":
        document |= {"range": {"start": at, "end": at}, "context": {"diagnostics": []}}
    return wire.ask(method, document)


def _meddle(wire: Wire, chance: random.Random, folder: Path, uri: str) -> None:
    """Change what lies underneath."""
    path = Path(uri.removeprefix("file://"))
    what = chance.randrange(5)
    if what == 0:
        path.unlink(missing_ok=True)
    elif what == 1:
        path.write_bytes(b"\xff\xfe\xfd" * 5)
    elif what == 2:
        wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    elif what == 3:
        wire.settings = chance.choice(
            [{}, {"dialect": "mysql"}, {"dialect": 7}, None, {"lint": {"ignore": ["x"]}}]
        )
        wire.notify("workspace/didChangeConfiguration", {"settings": None})
    else:
        (folder / "partway.toml").write_text(chance.choice(_CONFIGURATIONS))
        _told(wire, folder / "partway.toml")


def _told(wire: Wire, path: Path) -> None:
    wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})


def _seen(wire: Wire, texts: dict[str, str], *, pulls: bool) -> dict[str, Any]:
    """What stands in the editor in the end."""
    # The server asks for settings, and is answered, before this comes back a second time.
    for _ in range(8):
        time.sleep(0.02)
        wire.call("workspace/executeCommand", {"command": "partway.explainRule", "arguments": ["x"]})
    if pulls:
        return {
            uri: wire.call("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
            for uri in texts
        }
    return {uri: wire.published[uri][1] for uri in texts}
