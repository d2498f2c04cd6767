"""Messages on their way in: cut anywhere, and the two that come with each key, taken apart by hand."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import converters, types

from partway.lsp.frequent import asked, changed
from partway.lsp.stdio import Received

_BODIES = [b"{}", b'{"a":"\r\n\r\n"}', b"Content-Length: 3\r\n\r\nabc", b"x" * 70_000]
_SENT = b"".join(b"Content-Type: any\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body) for body in _BODIES)
_PLACE = {"line": 1, "character": 2}
_RANGE = {"start": _PLACE, "end": {"line": 1, "character": 5}}


@pytest.mark.parametrize("length", [1, 2, 7, 33, 4096, len(_SENT)])
def test_messages_come_in_pieces(length: int) -> None:
    received = Received()
    pieces = [_SENT[at : at + length] for at in range(0, len(_SENT), length)]
    assert [body for piece in pieces for body in received.messages(piece)] == _BODIES


def test_headers_without_a_length_are_passed_over() -> None:
    sent = b"\r\nContent-Type: any\r\n\r\nContent-Length: no\r\n\r\nContent-Length: 2\r\n\r\n{}"
    assert list(Received().messages(sent)) == [b"{}"]


@pytest.mark.parametrize(
    "said",
    [
        [{"text": "all of it"}],
        [{"range": _RANGE, "text": ""}, {"range": _RANGE, "rangeLength": 3, "text": "é"}],
        [],
    ],
)
def test_a_change_is_what_the_protocol_makes_of_it(said: list[dict[str, Any]]) -> None:
    params = {"textDocument": {"uri": "file:///a", "version": 7}, "contentChanges": said}
    found = changed(params)
    expected = converters.get_converter().structure(params, types.DidChangeTextDocumentParams)
    assert found is not None
    assert (found.uri, found.version) == (expected.text_document.uri, expected.text_document.version)
    assert [(getattr(one, "range", None), one.text) for one in found.changes] == [
        (getattr(one, "range", None), one.text) for one in expected.content_changes
    ]


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {"contentChanges": []},
        {"textDocument": {"uri": "file:///a"}, "contentChanges": []},
        {"textDocument": {"uri": 1, "version": 1}, "contentChanges": []},
        {"textDocument": {"uri": "file:///a", "version": "1"}, "contentChanges": []},
        {"textDocument": {"uri": "file:///a", "version": 1}, "contentChanges": [{}]},
        {"textDocument": {"uri": "file:///a", "version": 1}, "contentChanges": [{"range": None, "text": ""}]},
        {"textDocument": {"uri": "file:///a", "version": 1}, "contentChanges": [{"text": 1}]},
        {
            "textDocument": {"uri": "file:///a", "version": 1},
            "contentChanges": [{"range": {}, "text": ""}],
        },
        {
            "textDocument": {"uri": "file:///a", "version": 1},
            "contentChanges": [{"range": {"start": _PLACE, "end": {"line": -1, "character": 0}}, "text": ""}],
        },
        {
            "textDocument": {"uri": "file:///a", "version": 1},
            "contentChanges": [
                {"range": {"start": _PLACE, "end": {"line": "1", "character": 0}}, "text": ""}
            ],
        },
    ],
)
def test_what_is_no_change_goes_the_general_way(params: Any) -> None:
    assert changed(params) is None


def test_a_question_is_what_the_protocol_makes_of_it() -> None:
    for more in ({}, {"identifier": "partway"}, {"identifier": None, "previousResultId": "1"}):
        message = {
            "id": 3,
            "jsonrpc": "2.0",
            "method": "textDocument/diagnostic",
            "params": {"textDocument": {"uri": "file:///a"}, **more},
        }
        expected = converters.get_converter().structure(message, types.DocumentDiagnosticRequest)
        assert asked(message) == expected


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"textDocument": {}},
        {"textDocument": {"uri": 1}},
        {"textDocument": {"uri": "file:///a"}, "workDoneToken": 1},
        {"textDocument": {"uri": "file:///a"}, "previousResultId": 1},
    ],
)
def test_another_question_goes_the_general_way(params: Any) -> None:
    assert asked({"id": 3, "params": params}) is None
