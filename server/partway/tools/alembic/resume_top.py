"""The top of a resume's file: what it is, what was found, and the identifiers that Alembic reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from partway.core.edit import Edit
from partway.core.source import Span
from partway.tools.alembic.asking import Words
from partway.tools.alembic.wrapping import WIDTH
from partway.tools.python_program import Program
from partway.tools.resuming import Request, named

if TYPE_CHECKING:
    from tree_sitter import Node

_PROMISE = (
    "Each step runs only where it has not run yet: a database on which all of them have run stays as it is."
)
_FIELD = re.compile(r"(Revision ID|Revises|Create Date)\s*:")


def title_of(program: Program) -> tuple[str, str]:
    """The failed revision's message, empty if it has none, and the resume's."""
    doc = docstring(program)
    lines = _text(program, doc).strip().splitlines() if doc is not None else []
    message = lines[0].strip() if lines and not _FIELD.match(lines[0]) else ""
    if not message:
        return "", "finish a revision that stopped half way"
    first = message.split(" ")[0]
    lowered = message if first.isupper() and len(first) > 1 else message[0].lower() + message[1:]
    return message, f"finish: {lowered}".rstrip(".")


def top_edits(request: Request, program: Program, revision: str, words: Words) -> Iterator[Edit]:
    """The edits of the docstring and the identifiers."""
    failed = request.migration.identity
    doc = docstring(program)
    text = f'"""{_doc(request, program, doc, revision)}\n\n"""'
    if doc is not None:
        yield Edit(program.tree.span(doc), text)
    else:
        yield Edit(Span(0, 0), f"{text}\n\n")
    values = {
        "revision": words.string(revision),
        "down_revision": words.string(failed),
        "branch_labels": "None",
        "depends_on": "None",
    }
    for statement in program.tree.root.named_children:
        first = statement.named_children[0] if statement.named_child_count else None
        if first is None or first.type != "assignment":
            continue
        left, right = first.child_by_field_name("left"), first.child_by_field_name("right")
        if left is not None and right is not None and program.tree.said(left) in values:
            yield Edit(program.tree.span(right), values[program.tree.said(left)])


def docstring(program: Program) -> Node | None:
    """The string at the top of the file."""
    for node in program.tree.root.named_children:
        if node.type == "comment":
            continue
        inner = node.named_children[0] if node.named_child_count else None
        return inner if inner is not None and inner.type == "string" else None
    return None


def _text(program: Program, node: Node) -> str:
    return "".join(
        program.tree.said(child) for child in node.named_children if child.type == "string_content"
    )


def _doc(request: Request, program: Program, doc: Node | None, revision: str) -> str:
    """What the resume says of itself."""
    failed, found = request.migration.identity, request.found
    fields = {"Revision ID": revision, "Revises": failed}
    if found is not None:
        fields["Create Date"] = found.when
    paragraphs = [title_of(program)[1]]
    old = _text(program, doc) if doc is not None else ""
    lines = []
    for line in old.splitlines():
        match = _FIELD.match(line.strip())
        if match is not None:
            lines.append(f"{match[1]}: {fields[match[1]]}" if match[1] in fields else line.rstrip())
    paragraphs += ["\n".join(lines)] if lines else []
    if found is not None:
        paragraphs.append(
            fill(f"Found on {found.database}, {found.when}: {found.sentence.rstrip('.')}.", WIDTH)
        )
    else:
        paragraphs.append(fill(f"{failed} is taken to have stopped half way; no database was asked.", WIDTH))
    paragraphs.append(fill(_PROMISE, WIDTH))
    paragraphs += [fill(said, WIDTH) for said in request.only_here]
    for one in request.left_out:
        said = f"Left out, since it has run there and must not run twice: {named(one.operation)}; {one.why}."
        paragraphs.append(fill(said, WIDTH))
    return _safe("\n\n".join(paragraphs))


def _safe(text: str) -> str:
    """Text for a docstring."""
    return text.replace("\\", "\\\\").replace('"""', "'''").rstrip('"')
