"""Which MetaData env.py hands to Alembic, followed from module to module, and the naming convention that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from partway.tools.alembic.modules import HOPS, found, module
from partway.tools.beside import Beside
from partway.tools.embedded import HOLE
from partway.tools.python_functions import returned
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Member, Ref, listed
from partway.tools.trees import query

if TYPE_CHECKING:
    from tree_sitter import Node

#: None where there is a convention, or may be one, that nobody can read; empty where there is none.
Convention = Mapping[str, str] | None

#: What makes a MetaData of its own where it is not handed one.
_MAKES = frozenset(("declarative_base", "automap_base", "registry", "SQLAlchemy"))
#: What has a MetaData without a convention, until somebody gives it one.
_BASES = frozenset(("DeclarativeBase", "DeclarativeBaseNoMeta", "SQLModel"))
#: `import app.models`, of which a file's imports know `app` alone.
_LOADED = re.compile(r"^[ \t]*import[ \t]+(\w+(?:\.\w+)+)", re.MULTILINE)
#: By these words models, and what makes them, have their MetaData.
_HOLDS = frozenset(("", "metadata", "registry", "registry.metadata", "Model.metadata"))
_HANDED = ("metadata", "registry", "model_class")
#: So many values are followed for one env.py: a name through modules, a class through its bases.
_MOST = 3 * HOPS


class Following:
    """Follows one env.py's metadata; `relied` are the files that it led through."""

    def __init__(self, beside: Beside) -> None:
        self.relied: list[str] = []
        self._beside = beside
        self._left = _MOST

    def convention(self, value: object, program: Program, path: str) -> Convention:
        """The naming convention of the metadata that this value is in the program at this path."""
        self._left -= 1
        if self._left < 0:
            return None
        assigned = _conventions(program, "assigned")
        if assigned:
            return self._names(assigned[0], path) if len(assigned) == 1 else None
        if value is None or listed(value) is not None:
            return {}  # Alembic asks a single MetaData only
        if isinstance(value, Call):
            return self._made(value, program, path)
        if isinstance(value, Member):
            return self.convention(value.of, program, path) if value.name in ("Model", *_HANDED) else None
        return self._called(value.path, program, path) if isinstance(value, Ref) else None

    def _made(self, call: Call, program: Program, path: str) -> Convention:
        """Of what a call makes: a MetaData, or something that has one."""
        if call.name == "MetaData":
            return self._names(call.get("naming_convention"), path)
        if call.name == "generate_base":
            return self.convention(call.receiver, program, path)
        if call.name in _MAKES:
            handed = next((word for word in _HANDED if call.argument(word) is not None), "")
            if handed or not call.complete:
                return self.convention(call.get(handed), program, path)
            return {}
        given = returned(program, call, 0)
        return self.convention(given, program, path) if given is not None else None

    def _called(self, name: str, program: Program, path: str) -> Convention:
        """Of what has this dotted name, in this file or in another one of the project."""
        first, _, rest = name.partition(".")
        if first in program.classes and rest in _HOLDS:
            return self._of_class(first, program, path)
        if first in program.constants:
            node = program.constants[first]
            if node is not None:
                return self.convention(_dotted(Scope(program).value(node), rest), program, path)
        if first in {*program.classes, *program.constants, *program.functions}:
            return self._only(program, path)
        file, inside = found(name, path, self._beside)
        if not file or file == path:
            return self._nobodys(name, program, path)
        self.relied.append(file)
        other = module(file, self._beside)
        first, _, rest = inside.partition(".")
        if first in {*other.classes, *other.constants, *other.functions}:
            return self.convention(Ref(inside), other, file)
        sources = (
            [other.imports[first]]
            if first in other.imports
            else [f"{one}.{first}" for one in other.wildcards]
        )
        known = (self.convention(_dotted(Ref(source), rest), other, file) for source in sources)
        return next((one for one in known if one is not None), None)

    def _of_class(self, name: str, program: Program, path: str) -> Convention:
        """Of a class of models: its own, or its bases'."""
        scope, definition = Scope(program), program.classes[name]
        for word in ("metadata", "registry"):
            own = _in_body(definition, word, program)
            if own is not None:
                return self.convention(scope.value(own), program, path)
        bases = definition.child_by_field_name("superclasses")
        for base in bases.named_children if bases is not None else ():
            value = scope.value(base)
            if base.type in ("identifier", "attribute", "call") and value != Ref(name):
                known = self.convention(value, program, path)
                if known is not None:
                    return known
        return self._only(program, path)

    def _nobodys(self, name: str, program: Program, path: str) -> Convention:
        """Of what is not the project's own. All models of SQLModel share one MetaData, which any module that is loaded
        can give a convention: those are asked that this file imports."""
        last = name.split(".")[-2:]
        if _BASES.isdisjoint(last):
            return None
        loaded = (*program.imports.values(), *_LOADED.findall(program.text)) if "SQLModel" in last else ()
        for source in loaded:
            file, _ = found(source, path, self._beside)
            self._left -= 1
            if not file or file == path or self._left < 0:
                continue
            self.relied.append(file)
            assigned = _conventions(module(file, self._beside), "assigned")
            if assigned:
                return self._names(assigned[0], file)
        return {}

    def _only(self, program: Program, path: str) -> Convention:
        """The one convention in the file that defines the metadata, in a way that nobody can follow."""
        given = _conventions(program, "convention")
        return self._names(given[0], path) if len(given) == 1 else None

    def _names(self, value: object, path: str) -> Convention:
        """A convention's templates; a name is unknown where its template is no plain text."""
        if value is None:
            return {}
        if isinstance(value, Ref):
            self._left -= 1
            file, name = found(value.path, path, self._beside)
            if not file or file == path or self._left < 0:
                return None
            self.relied.append(file)
            other = module(file, self._beside)
            return self._names(Scope(other).look_up(name), file) if name not in other.classes else None
        if not isinstance(value, dict):
            return None
        return {str(key): str(each) if isinstance(each, Text) else HOLE for key, each in value.items()}


def _dotted(value: object, rest: str) -> object:
    for name in filter(None, rest.split(".")):
        value = Ref(f"{value.path}.{name}") if isinstance(value, Ref) else Member(value, name)
    return value


def _conventions(program: Program, capture: str) -> list[object]:
    """The conventions in a file: handed to something that is made ("convention"), or given to it later ("assigned")."""
    if "naming_convention" not in program.text:
        return []
    nodes = program.tree.captures(query("python", "alembic/env.scm")).get(capture, [])
    return [Scope(program).value(node) for node in nodes]


def _in_body(definition: Node, name: str, program: Program) -> Node | None:
    """What a class assigns to a name in its body."""
    body = definition.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        first = statement.named_children[0] if statement.named_child_count else None
        if statement.type == "expression_statement" and first is not None and first.type == "assignment":
            left = first.child_by_field_name("left")
            if left is not None and program.tree.said(left) == name:
                return first.child_by_field_name("right")
    return None
