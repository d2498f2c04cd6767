"""Bytes to text and back: the encodings that migration files come in, and what is said about bytes that are no text."""

from __future__ import annotations

from partway.core.source import SourceFile

# UTF-32 before UTF-16: the little-endian mark of the first begins with that of the second. A file without a mark is
# UTF-8; UTF-16 and UTF-32 are read only with one, so `encode` always writes it for them.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


class Undecodable(ValueError):
    """These bytes are not text that Partway reads. `path` names the file, `offset` the first byte at fault (from 0),
    and the message says what is wrong, without the path."""

    def __init__(self, path: str, offset: int, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.offset = offset


def decode(data: bytes, path: str) -> SourceFile:
    """The text of a file's bytes, its byte order mark left out and its line ends as they are.

    Raises Undecodable for binary data and for bytes that are not valid in their encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            codec = "utf-8" if encoding == "utf-8-sig" else encoding
            return SourceFile(path, _text(body, codec, path, len(mark)), encoding)
    # A NUL is valid UTF-8 but no migration holds one.
    nul = data.find(b"\0")
    if nul >= 0:
        message = f"NUL byte at offset {nul}: a binary file, or UTF-16 without a byte order mark"
        raise Undecodable(path, nul, message)
    return SourceFile(path, _text(data, "utf-8", path, 0))


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text in an encoding that `decode` found, byte order mark included. Raises UnicodeEncodeError for a
    lone surrogate."""
    if encoding == "utf-8":
        return text.encode()
    mark = next(mark for mark, name in _MARKS if name == encoding)
    return mark + text.encode("utf-8" if encoding == "utf-8-sig" else encoding)


def _text(body: bytes, codec: str, path: str, skipped: int) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start + skipped
        name = codec.upper().removesuffix("-LE").removesuffix("-BE")
        shown = (
            " ".join(f"0x{byte:02X}" for byte in body[error.start : error.end][:4]) or "the end of the file"
        )
        raise Undecodable(path, at, f"not valid {name}: {shown} at byte offset {at}") from None
