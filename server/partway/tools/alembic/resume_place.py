"""Where a resume goes: its revision, its file's name, and what the revisions behind the failed one have to say then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from partway.core.edit import Edit
from partway.core.source import Span
from partway.tools.history import File, Item
from partway.tools.python_program import Program
from partway.tools.resuming import CannotResume, Change, Request

if TYPE_CHECKING:
    from tree_sitter import Node

_DIGITS = 12
_SLUG = re.compile(r"\w+")
_LONGEST_SLUG = 40
#: What a revision says of those before it.
_BEFORE = ("down_revision", "depends_on")


def revision_of(failed: str) -> str:
    """The revision of a failed one's resume: always the same, and of the shape that Alembic makes."""
    return sha256(f"resume of {failed}".encode()).hexdigest()[:_DIGITS]


def slug_of(message: str) -> str:
    """What `alembic revision -m` makes of a message for the file's name."""
    slug = "_".join(_SLUG.findall(message)).lower()
    if len(slug) > _LONGEST_SLUG:
        slug = slug[:_LONGEST_SLUG].rsplit("_", 1)[0] + "_"
    return slug


def path_of(failed: File, identity: str, revision: str, message: str, title: str) -> str:
    """The path of the resume's file, named as the failed one's is: its revision and its slug changed."""
    folder, slash, name = failed.path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    old, new = slug_of(message), slug_of(title)
    said = stem.replace(identity, revision, 1) if identity in stem else stem
    at = said.rfind(old.rstrip("_")) if old else -1
    if at >= 0:
        said = said[:at] + new
    elif said == stem or not old:
        said = f"{said}_resume"
    else:
        # A slug that somebody chose is kept, with a word before it.
        head, own, slug = said.partition(revision)
        said = f"{head}{own}{slug[:1]}finish{slug}" if slug else said
    return f"{folder}{slash}{said}{dot}{ending}"


def changes(request: Request, failed: str, revision: str) -> tuple[Change, ...]:
    """The revisions that came right behind the failed one come behind its resume."""
    found = []
    for item in request.following:
        if failed not in item.needs or item.identity == revision:
            continue
        file = request.files.get(item.path)
        if file is None:
            raise CannotResume(
                f"{item.path} is behind {failed} and could not be read", "Make it readable, and ask again"
            )
        edits = tuple(_moved(file, item, failed, revision))
        found.append(
            Change(
                item.path, edits, f"{item.identity} comes behind the resume now, not right behind {failed}"
            )
        )
    return tuple(found)


def _moved(file: File, item: Item, failed: str, revision: str) -> Iterator[Edit]:
    """The edits that make one revision name another as the one before it."""
    program = Program(file.text)
    strings = [node for name in _BEFORE for node in _strings(program, name) if _means(program, node, failed)]
    if not strings:
        raise CannotResume(
            f"{item.path} says in other words than a plain text that it comes behind {failed}",
            f"Write its down_revision as {failed!r}, and ask again",
        )
    doc = _docstring(program)
    if doc is not None:
        whole = program.tree.span(doc)
        for line in re.finditer(r"^Revises:.*$", file.text[whole.start : whole.end], re.MULTILINE):
            at = line[0].find(failed)
            if at >= 0:
                start = whole.start + line.start() + at
                yield Edit(Span(start, start + len(failed)), revision)
    for node in strings:
        span = program.tree.span(node)
        yield Edit(span, revision)


def _strings(program: Program, name: str) -> Iterator[Node]:
    """The contents of the strings that the last assignment to a name holds."""
    found: Node | None = None
    for statement in program.tree.root.named_children:
        first = statement.named_children[0] if statement.named_child_count else None
        if first is None or first.type != "assignment":
            continue
        left = first.child_by_field_name("left")
        if left is not None and program.tree.said(left) == name:
            found = first.child_by_field_name("right")
    pending = [found] if found is not None else []
    for node in pending:
        if node.type == "string_content":
            yield node
        elif node.type in ("string", "tuple", "list", "set", "parenthesized_expression", "expression_list"):
            pending += node.named_children


def _means(program: Program, node: Node, failed: str) -> bool:
    """Whether a string names the failed revision: in full, or by a beginning, as Alembic allows."""
    said = program.tree.said(node)
    return said == failed or (len(said) > 3 and failed.startswith(said))


def _docstring(program: Program) -> Node | None:
    first = program.tree.root.named_children[0] if program.tree.root.named_child_count else None
    inner = first.named_children[0] if first is not None and first.named_child_count else None
    return inner if inner is not None and inner.type == "string" else None
