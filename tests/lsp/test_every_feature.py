"""Every feature on every text, and on every beginning of one, as it is while it is typed: an answer each time, never an
error."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.samples import TEXTS, path_of
from tests.lsp.text import lines, place, units
from tests.lsp.wire import Wire
from tests.rules.documentation import all_examples

#: The texts of this folder, and the examples in the rules' documentation.
FIXTURES = {
    **{name: (path_of(name), text) for name, text in TEXTS.items()},
    **{f"{one}": (f"rules/{one}/migrations/{one.path}", one.text) for one in all_examples("bad", "good")},
}


def _features(wire: Wire, uri: str, text: str, position: tuple[int, int]) -> list[Any]:
    """Ask everything there is to ask; the requests' ids by their methods."""
    document = {"textDocument": {"uri": uri}}
    at = {"line": position[0], "character": position[1]}
    last = len(lines(text)) - 1
    end = {"line": last, "character": units(lines(text)[last], "utf-16")}
    everywhere = {"start": {"line": 0, "character": 0}, "end": end}
    return [
        (method, wire.ask(method, {**document, **params}))
        for method, params in (
            ("textDocument/diagnostic", {}),
            ("textDocument/documentSymbol", {}),
            ("textDocument/hover", {"position": at}),
            ("textDocument/codeLens", {}),
            ("textDocument/inlayHint", {"range": everywhere}),
            ("textDocument/codeAction", {"range": {"start": at, "end": at}, "context": {"diagnostics": []}}),
            ("textDocument/codeAction", {"range": everywhere, "context": {"diagnostics": []}}),
        )
    ] + [
        (
            "workspace/executeCommand",
            wire.ask(
                "workspace/executeCommand", {"command": "partway.operations", "arguments": [{"uri": uri}]}
            ),
        )
    ]


def _results(wire: Wire, asked: list[Any]) -> list[tuple[str, Any]]:
    found = []
    for method, number in asked:
        answer = wire.answer(number)
        assert "error" not in answer, (method, answer)
        found.append((method, answer["result"]))
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server writes of its own mistakes; a handler that went wrong answers with nothing."""
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Any:
    """One server for all, in an editor that resolves nothing, so that every edit is made."""
    from tests.lsp.client import SERVER

    folder = tmp_path_factory.mktemp("every")
    (folder / ".git").mkdir()
    with Wire([*SERVER, "--log-file", str(log)], cwd=folder) as one:
        one.initialize(folder)
        one.folder = folder  # type: ignore[attr-defined]  # the fixture puts it there
        yield one
        assert one.shutdown() == 0


def _silent(log: Path) -> None:
    said = log.read_text() if log.exists() else ""
    if said:
        os.truncate(log, 0)
    assert not said, said[-3000:]


@pytest.mark.parametrize("name", FIXTURES)
def test_every_feature_answers(wire: Wire, log: Path, name: str) -> None:
    path, text = FIXTURES[name]
    uri = (wire.folder / path).as_uri()  # type: ignore[attr-defined]  # the fixture puts it there
    wire.open(uri, text)
    asked: list[Any] = []
    for offset in range(0, len(text) + 1, max(1, len(text) // 12)):
        asked += _features(wire, uri, text, place(text, offset, "utf-16"))
    length = len(lines(text))
    for method, result in _results(wire, asked):
        for one in _ranges(result):
            assert (one["start"]["line"], one["start"]["character"]) <= (
                one["end"]["line"],
                one["end"]["character"],
            )
            assert one["end"]["line"] < length, method
    wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    _silent(log)


@pytest.mark.parametrize("name", FIXTURES)
def test_every_feature_answers_while_it_is_typed(wire: Wire, log: Path, name: str) -> None:
    path, text = FIXTURES[name]
    uri = (wire.folder / f"typed/{path}").as_uri()  # type: ignore[attr-defined]  # the fixture puts it there
    wire.open(uri, "")
    asked: list[Any] = []
    # A long text is not typed letter by letter in a test.
    step = max(1, len(text) // 300)
    typed = ""
    for version, offset in enumerate(range(step, len(text) + step, step), 2):
        line, character = place(typed, len(typed), "utf-16")
        at = {"line": line, "character": character}
        more = text[len(typed) : offset]
        if typed.endswith("\r") and more.startswith("\n"):
            wire.change(uri, version, {"text": text[:offset]})
        else:
            wire.change(uri, version, {"range": {"start": at, "end": at}, "text": more})
        typed = text[:offset]
        asked += _features(wire, uri, typed, place(typed, len(typed), "utf-16"))
        if len(asked) > 200:
            _results(wire, asked)
            asked = []
    _results(wire, asked)
    # What was read piece by piece is what is read at once.
    fresh = (wire.folder / path).as_uri()  # type: ignore[attr-defined]  # the fixture puts it there
    same = (wire.folder / f"typed/{path}").as_uri()  # type: ignore[attr-defined]  # the fixture puts it there
    before = wire.call("textDocument/diagnostic", {"textDocument": {"uri": same}})["items"]
    wire.notify("textDocument/didClose", {"textDocument": {"uri": same}})
    wire.open(same, text)
    assert wire.call("textDocument/diagnostic", {"textDocument": {"uri": same}})["items"] == before
    for one in (same, fresh):
        wire.notify("textDocument/didClose", {"textDocument": {"uri": one}})
    _silent(log)


def _ranges(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [one for item in value for one in _ranges(item)]
    if not isinstance(value, dict):
        return []
    # What `partway inspect` says counts as the command line does: by columns.
    here = value.get("range")
    found = [here] if here is not None and "character" in here["start"] else []
    return found + [one for key, item in value.items() if key != "range" for one in _ranges(item)]
