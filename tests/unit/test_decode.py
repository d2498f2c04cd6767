"""Bytes become text and the same bytes again; what is no text says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.decode import Undecodable, decode, encode

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_read_and_written_back_with_its_mark(encoding: str) -> None:
    data = encode("SELECT 'é🐘';\r\n", encoding)
    source = decode(data, "a.sql")
    assert source.text == "SELECT 'é🐘';\r\n"
    assert source.encoding == encoding
    assert encode(source.text, source.encoding) == data


@given(st.binary())
def test_any_bytes_are_text_that_comes_back_or_an_error_within_them(data: bytes) -> None:
    try:
        source = decode(data, "a.sql")
    except Undecodable as error:
        fault = error
    else:
        assert encode(source.text, source.encoding) == data
        return
    assert 0 <= fault.offset <= len(data)
    assert fault.path == "a.sql"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"abc\xe9def", "not valid UTF-8: 0xE9 at byte offset 3"),
        (b"\xef\xbb\xbfab\xff", "not valid UTF-8: 0xFF at byte offset 5"),
        (b"\xff\xfea\x00\x00\xd8", "not valid UTF-16: 0x00 0xD8 at byte offset 4"),
        (b"PK\x03\x04\x00\x00", "NUL byte at offset 4: a binary file, or UTF-16 without a byte order mark"),
    ],
)
def test_what_is_no_text_is_told_with_the_place(data: bytes, message: str) -> None:
    with pytest.raises(Undecodable, match="^" + message.replace("(", r"\(") + "$"):
        decode(data, "a.sql")
