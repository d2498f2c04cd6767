"""Path patterns as .gitignore writes them: which paths a list of them takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Globs:
    """An ordered list of patterns, the last match wins.

    `*` and `?` stay inside a folder name, `**` crosses folders, `[abc]` is a set of characters. A pattern with a slash
    before its end starts at the root, another matches at any depth; one that ends in a slash matches folders only; one
    that begins with `!` lets in again what an earlier one took. A pattern which matches a folder takes all in it.
    Paths are relative to the root, with forward slashes.
    """

    __slots__ = ("_rules", "empty")

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [rule for rule in map(_compile, patterns) if rule is not None]
        self.empty = not self._rules

    def verdict(self, path: str, *, folder: bool = False) -> bool | None:
        """True if the last pattern that matches takes this very path in, False if it lets it out, None if none
        matches."""
        for regex, takes, folders_only in reversed(self._rules):
            if (folder or not folders_only) and regex.fullmatch(path):
                return takes
        return None

    def match(self, path: str) -> bool:
        """Whether this file or a folder above it is taken in."""
        if self.empty:
            return False
        slash = path.find("/")
        while slash >= 0:
            if self.verdict(path[:slash], folder=True):
                return True
            slash = path.find("/", slash + 1)
        return bool(self.verdict(path))


def _compile(pattern: str) -> tuple[re.Pattern[str], bool, bool] | None:
    takes = not pattern.startswith("!")
    pattern = pattern.removeprefix("!").removeprefix("./")
    folders_only = pattern.endswith("/")
    pattern = pattern.rstrip("/")
    if not pattern:
        return None
    anchored = "/" in pattern
    pattern = pattern.lstrip("/")
    # `**` stands for any number of whole folders: at the start, in the middle, and (for all that is inside) at the end.
    parts = pattern.split("/")
    body = "".join("(?:[^/]+/)*" if part == "**" else _component(part) + "/" for part in parts[:-1])
    body += ".+" if parts[-1] == "**" else _component(parts[-1])
    if not anchored:
        body = "(?:[^/]+/)*" + body
    try:
        return re.compile(body, re.DOTALL), takes, folders_only
    except re.error:  # a range such as [z-a]: taken as it stands
        return re.compile(re.escape(pattern)), takes, folders_only


def _component(part: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(part):
        char = part[at]
        at += 1
        if char == "*":
            while at < len(part) and part[at] == "*":
                at += 1
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "\\" and at < len(part):
            out.append(re.escape(part[at]))
            at += 1
        elif (
            char == "[" and (end := part.find("]", at + 2 if part[at : at + 1] in ("!", "^") else at + 1)) > 0
        ):
            inside = part[at:end].replace("\\", "\\\\").replace("[", "\\[")
            negated = inside[0] in "!^"
            out.append("[" + ("^/" + inside[1:] if negated else inside) + "]")
            at = end + 1
        else:
            out.append(re.escape(char))
    return "".join(out)
