"""What `partway status` shows people: one sentence, then each operation with what is true of it and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partway.cli.formats.text import count, printable
from partway.cli.terminal import BOLD, DIM, OFF

_COLOURS = {
    "applied": "\x1b[32m",
    "pending": "\x1b[33m",
    "different": "\x1b[1;31m",
    "invalid": "\x1b[1;31m",
    "unknown": "\x1b[36m",
}
_VERDICTS = {
    "half-way": "\x1b[1;31m",
    "incomplete": "\x1b[1;31m",
    "unrecorded": "\x1b[1;31m",
    "blocked": "\x1b[1;31m",
    "in-progress": "\x1b[36m",
    "unclear": "\x1b[36m",
    "pending": "\x1b[33m",
}
_WIDEST = 52  # of an operation in the table, in characters


def write(documents: list[dict[str, Any]], *, colour: bool) -> str:
    """Every file, a blank line between two."""
    return "\n".join("\n".join(_file(one, colour=colour)) + "\n" for one in documents)


#: The verdicts of a project's list, what needs somebody first; what is as it should be is summed up.
_ORDER = ("half-way", "incomplete", "unrecorded", "blocked", "in-progress", "unclear", "pending", "complete")
_SHOWN_PENDING = 10


def write_project(documents: list[dict[str, Any]], *, colour: bool) -> str:
    """A project: one sentence, then its migrations, those that need somebody first."""
    if not documents:
        return ""
    return "\n".join(_project(documents, colour=colour)) + "\n"


def _project(documents: list[dict[str, Any]], *, colour: bool) -> Iterator[str]:
    bold, dim, off = (BOLD, DIM, OFF) if colour else ("", "", "")
    by: dict[str, list[dict[str, Any]]] = {}
    for one in documents:
        by.setdefault(_verdict(one), []).append(one)
    yield f"{bold}{printable(_summary(by))}{off}"
    yield f"{dim}{count(len(documents), 'migration')} on {printable(documents[0]['database'])}{off}"
    listed = [(verdict, one) for verdict in _ORDER[:-2] for one in by.get(verdict, ())]
    listed += [("pending", one) for one in by.get("pending", ())[:_SHOWN_PENDING]]
    done = by.get("complete", ())
    listed += [("complete", one) for one in done if one["history"] and one["history"]["edited"]]
    if listed or done:
        yield ""
    wide = max((len(printable(one["path"])) for _, one in listed), default=0)
    for verdict, one in listed:
        tint = _VERDICTS.get(verdict, "") if colour else ""
        words = printable(one["sentence"].partition(": ")[2])
        yield f"{tint}{verdict:<11}{off}  {printable(one['path']):<{wide}}  {words}"
    left = len(by.get("pending", ())) - _SHOWN_PENDING
    if left > 0:
        yield f"{'pending':<11}  {dim}and {left} more{off}"
    if done:
        last = printable(done[-1]["path"])
        yield f"{'complete':<11}  {dim}{count(len(done), 'migration')}, the last of them {last}{off}"


def _verdict(one: dict[str, Any]) -> str:
    if one["history"]:
        return str(one["history"]["verdict"])
    if one["half_way"] is None:
        return "unclear"
    if one["half_way"]:
        return "half-way"
    applied = [operation["state"] == "applied" for operation in one["operations"] or ()]
    return "complete" if not applied or any(applied) else "pending"


_WORDS = {
    "half-way": "is half applied",
    "incomplete": "is recorded but not whole",
    "unrecorded": "is applied but not recorded",
    "blocked": "keeps the tool from going on",
    "in-progress": "is being run",
    "unclear": "cannot be told",
}


def _summary(by: dict[str, list[dict[str, Any]]]) -> str:
    """The answer in one sentence."""
    said = []
    for verdict, words in _WORDS.items():
        found = by.get(verdict, ())
        if found:
            first = found[0]["sentence"].partition(": ")[0]
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            said.append(f"{first} {words}{more}")
    pending, complete = len(by.get("pending", ())), len(by.get("complete", ()))
    rest = f"{pending} pending, {complete} complete"
    return f"{'; '.join(said) if said else 'Nothing is half way'}: {rest}"


def _file(one: dict[str, Any], *, colour: bool) -> Iterator[str]:
    bold, dim, off = (BOLD, DIM, OFF) if colour else ("", "", "")
    yield f"{bold}{printable(one['sentence'])}{off}"
    yield f"{dim}{printable(one['path'])} on {printable(one['database'])}{off}"
    operations = [operation for operation in one["operations"] if operation["state"] is not None]
    if operations:
        yield ""
    named = [_cut(f"{operation['kind']} {operation['target']}") for operation in operations]
    wide = max(map(len, named), default=0)
    point = one["failure_point"]
    for operation, name in zip(operations, named, strict=True):
        state = operation["state"]
        tint = _COLOURS[state] if colour else ""
        shown = f"{operation['index']:>3}  {tint}{state:<9}{off}  {printable(name):<{wide}}"
        yield f"{shown}  {dim}{printable(operation['reason'])}{off}"
        if operation["shapes"] and operation["shapes"]["wanted"]:
            yield f"                wanted: {printable(operation['shapes']['wanted'])}"
            yield f"                found:  {printable(operation['shapes']['found'])}"
        if state in ("different", "invalid", "unknown") and operation["query"]:
            yield f"                {dim}{printable(operation['query'])}{off}"
        last = operation["index"] == len(operations) - 1
        if point is not None and point["after"] == operation["index"] and not last:
            yield f"     {dim}---- stopped here{' or later' if point['before'] > point['after'] + 1 else ''}{off}"
    for name in one["locked"]:
        yield f"{printable(name)} is locked by another session: what it has not committed shows nowhere"
    if one["hidden"]:
        yield printable(one["hidden"])
    for kind, why in one["not_read"].items():
        yield f"no {kind} could be read: {printable(why)}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
