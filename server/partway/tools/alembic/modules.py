"""The project's other modules, found by the paths of imports and read as programs: models, metadata."""

from __future__ import annotations

from partway.tools.alembic.data import class_constant
from partway.tools.beside import Beside
from partway.tools.python_program import Program
from partway.tools.python_strings import Text

_ROOTS = ("src/", "app/", "lib/")
#: A name is followed from module to module so often.
HOPS = 6
_BIGGEST = 400_000


def found(origin: str, path: str, beside: Beside) -> tuple[str, str]:
    """The file of the module in a path such as `app.models.Base.metadata`, the longest that there is, and the name in
    it; empty where there is none. `path` is the file that imports it."""
    dots = len(origin) - len(origin.lstrip("."))
    parts = origin[dots:].split(".")
    for length in range(len(parts), 0, -1):
        file = _file(origin[:dots] + ".".join(parts[:length]), path, beside)
        if file:
            return file, ".".join(parts[length:]) or parts[-1]
    return "", ""


def _file(module: str, path: str, beside: Beside) -> str:
    """The file of a module, looked for from the project's top and from each folder above the file that imports it."""
    folders = path.split("/")[:-1]
    if module.startswith("."):
        dots = len(module) - len(module.lstrip("."))
        base = folders[: len(folders) - (dots - 1)] if dots > 1 else folders
        tries = ["".join(f"{folder}/" for folder in base)]
        module = module.lstrip(".")
    else:
        tries = [
            "".join(f"{folder}/" for folder in folders[:number]) for number in range(len(folders), -1, -1)
        ]
        tries += _ROOTS
    steps = module.split(".") if module else []
    for start in tries:
        whole = start + "/".join(steps)
        folder, _, last = whole.rpartition("/")
        if steps and beside.names(folder).get(f"{last}.py") is False:
            return f"{whole}.py"
        if beside.names(whole.rstrip("/")).get("__init__.py") is False:
            return f"{whole.rstrip('/')}/__init__.py"
    return ""


def module(path: str, beside: Beside) -> Program:
    """A module, read once."""
    key = ("alembic.module", path)
    known: Program | None = beside.memory.get(key)
    if known is None:
        known = beside.memory[key] = Program(beside.text(path)[:_BIGGEST])
    return known


def table_name(origin: str, path: str, beside: Beside) -> Text | None:
    """`__tablename__` of the model with this path; None where it cannot be read."""
    key = ("alembic.model", origin)
    if key not in beside.memory:
        beside.memory[key] = _table_name(origin, path, beside)
    name, relied = beside.memory[key]
    for each in relied:
        beside.rely(each)
    return name if isinstance(name, Text) else None


def _table_name(origin: str, path: str, beside: Beside) -> tuple[object, tuple[str, ...]]:
    relied: list[str] = []
    for _ in range(HOPS):
        file, name = found(origin, path, beside)
        if not file or not name:
            break
        relied.append(file)
        program = module(file, beside)
        if name in program.classes:
            return class_constant(program, name, "__tablename__"), tuple(relied)
        path, origin = file, program.imports.get(name, "")
        if not origin:
            break
    return None, tuple(relied)
