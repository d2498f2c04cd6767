"""Replacing a file: whole or not at all, with its mode, its owner where that is allowed, and the link that leads to
it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress


class Changed(Exception):
    """The file is no longer what was read."""


def replace(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`. A link stays a link: what it leads to is replaced.

    Raises Changed if the file holds something else than `old` by now, OSError if it cannot be written; then it is as
    it was.
    """
    path = os.path.realpath(path)
    with open(path, "rb") as file:
        if file.read() != old:
            raise Changed(path)
    if not os.access(path, os.W_OK):  # a new file beside it would get round what its mode forbids
        raise PermissionError(13, "Permission denied", path)
    before = os.stat(path)
    handle, temporary = tempfile.mkstemp(prefix=".partway-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, temporary)
        if hasattr(os, "chown") and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            with suppress(OSError):  # only root may give files away
                os.chown(temporary, before.st_uid, before.st_gid)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
