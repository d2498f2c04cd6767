"""The author's own text of a call, for a file where it stands by itself: with the names resolved that it takes from
around it, and moved to the first column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from partway.core.edit import Edit, apply_edits
from partway.core.source import Span
from partway.tools.embedded import HOLE
from partway.tools.rails.bound import Connection, Direction, Records, Table
from partway.tools.rails.literals import TEXTS, literal
from partway.tools.rails.program import Model, Program
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import UNKNOWN
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from tree_sitter import Node

#: Stands before a line that must not be indented: it is inside a string.
FIXED: Final = "\0"
_PARAMETERS = frozenset(("block_parameters", "lambda_parameters", "method_parameters", "exception_variable"))
#: What gives the same when it is asked again, as far as that matters.
_STEADY = re.compile(r"(?:Time|Date|DateTime|ENV|Rails|connection|ActiveRecord::Base)\b")


class Wording:
    """Writes calls of one migration once more. `needed` are the constants, models and methods of the file that what was
    written uses."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tree = program.tree
        self.needed: dict[str, None] = {}
        self._waiting: list[str] = []  # bodies of heredocs, which stand behind the line that begins them

    def of(self, node: Node, scope: Scope | None, changes: Iterable[Edit] = ()) -> str:
        """A construct's text, heredocs included. Raises CannotResume where it uses what only a run would tell."""
        self._waiting.clear()
        text = self._text(node, scope if scope is not None else Scope(self.program), [*changes])
        return "".join([text, *self._waiting])

    def _text(self, node: Node, scope: Scope, changes: list[Edit]) -> str:
        edits = [*changes, *self._resolved(node, scope, changes)]
        for body in self._bodies(node):
            if body.start_byte >= node.end_byte:
                self._waiting.append(self._moved(body, node, self._resolved(body, scope, [])))
        return self._moved(node, node, edits)

    def comments(self, node: Node) -> list[str]:
        """The comments on the lines right above a construct."""
        found: list[str] = []
        row, at = node.start_point[0], node.prev_sibling
        if at is None and node.parent is not None and node.parent.type in ("body_statement", "block_body"):
            at = node.parent.prev_sibling  # above the first statement
        while at is not None and at.type == "comment" and at.start_point[0] == row - 1:
            line = self.tree.data.rfind(b"\n", 0, at.start_byte) + 1
            if self.tree.data[line : at.start_byte].strip():
                break  # it stands behind what is on its line
            found.insert(0, self.tree.said(at))
            row, at = row - 1, at.prev_sibling
        return found

    # Where it stands --------------------------------------------------------------------------------------------------

    def _moved(self, part: Node, whole: Node, edits: list[Edit]) -> str:
        """The text of a part, each line moved to the left by what the whole is indented."""
        text, span = self.tree.text, self.tree.span(part)
        first = self.tree.span(whole).start
        line = text.rfind("\n", 0, first) + 1
        indent = len(text[line:first]) - len(text[line:first].lstrip())
        strings = list(self._strings(part))
        found = list(edits)
        at = text.find("\n", span.start, span.end)
        while at >= 0:
            start = at + 1
            if any(each.start < start <= each.end for each in strings):
                found.append(Edit(Span(start, start), FIXED))
            else:
                blank = len(text[start : start + indent]) - len(text[start : start + indent].lstrip(" \t"))
                found.append(Edit(Span(start, start + blank), ""))
            at = text.find("\n", start, span.end)
        kept = [each for each in found if not _inside_another(each, found)]
        moved = [
            Edit(Span(each.span.start - span.start, each.span.end - span.start), each.text) for each in kept
        ]
        return apply_edits(
            text[slice(*span)], [each for each in moved if each.text or each.span[0] < each.span[1]]
        )

    def _strings(self, node: Node) -> Iterator[Span]:
        """The strings in it whose lines mean what they are, indentation included."""
        for each in _all(node):
            if each.type in ("string", "delimited_symbol", "regex", "subshell") or (
                each.type == "heredoc_body" and not self._dedents(each)
            ):
                yield self.tree.span(each)

    def _dedents(self, body: Node) -> bool:
        """Whether this is the body of a heredoc that takes its indentation away: `<<~SQL`."""
        begins = (each for each in _all(self.tree.root) if each.type == "heredoc_beginning")
        return any(self.program.heredoc(each) == body and self.tree.said(each)[2:3] == "~" for each in begins)

    def _bodies(self, node: Node) -> list[Node]:
        begins = (each for each in _all(node) if each.type == "heredoc_beginning")
        return [body for each in begins if (body := self.program.heredoc(each)) is not None]

    # What its names stand for -----------------------------------------------------------------------------------------

    def _resolved(self, node: Node, scope: Scope, changes: list[Edit]) -> list[Edit]:
        """The edits that put in place what local names stand for; the file's own names are noted."""
        own = set(_own_names(self.tree.said, node))
        found: list[Edit] = []
        for each in _all(node):
            span = self.tree.span(each)
            if any(change.span.start <= span.start and span.end <= change.span.end for change in changes):
                continue
            kind, said = each.type, self.tree.said(each) if each.named_child_count == 0 else ""
            if kind == "constant":
                self.need(said)
            elif kind in ("instance_variable", "class_variable"):
                raise CannotResume(
                    f"{said} is set elsewhere, and only a run of the whole migration would tell what it is",
                    "Write what it stands for in its place, and ask again",
                )
            elif kind == "identifier" and said not in own:
                edit = self._name(each, said, scope)
                if edit is not None:
                    found += [edit, *self._here(each, node)]
            elif kind == "hash_key_symbol" and said not in own and _is_short(each) and scope.holds(said):
                found.append(Edit(Span(span.end + 1, span.end + 1), f" {self._value(each, said, scope)}"))
        return found

    def _here(self, name: Node, node: Node) -> list[Edit]:
        """The edit that puts the body of a heredoc, which a name stood for, behind its line inside the construct."""
        end = self.tree.text.find("\n", self.tree.span(name).end)
        if not self._waiting or not self.tree.span(node).start <= end < self.tree.span(node).end:
            return []
        return [Edit(Span(end, end), self._waiting.pop())]

    def _name(self, node: Node, said: str, scope: Scope) -> Edit | None:
        parent = node.parent
        if parent is None or parent.type in _PARAMETERS:
            return None
        if parent.type == "call" and parent.child_by_field_name("method") == node:
            if parent.child_by_field_name("receiver") is None:
                self.need(said)
            return None
        if not scope.holds(said):
            self.need(said)
            return None
        if isinstance(scope.get(said), (Table, Connection, Direction)):
            return None
        if parent.type == "interpolation":
            value = scope.get(said)
            if (
                isinstance(value, (str, int))
                and HOLE not in str(value)
                and not set(str(value)) & set('"\\#\n')
            ):
                return Edit(self.tree.span(parent), str(value))
        return Edit(self.tree.span(node), self._value(node, said, scope))

    def _value(self, node: Node, said: str, scope: Scope) -> str:
        """What a local name stands for, as text."""
        origin = scope.origin(said)
        value = scope.get(said)
        if origin is not None and self._can_stand_for(origin, value):
            return self._origin(origin, scope)
        written = literal(value, symbols=self._names_something(node))
        if written is None:
            raise CannotResume(
                f"only a run would tell what {said} stands for in `{self._line(node)}`",
                "Write its value in its place, and ask again",
            )
        return written

    def _origin(self, origin: Node, scope: Scope) -> str:
        if origin.type == "heredoc_beginning":
            body = self.program.heredoc(origin)
            if body is not None:
                self._waiting.append(self._moved(body, origin, self._resolved(body, scope, [])))
            return self.tree.said(origin)
        return self._text(origin, scope, [])

    def _can_stand_for(self, origin: Node, value: object) -> bool:
        """Whether an expression gives, where a name stands that it was given, what it gave then."""
        if origin.type in ("heredoc_beginning", "string", "simple_symbol", "symbol_array", "string_array"):
            return True
        if isinstance(value, (Records, Model)):
            return True  # asked for where it is used
        if value is not UNKNOWN:
            return False
        calls = [each for each in _all(origin) if each.type == "call"]
        return bool(calls) and _STEADY.match(self.tree.said(origin)) is not None

    def _names_something(self, node: Node) -> bool:
        """Whether a plain name would be a symbol here."""
        at: Node | None = node
        while at is not None and at.type not in ("argument_list", "pair"):
            at = at.parent
        if at is None:
            return False
        if at.type == "pair":
            return self.tree.said(at.named_children[0]).strip(":'\"") not in TEXTS
        call = at.parent
        method = call.child_by_field_name("method") if call is not None else None
        return method is None or not self.tree.said(method).startswith("exec")

    def _line(self, node: Node) -> str:
        row = node.start_point[0]
        return self.tree.text.splitlines()[row].strip()

    # What else it needs -----------------------------------------------------------------------------------------------

    def need(self, name: str) -> None:
        """Note a constant, a model or a method of the file, and what that uses in turn."""
        found = self.program.definition(name)
        if found is None or name in self.needed:
            return
        self.needed[name] = None
        for each in _all(found):
            if each.type in ("constant", "identifier"):
                self.need(self.tree.said(each))

    def definition(self, name: str) -> str:
        """The text of a constant, a model or a method of the file."""
        found = self.program.definition(name)
        if found is None:
            return ""
        bodies = [each for each in self._bodies(found) if each.start_byte >= found.end_byte]
        text = "".join([self._moved(found, found, []), *(self._moved(each, found, []) for each in bodies)])
        return "\n".join([*self.comments(found), text])


def _all(node: Node) -> Iterator[Node]:
    """A node and all below it, in order."""
    left = [node]
    while left:
        each = left.pop()
        yield each
        left += reversed(each.named_children)


def _is_short(key: Node) -> bool:
    """Whether this is `name:`, which is short for `name: name`."""
    return key.parent is not None and key.parent.named_child_count == 1


def _own_names(said: Callable[[Node], str], node: Node) -> Iterator[str]:
    """The names that a construct gives itself: parameters of its blocks, variables set in it."""
    for each in _all(node):
        if each.type in _PARAMETERS:
            yield from (said(child) for child in _all(each) if child.type == "identifier")
        elif each.type in ("assignment", "operator_assignment"):
            left = each.child_by_field_name("left")
            if left is not None and left.type == "identifier":
                yield said(left)


def _inside_another(edit: Edit, edits: list[Edit]) -> bool:
    start, end = edit.span
    return any(
        other is not edit and other.span.start <= start and end <= other.span.end and other.span != edit.span
        for other in edits
        if other.span.start < other.span.end
    )
