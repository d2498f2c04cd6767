"""Functions of RunPython of which a second run plainly leaves all rows as the first did: they give constants to rows
that are chosen by what they do not change, fill columns of rows that have nothing there, or change no row at all.

What is not one of a few plain forms is not said to be one: a column that is read and written, a loop over anything
else, a call of what the file does not define.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partway.tools.django.settled_changes import Found
from partway.tools.django.settled_functions import bound, changes_nothing, definition, tells
from partway.tools.django.settled_making import MAKES, call_of, make
from partway.tools.django.settled_rows import Chosen, Loop, NotPlain, Rows, compared
from partway.tools.django.settled_values import Values
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_WRITES: Final = ("update(", ".save(", "bulk_update(", "_or_create(")
_PASSED: Final = frozenset(("comment", "pass_statement", "continue_statement"))
_BULK_UPDATE: Final = r"django_bulk_update(?:\.\w+)*"
_DEEPEST: Final = 12
_MOST_CALLS: Final = 50


def is_settled(text: str, name: str) -> bool:
    """Whether this is so of the function of this name at the top level of a file."""
    defined = definition(text, name) if name.isidentifier() else None
    if defined is None:
        return False
    tree, node = defined
    body = node.child_by_field_name("body")
    if body is not None and changes_nothing(Values(tree, text), body):
        return True
    if not any(word in text for word in _WRITES):
        return False
    try:
        return _Function(tree, Values(tree, text), Found(), (name,)).is_settled(node)
    except NotPlain:
        return False


class _Function:
    """One function, read statement by statement. `inside` are the names of those that have called it, and its own,
    `conditions` what the columns are that each condition around a statement asks for."""

    def __init__(self, tree: Tree, values: Values, found: Found, inside: tuple[str, ...]) -> None:
        self.tree = tree
        self.values = values
        self.found = found
        self.inside = inside
        self.rows = Rows(tree, values)
        self.lists: set[str] = set()
        self.conditions: list[Callable[[], set[str] | None]] = []

    def is_settled(self, definition: Node) -> bool:
        parameters = definition.child_by_field_name("parameters")
        body = definition.child_by_field_name("body")
        names = parameters.named_children if parameters is not None else []
        if body is None or len(names) != 2:
            return False
        self.rows.apps = self.tree.said(names[0]).partition(":")[0].strip()
        self.values.taken.update((self.rows.apps, self.tree.said(names[1]).partition(":")[0].strip()))
        self._block(body, 0)
        return self.found.is_settled

    def _block(self, block: Node, depth: int) -> None:
        if depth > _DEEPEST:
            raise NotPlain
        children = block.named_children
        for at, node in enumerate(children):
            kind = node.type
            if kind in _PASSED:
                continue
            if kind == "expression_statement" and node.named_child_count == 1:
                self._expression(node.named_children[0])
            elif kind == "for_statement":
                self._for(node, depth)
            elif kind == "if_statement":
                self._if(node, depth)
            elif kind == "with_statement":
                said = self.tree.said(node).partition(":")[0]
                body = node.child_by_field_name("body")
                if not re.fullmatch(r"with\s+(?:transaction\.)?atomic\([^()]*\)\s*", said) or body is None:
                    raise NotPlain
                self._block(body, depth + 1)
            elif kind == "try_statement" and not depth:
                self._try(node, depth)
            elif kind == "import_from_statement":
                self._import(node)
            elif kind != "return_statement" or depth or at + 1 < len(children) or not self._is_nothing(node):
                raise NotPlain

    def _is_nothing(self, node: Node) -> bool:
        """Whether what a statement is made of changes nothing."""
        return all(map(self.values.is_pure, node.named_children))

    def _for(self, node: Node, depth: int) -> None:
        left, right, body = (node.child_by_field_name(name) for name in ("left", "right", "body"))
        has_else = node.child_by_field_name("alternative") is not None
        if left is None or right is None or body is None or has_else:
            raise NotPlain
        chosen = self._selection(right)
        name = self._new_name(left)
        self.rows.loops.append(Loop(name, chosen))
        self._block(body, depth + 1)
        self.rows.loops.pop()
        self.values.taken.discard(name)

    def _try(self, node: Node, depth: int) -> None:
        """A `try` whose handlers only say what has happened."""
        for child in node.named_children:
            if child.type == "block":
                self._block(child, depth + 1)
            elif child.type == "except_clause":
                body = next((each for each in child.named_children if each.type == "block"), None)
                if body is None or not all(tells(self.values, one) for one in body.named_children):
                    raise NotPlain
            elif child.type != "comment":
                raise NotPlain

    def _import(self, node: Node) -> None:
        """An import of models; of anything else the names could be any."""
        module = node.child_by_field_name("module_name")
        if module is None or "models" not in self.tree.said(module).split("."):
            raise NotPlain
        names = {self.tree.said(each).rpartition(" ")[2] for each in node.children_by_field_name("name")}
        if names & self.values.taken:
            raise NotPlain

    def _if(self, node: Node, depth: int) -> None:
        condition = node.child_by_field_name("condition")
        if condition is None or not self.values.is_pure(condition):
            raise NotPlain
        self.conditions.append(lambda: self.values.made_of(condition, self._in_hand()))
        for child in node.named_children:
            if child.type == "block":
                self._block(child, depth + 1)
            elif child.type == "elif_clause":
                self._if(child, depth + 1)
            elif child.type == "else_clause":
                body = child.child_by_field_name("body")
                if body is not None:
                    self._block(body, depth + 1)
        self.conditions.pop()

    def _expression(self, node: Node) -> None:
        if node.type == "string":
            return
        if node.type == "assignment":
            self._assignment(node)
        elif node.type == "call":
            self._call(node)
        else:
            raise NotPlain

    def _assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.type == "assignment":
            raise NotPlain
        if left.type == "attribute":
            owner, column = left.child_by_field_name("object"), left.child_by_field_name("attribute")
            loop = next((one for one in self.rows.loops if owner and self.tree.said(owner) == one.name), None)
            if loop is None or column is None:
                raise NotPlain
            self.found.assigns += 1
            self._change(self.tree.said(column), right, loop.chosen, loop.name)
            return
        said = self.tree.said(left)
        if right.type == "list" and not right.named_child_count:
            if said not in self.lists:
                self.lists.add(self._new_name(left))
        elif (made := call_of(self.rows, right)) is not None:
            self._made(left, right, steady=make(self.rows, self.found, made, self.conditions))
        elif model := self.rows.model(right):
            self.rows.models[self._new_name(left)] = model
        elif (chosen := self.rows.chosen(right)) is not None:
            self.rows.named[self._new_name(left)] = chosen
        elif self.values.is_pure(right):
            if said in self.values.taken and said not in self.values.locals:
                raise NotPlain
            self.values.locals.add(said)
            self.values.taken.add(said)
        else:
            raise NotPlain

    def _made(self, left: Node, right: Node, *, steady: bool) -> None:
        """Names for a row that is made where it is missing, and for whether it was."""
        names = left.named_children if left.type in ("pattern_list", "tuple_pattern") else [left]
        if len(names) != (1 if right.type == "subscript" else 2):
            raise NotPlain
        row = self._new_name(names[0])
        if steady:
            self.values.constants[row] = row
        else:
            self.values.locals.add(row)
        for name in map(self.tree.said, names[1:]):
            if name in self.values.taken and name not in self.values.locals:
                raise NotPlain
            self.values.locals.add(name)
            self.values.taken.add(name)

    def _call(self, node: Node) -> None:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or given is None:
            raise NotPlain
        arguments = [child for child in given.named_children if child.type != "comment"]
        if self.tree.said(function) == "print" and all(map(self.values.is_pure, arguments)):
            return
        if self.tree.said(function) == "bulk_update" and self.values.is_imported("bulk_update", _BULK_UPDATE):
            self._bulk_update(arguments)
            return
        if function.type == "identifier":
            self._helper(self.tree.said(function), arguments)
            return
        owner, method = function.child_by_field_name("object"), function.child_by_field_name("attribute")
        if owner is None or method is None:
            raise NotPlain
        said, name = self.tree.said(owner), self.tree.said(method)
        if name in MAKES:
            make(self.rows, self.found, node, self.conditions)
        elif name == "update":
            self._update(self._selection(owner), arguments)
        elif name == "save" and any(said == one.name for one in self.rows.loops):
            keywords = {self.rows.keyword(one)[0] for one in arguments}
            if not keywords <= {"update_fields", "using"}:
                raise NotPlain
            self.found.saves = self.found.saves or "update_fields" not in keywords
        elif said in self.lists and name in ("append", "clear"):
            if name == "append" and not any(self.tree.said(one) in self._in_hand() for one in arguments):
                raise NotPlain
        elif name == "bulk_update" and self.rows.chosen(owner) is not None and arguments:
            if self.tree.said(arguments[0]) not in self.lists | self.rows.named.keys():
                raise NotPlain
        else:
            raise NotPlain

    def _helper(self, name: str, arguments: list[Node]) -> None:
        """A call of a function of the file: what that does, it does here."""
        self.found.calls += 1
        if name in self.inside or name in self.values.taken or self.found.calls > _MOST_CALLS:
            raise NotPlain
        defined = definition(self.values.text, name)
        given = bound(self.tree, arguments, *defined) if defined is not None else None
        body = defined[1].child_by_field_name("body") if defined is not None else None
        if defined is None or given is None or body is None:
            raise NotPlain
        inner = _Function(defined[0], self.values.of(defined[0]), self.found, (*self.inside, name))
        for parameter, value, is_here in given:
            inner.take(parameter, value, self if is_here else inner)
        inner.conditions += self.conditions
        inner._block(body, 0)

    def take(self, parameter: str, value: Node, caller: _Function) -> None:
        """Know a parameter by what the caller gives it."""
        said = caller.tree.said(value)
        loop = next((one for one in caller.rows.loops if one.name == said), None)
        if said == caller.rows.apps and not self.rows.apps:
            self.rows.apps = parameter
        elif loop is not None:
            self.rows.loops.append(Loop(parameter, loop.chosen))
        elif model := caller.rows.model(value):
            self.rows.models[parameter] = model
        elif (chosen := caller.rows.chosen(value)) is not None:
            self.rows.named[parameter] = chosen
        elif caller.values.constant(value) == set():
            self.values.constants[parameter] = caller.values.constants.get(said, said)
        elif said not in caller.lists and caller.values.is_pure(value):
            self.values.locals.add(parameter)
        else:
            raise NotPlain
        self.values.taken.add(parameter)

    def _bulk_update(self, arguments: list[Node]) -> None:
        """`bulk_update(rows, update_fields=[...])` of django-bulk-update, which saves these columns of each row."""
        keywords = {self.rows.keyword(one)[0] for one in arguments[1:]}
        if not arguments or self.tree.said(arguments[0]) not in self.lists:
            raise NotPlain
        if "update_fields" not in keywords or not keywords <= {"update_fields", "batch_size", "using"}:
            raise NotPlain

    def _update(self, chosen: Chosen, arguments: list[Node]) -> None:
        self.found.updates += 1
        for one in arguments:
            column, value = self.rows.keyword(one)
            self._change(column, value, chosen)

    def _change(self, column: str, value: Node, chosen: Chosen, row: str = "") -> None:
        """A column of these rows is given a value; `row` is the name of the one that it is assigned to."""
        column = compared(column)
        self.found.models.add(chosen.model if "." in chosen.model else "")
        self.found.surrounded |= bool(self.conditions or self.rows.loops) or not chosen.own
        self.found.asked |= chosen.asked
        self.found.empty |= chosen.nulls
        if column in chosen.nulls:
            if not self.values.is_pure(value):
                raise NotPlain
        else:
            read = self.values.constant(value)
            if read is None and row:
                read = self.values.made_of(value, {row})
                self.found.copied |= read or set()
            if read is None:
                raise NotPlain
            self.found.asked.update(map(compared, read))
            self.found.read.update(map(compared, read))
            for condition in self.conditions:
                names = condition()
                if names is None:
                    raise NotPlain
                self.found.asked.update(map(compared, names))
        self.found.changes.append((column, chosen.nulls))

    def _selection(self, node: Node) -> Chosen:
        chosen = self.rows.chosen(node)
        if chosen is None:
            raise NotPlain
        return chosen

    def _in_hand(self) -> set[str]:
        return {one.name for one in self.rows.loops}

    def _new_name(self, node: Node) -> str:
        """A name that stands for one thing alone."""
        said = self.tree.said(node)
        if node.type != "identifier" or said in self.values.taken:
            raise NotPlain
        self.values.taken.add(said)
        return said
