"""Baselines: the findings a project already had, so that only new ones are reported.

A finding is known by its rule, its file, and the text of its source line without regard to white space, so it stays
known when lines above it come and go. Of equal ones, as many are known as the baseline counts.
"""

from __future__ import annotations

import os
from collections import Counter
from json import dumps, loads
from typing import Any

from partway.cli.records import Record
from partway.core.source import SourceFile

_LONGEST = 120  # of a source line in the file, in characters: a longer one is cut, and a digest of it added


class BaselineError(Exception):
    """A baseline that cannot be read or written; the message names the file."""


def signature(one: Record, source: SourceFile) -> tuple[str, str, str]:
    """What a finding is known by: path, rule, and its source line with single spaces."""
    line = " ".join(source.line(one["range"]["start"]["line"]).split())
    if len(line) > _LONGEST:
        from hashlib import blake2b

        line = line[:_LONGEST] + " #" + blake2b(line.encode(errors="replace"), digest_size=6).hexdigest()
    return one["path"], one["rule"], line


def write(path: str, records: list[Record], sources: dict[str, SourceFile]) -> None:
    """Write a baseline with these findings. Raises BaselineError."""
    counted = Counter(_known(one, sources, path) for one in records)
    entries = [
        dumps({"path": where, "rule": rule, "line": line, "count": number}, ensure_ascii=False)
        for (where, rule, line), number in sorted(counted.items())
    ]
    text = '{"version": 1, "findings": [\n' + ",\n".join(entries) + "\n]}\n"
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BaselineError(f"{path}: cannot write the baseline: {error.strerror or error}") from error


def read(path: str) -> Counter[tuple[str, str, str]]:
    """How often each finding is known. Raises BaselineError."""
    try:
        with open(path, "rb") as file:
            document = loads(file.read())
    except OSError as error:
        raise BaselineError(f"{path}: cannot read the baseline: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: this baseline is not valid JSON: {error}") from error
    try:
        return _counted(document)
    except (KeyError, TypeError) as error:
        raise BaselineError(f"{path}: not a baseline of this version of Partway; write it again") from error


def _counted(document: Any) -> Counter[tuple[str, str, str]]:
    if document["version"] != 1:
        raise KeyError("version")
    known: Counter[tuple[str, str, str]] = Counter()
    for entry in document["findings"]:
        number = entry["count"]
        if not isinstance(number, int):
            raise TypeError(number)
        known[str(entry["path"]), str(entry["rule"]), str(entry["line"])] += number
    return known


def new_ones(
    path: str, known: Counter[tuple[str, str, str]], records: list[Record], sources: dict[str, SourceFile]
) -> list[Record]:
    """The findings which this baseline does not know. `known` is counted down to what it knows and nobody found."""
    new = []
    for one in records:
        entry = _known(one, sources, path)
        if known[entry] > 0:
            known[entry] -= 1
        else:
            new.append(one)
    return new


def _known(one: Record, sources: dict[str, SourceFile], baseline: str) -> tuple[str, str, str]:
    """The signature with the path as seen from the baseline's folder, so that it holds wherever Partway is started."""
    path, rule, line = signature(one, sources[one["path"]])
    if path != "-":
        folder = os.path.dirname(os.path.abspath(baseline))
        try:
            path = os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
        except ValueError:  # another drive
            path = os.path.abspath(path)
    return path, rule, line
