"""Which files of a run one process reads together, and which are begun first."""

from __future__ import annotations

import os

from partway.cli.file import File

#: No more than so many files of a folder are handed out together, so that nobody waits for the last of them.
_TOGETHER = 64


def stretches(files: list[File]) -> list[range]:
    """The numbers of the files, in stretches for one process each: what a program in Python rests on lies in its own
    folder, and is worked out once there. Other files are read by themselves. The longest stretch is begun first, so
    that nobody waits for it at the end."""
    found: list[range] = []
    before = ""
    for number, file in enumerate(files):
        folder = os.path.dirname(file.input.path) if file.input.path.endswith(".py") else ""
        if folder and folder == before and len(found[-1]) < _TOGETHER:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
        before = folder
    return sorted(found, key=lambda run: sum(len(files[number].data) for number in run), reverse=True)
