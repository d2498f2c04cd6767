"""What `partway status` shows people: one sentence, then each operation with what is true of it and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partway.cli.formats.text import count, printable
from partway.cli.terminal import BOLD, DIM, OFF
from partway.status import stem

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
_ORDER = (
    "half-way",
    "incomplete",
    "unrecorded",
    "blocked",
    "in-progress",
    "unclear",
    "pending",
    "complete",
    "unkept",
)
#: So many are shown of those that are pending, or of which nothing can be told.
_SHOWN = 10


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
    done, unkept = by.get("complete", []), by.get("unkept", [])
    listed: list[tuple[str, dict[str, Any]]] = []
    left: dict[str, int] = {}
    for verdict in _ORDER[:-2]:
        shown = _SHOWN if verdict in ("unclear", "pending") else None
        ones = by.get(verdict, [])
        listed += [(verdict, one) for one in ones[:shown]]
        left[verdict] = len(ones[shown:]) if shown else 0
    listed += [("complete", one) for one in done if one["history"]["edited"]]
    yield ""
    wide = max((len(printable(one["path"])) for _, one in listed), default=0)
    for number, (verdict, one) in enumerate(listed):
        tint = _VERDICTS.get(verdict, "") if colour else ""
        name = stem(one["path"])
        words = printable(one["sentence"].removeprefix(f"{name}: ").removeprefix(f"{name} "))
        yield f"{tint}{verdict:<11}{off}  {printable(one['path']):<{wide}}  {words}"
        if left[verdict] and (number + 1 == len(listed) or listed[number + 1][0] != verdict):
            yield f"{verdict:<11}  {dim}and {left[verdict]} more{off}"
    if done:
        last = printable(done[-1]["path"])
        yield f"{'complete':<11}  {dim}{count(len(done), 'migration')}, the last of them {last}{off}"
    if unkept:
        said = f"{count(len(unkept), 'migration')} of which no tool keeps books: {_as_seen(unkept)}"
        yield f"{'':<11}  {dim}{said}{off}"


def _as_seen(unkept: list[dict[str, Any]]) -> str:
    """How far the catalog shows migrations to be of which nobody has written it down."""
    points = [one["failure_point"] for one in unkept if one["operation_count"]]
    waiting = sum(point is not None and point["before"] == 0 for point in points)
    said = [f"{len(unkept) - waiting} applied"] if len(unkept) > waiting else []
    return (
        ", ".join([*said, *([f"{waiting} not begun"] if waiting else [])]) + ", as far as the catalog shows"
    )


def _verdict(one: dict[str, Any]) -> str:
    if one["history"]:
        return str(one["history"]["verdict"])
    if one["half_way"] is None:
        return "unclear"
    if one["half_way"]:
        return "half-way"
    return "unkept"


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
            first = stem(found[0]["path"])
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            said.append(f"{first} {words}{more}")
    kept = [f"{len(by[verdict])} {verdict}" for verdict in ("pending", "complete") if verdict in by]
    rest = f": {', '.join(kept)}" if kept else ""
    return f"{'; '.join(said) if said else 'Nothing is half way'}{rest}"


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
